using RedNote.Embedded.Simulation;
using RedNote.Live;
using RedNote.Simulation.Rooms;

namespace RedNote.Simulation.Show;

/// <summary>
/// What was asked of a room in which people vote, ask, draw and say the same as others, and what was answered. Written
/// from the wire contract; nothing of the product decides here.
/// </summary>
internal sealed partial class ShowModel : RoomRecord
{
    private readonly Dictionary<(UserId User, string Key), Line> _keyed = [];
    private readonly Dictionary<(UserId User, string Text), Line> _others = [];
    private readonly Dictionary<UserId, List<Asked>> _open = [];
    private readonly TimeProvider _time;

    public ShowModel(SimulatedWorld world, RoomId id, UserId host, LiveRoomOptions bounds, TimeProvider time)
        : base(world, id, host, bounds)
    {
        _time = time;
        Stored.Sent = (user, key) => _keyed.GetValueOrDefault((user, key))?.Text;
        Stored.Cheered = FindCheer;
        Stored.Voted = (user, poll, choices) => _votes.Contains((user, poll, choices));
        Stored.Follows = MayFollow;
        Stored.FoundHeld = held => Find(held.User, held.Key, held.Text);
    }

    /// <summary>What the clock on the wall says, Unix ms.</summary>
    public long Wall => _time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>How often the clock was set.</summary>
    public int Jumps => World.Cluster.Faults.Count(FaultKind.ClockForward)
        + World.Cluster.Faults.Count(FaultKind.ClockBack);

    /// <summary>Somebody asks for something.</summary>
    public Asked Ask(UserId user)
    {
        Host.Refresh();
        var asked = new Asked(Known, Host.Head, Wall, Jumps);
        if (!_open.TryGetValue(user, out var open)) _open[user] = open = [];
        open.Add(asked);
        return asked;
    }

    /// <summary>And was answered; what was not may still be decided.</summary>
    public void Answered(UserId user, Asked asked)
    {
        Stored.Refresh();
        _open[user].Remove(asked);
    }

    public Line Write(UserId user, string text, string? key)
    {
        var line = new Line(user, text, key);
        if (key is null) _others[(user, text)] = line;
        else _keyed.TryAdd((user, key), line);
        return line;
    }

    /// <summary>Judges the verdict on a danmaku; false when one should ask again.</summary>
    public bool Decided(Line line, Asked asked, RoomAnswer? answer)
    {
        World.Cluster.Note($"'{line.Text}' of {line.User} with {line.Key}: {Tell(answer)}");
        Stored.Refresh();
        switch (answer)
        {
            case null or Verdict { Status: VerdictStatus.Rejected, Reason: RejectReason.TryAgain }:
                line.IsOpen = true;
                return false;
            case Verdict { Status: VerdictStatus.Accepted, Seq: { } seq, Reason: null }:
                Accept(line, seq);
                break;
            case Verdict { Status: VerdictStatus.Merged, Seq: { } seq, Reason: null }:
                var merge = line.Key is null ? null : Stored.MergedAs(line.User, line.Key);
                Require(merge?.Seq == seq, $"'{line.Text}' of {line.User} is told to be one of {seq}, and is {merge}");
                Settle(line, VerdictStatus.Merged, seq, merge!.Version);
                break;
            case Verdict { Status: VerdictStatus.Held, HeldId: { } heldId, Reason: null }:
                var isHeld = Stored.Held.TryGetValue(heldId, out var held) && held.User == line.User
                    && held.Key == line.Key && IsText(held.Text, line.Text);
                Require(isHeld, $"'{line.Text}' of {line.User} is told to wait as {heldId}, which is {held}");
                Settle(line, VerdictStatus.Held, heldId, held!.Version);
                break;
            case Verdict { Status: VerdictStatus.Rejected, Seq: null, Reason: { } reason } refusal:
                if (reason == RejectReason.RateLimited) return false;
                // Of a button that is hit twice the two answers may overtake each other.
                var wasSettled = line.Outcome is not null && line.SettledBy <= asked.Known
                    && !IsConflict(line, reason);
                Require(!IsBroken(wasSettled), $"'{line.Text}', {line.Outcome}, got {reason}");
                Require(
                    IsConflict(line, reason) || IsRefused(line.User, line.Text, asked, refusal),
                    $"'{line.Text}' of {line.User} was refused as {reason}, {refusal.RetryAfterMs}");
                break;
            default:
                Violate($"{answer} is no answer to a danmaku");
                break;
        }

        return true;
    }

