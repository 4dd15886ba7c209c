using System.Runtime.InteropServices;

namespace RedNote.Live;

/// <summary>
/// Which danmaku a frame shows when there are more than people can read: a token bucket that holds one second's worth,
/// so that a quiet room shows everything at once. What is exempt is always shown, and paid for by the others.
/// </summary>
/// <remarks>
/// Fair across senders: first come those of whom least was shown in the last seconds, this frame included, and among
/// equals those who sent least. So nobody who sent one message is left out for somebody who sent more, and a flood from
/// one sender costs the others nothing. What is still equal is ordered by a hash of the danmaku's number: nobody gains
/// by being first in a batch.
/// </remarks>
public sealed class DisplayBudget(LiveRoomOptions options)
{
    /// <summary>What was shown and sent is remembered for one to two of these, in milliseconds.</summary>
    private const long WindowMs = 5_000;

    private static readonly Comparer<Claim> WorstFirst =
        Comparer<Claim>.Create(static (one, other) => Compare(other, one));

    private readonly Dictionary<UserId, int> _rounds = [];
    private Dictionary<UserId, Share> _now = [];
    private Dictionary<UserId, Share> _before = [];
    private long _windowBegan;
    private long _filledAt;
    private double _tokens;
    private bool _began;

    private record struct Share(int Shown, int Sent);

    private readonly record struct Claim(int Round, int Sent, ulong Draw, int Index);

    /// <summary>Whether it knows no more than a new one: the bucket is full and the windows are past.</summary>
    public bool IsPast(long now) => now - _filledAt >= 2 * WindowMs;

    /// <summary>Marks in <paramref name="shown"/> what of <paramref name="waiting"/> the frame shows; the rest is left
    /// out.</summary>
    /// <param name="waiting">In order of number.</param>
    /// <param name="isExempt">Whose danmaku are never left out.</param>
    /// <param name="now">Unix ms; the clock may go back.</param>
    /// <param name="shown">As long as <paramref name="waiting"/>, all false.</param>
    public void Choose(ReadOnlySpan<Danmaku> waiting, Func<UserId, bool> isExempt, long now, Span<bool> shown)
    {
        Refill(now);
        Turn(now);
        foreach (var danmaku in waiting)
        {
            Of(danmaku.UserId).Sent++;
        }

        var bytes = options.FrameBytes;
        var claims = new List<Claim>(waiting.Length);
        for (var i = 0; i < waiting.Length; i++)
        {
            shown[i] = isExempt(waiting[i].UserId);
            if (shown[i])
            {
                _tokens--;
                bytes -= RoomFrames.WireBytes(waiting[i]);
            }
            else
            {
                claims.Add(Claimed(waiting[i], i));
            }
        }

        _rounds.Clear();
        var most = Math.Max(0, (int)Math.Floor(_tokens));
        if (claims.Count > most)
        {
            claims = First(claims, most);
        }

        foreach (var claim in CollectionsMarshal.AsSpan(claims))
        {
            bytes -= RoomFrames.WireBytes(waiting[claim.Index]);
            if (bytes < 0)
            {
                break;
            }

            shown[claim.Index] = true;
            _tokens--;
        }

        // Exempt ones run up a debt of one second at most.
        _tokens = Math.Max(_tokens, -options.DisplayBudgetPerSecond);
        Note(waiting, shown);
    }

    private void Note(ReadOnlySpan<Danmaku> waiting, ReadOnlySpan<bool> shown)
    {
        for (var i = 0; i < waiting.Length; i++)
        {
            if (shown[i])
            {
                Of(waiting[i].UserId).Shown++;
            }
        }
    }

    /// <summary>So many of the claims, the best first. A tick of a rush has thousands, of which a few dozen are shown:
    /// the others are compared with the worst of those and not put in order.</summary>
    private static List<Claim> First(List<Claim> claims, int most)
    {
        var best = new PriorityQueue<Claim, Claim>(most, WorstFirst);
        foreach (var claim in claims)
        {
            if (best.Count < most)
            {
                best.Enqueue(claim, claim);
            }
            else if (most > 0 && Compare(claim, best.Peek()) < 0)
            {
                best.DequeueEnqueue(claim, claim);
            }
        }

        var first = new List<Claim>(most);
        while (best.TryDequeue(out var worst, out _))
        {
            first.Add(worst);
        }

        first.Reverse();
        return first;
    }

    private static int Compare(Claim one, Claim other)
    {
        var order = one.Round.CompareTo(other.Round);
        order = order != 0 ? order : one.Sent.CompareTo(other.Sent);
        return order != 0 ? order : one.Draw.CompareTo(other.Draw);
    }

    private Claim Claimed(Danmaku danmaku, int index)
    {
        var past = _before.GetValueOrDefault(danmaku.UserId);
        var present = _now.GetValueOrDefault(danmaku.UserId);
        ref var round = ref CollectionsMarshal.GetValueRefOrAddDefault(_rounds, danmaku.UserId, out _);
        return new Claim(
            past.Shown + present.Shown + round++, past.Sent + present.Sent, Scatter((ulong)danmaku.Seq), index);
    }

    private void Refill(long now)
    {
        var budget = options.DisplayBudgetPerSecond;
        if (!_began)
        {
            (_began, _tokens, _windowBegan) = (true, budget, now);
        }
        else if (now > _filledAt)
        {
            _tokens = Math.Min(budget, _tokens + ((now - _filledAt) * budget / 1_000.0));
        }

        _filledAt = now;
    }

    private void Turn(long now)
    {
        if (now - _windowBegan is >= 0 and < WindowMs && _now.Count < options.DisplaySenders)
        {
            return;
        }

        (_before, _now) = (_now, _before);
        _now.Clear();
        _windowBegan = now;
    }

    private ref Share Of(UserId user) => ref CollectionsMarshal.GetValueRefOrAddDefault(_now, user, out _);

    /// <summary>The finaliser of SplitMix64 (Steele, Lea, Flood 2014): every bit of the number counts.</summary>
    private static ulong Scatter(ulong number)
    {
        number += 0x9E3779B97F4A7C15;
        number = (number ^ (number >> 30)) * 0xBF58476D1CE4E5B9;
        number = (number ^ (number >> 27)) * 0x94D049BB133111EB;
        return number ^ (number >> 31);
    }
}
