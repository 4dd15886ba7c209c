using System.Collections.Immutable;

namespace RedNote.Live;

/// <summary>
/// The front ends of a room: how many viewers each has, for as long as its lease runs, and the last batch each sent,
/// so that one sent again is not applied again. Its times are milliseconds since the activation, from a clock that
/// nobody sets.
/// </summary>
public sealed class GatewayBook(LiveRoomOptions options)
{
    private readonly Dictionary<string, Entry> _entries = [];
    private readonly Queue<string> _unheard = [];

    private sealed class Entry
    {
        public int Viewers;
        public bool IsHeard;
        public long SeenAt;
        public long LastNumber;
        public Task<BatchAnswer>? Answer;
        public long LastReport;
    }

    /// <summary>Longest name of a gateway, in characters.</summary>
    public const int MaxName = 64;

    /// <summary>A front end unheard of for so many leases is forgotten with its batches.</summary>
    public const int LeasesRemembered = 6;

    /// <summary>Most viewers one front end may report.</summary>
    public const int MaxViewers = 1_000_000;

    /// <summary>Viewers of all front ends whose lease runs.</summary>
    public int Viewers { get; private set; }

    /// <summary>Whether any front end holds a lease with viewers, or may send its last batch again.</summary>
    public bool IsEmpty => _entries.Count == 0;

    /// <summary>The book of a new activation: which batches were applied, and until they report no viewers.</summary>
    public static GatewayBook From(LiveRoomOptions options, ImmutableArray<GatewayMark> marks)
    {
        var book = new GatewayBook(options);
        foreach (var mark in marks)
        {
            book._entries[mark.Gateway] = new Entry { LastNumber = mark.Number };
            book._unheard.Enqueue(mark.Gateway);
        }

        return book;
    }

    /// <summary>Renews a lease; false if the name or the count is not acceptable, or there are too many front ends.
    /// </summary>
    public bool Report(string gateway, int viewers, long now)
    {
        if (gateway.Length is 0 or > MaxName || viewers is < 0 or > MaxViewers)
        {
            return false;
        }

        if (!_entries.TryGetValue(gateway, out var entry))
        {
            if (_entries.Count >= options.Gateways && !TryForgetOne())
            {
                return false;
            }

            _entries[gateway] = entry = new Entry();
        }

        Viewers += viewers - entry.Viewers;
        entry.Viewers = viewers;
        entry.SeenAt = now;
        entry.IsHeard = true;
        return true;
    }

    /// <summary>
    /// What a batch number means: null, it is new, and <see cref="Keep"/> has to follow; otherwise it was applied, and
    /// the answer is the kept one, or null inside when it is no longer held.
    /// </summary>
    public AppliedBatch? FindApplied(string gateway, long number)
    {
        var entry = _entries[gateway];
        if (number > entry.LastNumber)
        {
            return null;
        }

        return new AppliedBatch(number == entry.LastNumber ? entry.Answer : null);
    }

    /// <summary>
    /// Whether a front end has gone on to another batch, or was forgotten: it gave this one up. Applied behind its
    /// successor, it would leave its own number as the last one, and the successor could be applied twice.
    /// </summary>
    public bool IsGivenUp(string gateway, long number)
        => !_entries.TryGetValue(gateway, out var entry) || entry.LastNumber > number;

    /// <summary>Whether the refusals of this report are not counted yet; from now on they are.</summary>
    public bool IsNews(string gateway, GatewayReport report)
    {
        var entry = _entries[gateway];
        if (report.Number <= entry.LastReport)
        {
            return false;
        }

        entry.LastReport = report.Number;
        return true;
    }

    /// <summary>
    /// A front end has given a batch up. True if nothing was known of it: then nothing of it will be applied any more,
    /// however late it comes. Otherwise it is counted, or will be, with what it says.
    /// </summary>
    public bool GiveUp(string gateway, long number)
    {
        var entry = _entries[gateway];
        if (number <= entry.LastNumber)
        {
            return false;
        }

        entry.LastNumber = number;
        entry.Answer = null;
        return true;
    }

    public void Keep(string gateway, long number, Task<BatchAnswer> answer)
    {
        var entry = _entries[gateway];
        entry.LastNumber = number;
        entry.Answer = answer;
    }

    /// <summary>Ends leases that ran out, and forgets whom nothing was heard of for long.</summary>
    public void Expire(long now)
    {
        var lease = options.LeaseSeconds * 1_000L;
        foreach (var (name, entry) in _entries)
        {
            if (entry.SeenAt > now - lease)
            {
                continue;
            }

            Viewers -= entry.Viewers;
            entry.Viewers = 0;
            if (entry.SeenAt <= now - LeasesRemembered * lease)
            {
                _entries.Remove(name);
            }
        }
    }

    /// <summary>Makes room for another by the oldest of those that only the log tells of.</summary>
    private bool TryForgetOne()
    {
        while (_unheard.TryDequeue(out var oldest))
        {
            if (_entries.TryGetValue(oldest, out var entry) && !entry.IsHeard)
            {
                return _entries.Remove(oldest);
            }
        }

        return false;
    }
}

/// <summary>A batch that was applied before; the answer is null when it is no longer held.</summary>
public sealed record AppliedBatch(Task<BatchAnswer>? Answer);