    /// <summary>What must hold of the log when nothing is under way any more.</summary>
    public void CheckStored()
    {
        Stored.Refresh();
        CheckLikes();
        foreach (var line in _keyed.Values.Concat(_others.Values))
        {
            var isStored = line.IsFound || (line.Key is { } key
                && Stored.Bound(line.User, key) is not null);
            Require(isStored || line.Outcome is null, $"'{line.Text}' of {line.User} is {line.Outcome}, and lost");
            Require(
                !isStored || line.Outcome is not null || line.IsOpen,
                $"'{line.Text}' of {line.User} with {line.Key} was refused, and is stored");
        }

        CheckVotes();
    }

    protected override void Find(StoredDanmaku stored)
    {
        // What was approved was found when it began to wait.
        if (stored.HeldId is null) Find(stored.User, stored.Key, stored.Text);
    }

    private void Find(UserId user, string? key, string text)
    {
        var line = key is null ? _others.GetValueOrDefault((user, text)) : _keyed.GetValueOrDefault((user, key));

        // What had no key, and was taken back before anybody looked, cannot be told from other such.
        if (line is null && text.Length == 0) return;
        var isSent = line is { IsFound: false } && IsText(text, line.Text);
        Require(isSent, $"nobody sent '{text}' of {user} with {key}, or it is there twice");
        line!.IsFound = true;
    }

    private static string Tell(RoomAnswer? answer) => answer switch
    {
        Verdict { Status: VerdictStatus.Merged, Seq: { } seq } => $"one of {seq}",
        Verdict { HeldId: { } heldId } => $"held as {heldId}",
        _ => Show(answer),
    };

    private static bool IsText(string stored, string sent) => stored.Length == 0 || stored == sent;

    private void Accept(Line line, long seq)
    {
        var isIt = Stored.Danmaku.TryGetValue(seq, out var stored) && stored.User == line.User
            && stored.Key == line.Key && IsText(stored.Text, line.Text) && stored.HeldId is null;
        Require(isIt, $"'{line.Text}' of {line.User} was accepted as {seq}, which is {stored}");
        Settle(line, VerdictStatus.Accepted, seq, stored!.Version);
    }

    private void Settle(Line line, VerdictStatus status, long number, long version)
    {
        Know(version);
        Require(
            line.Outcome is null || line.Outcome == (status, number),
            $"'{line.Text}' of {line.User} is {line.Outcome}, and then {status} {number}");
        (line.Outcome, line.SettledBy) = ((status, number), version);
    }

    /// <summary>The key stands for something else.</summary>
    private bool IsConflict(Line line, RejectReason reason)
        => reason == RejectReason.Conflict && line.Key is { } key
            && Stored.Bound(line.User, key) is { } bound && bound != line.Text;

    /// <summary>Whether a text may have been refused to somebody so.</summary>
    private bool IsRefused(UserId user, string text, Asked asked, Verdict refusal)
    {
        var (from, head) = (From(asked.Known), Stored.Head);
        bool Held(Func<StoredRules, bool> test)
            => Stored.Rules.Held(from, head, rules => test(rules.InForce(Stored.Bounds)));
        var isViewer = user != HostId && Stored.ModeratorOf(user).Held(from, head, moderates => !moderates);
        return refusal.Reason switch
        {
            RejectReason.NotFound => WasAbsent(asked.Known),
            RejectReason.NotLive => WasNotLive(asked.Known),
            RejectReason.Muted => isViewer && refusal.RetryAfterMs is null or > 0
                && Stored.MutedOf(user).Held(from, head, until => until > (Jumps == asked.Jumps ? asked.Wall : 0)),
            RejectReason.FollowersOnly => isViewer && Held(rules => rules.FollowersOnly)
                && MayNotFollow(user, asked),
            RejectReason.BlockedWord => isViewer && Held(rules => rules.Blocks(text)),
            RejectReason.SlowMode => isViewer && Stored.Spoke(user) && refusal.RetryAfterMs > 0
                && Held(rules => rules.SlowModeSeconds > 0),
            RejectReason.Duplicate => isViewer && HasSaid(user, text)
                && (Stored.Bounds.OwnRepeats > 0 || Held(rules => rules.Shield)),
            _ => false,
        };
    }

    private bool HasSaid(UserId user, string text)
        => _keyed.Values.Any(line => line.User == user && Phrases.IsSame(line.Text, text)
            && Stored.Bound(user, line.Key!) is not null);

    private bool MayNotFollow(UserId user, Asked asked)
    {
        Host.Refresh();
        return Host.WasNotFollowedBy(user, HostHistory(asked.HostHead));
    }

    private bool MayFollow(UserId user)
    {
        Host.Refresh();
        var from = _open.TryGetValue(user, out var open) && open.Count > 0 ? open.Min(asked => asked.HostHead) : 0;
        return Host.WasFollowedBy(user, HostHistory(from));
    }
}
