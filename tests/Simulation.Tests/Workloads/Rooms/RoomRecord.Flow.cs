using RedNote.Live;

namespace RedNote.Simulation.Rooms;

/// <summary>What became of everything that was sent: the totals add up, and nothing counts twice.</summary>
internal abstract partial class RoomRecord
{
    private readonly HashSet<long> _shown = [];

    /// <summary>Danmaku that went to some front end, repeats included.</summary>
    public long Sends { get; set; }

    /// <summary>Totals are seen by the host.</summary>
    public void Show(RoomStats stats)
    {
        Stored.Refresh();
        var totals = stats.Verdicts;
        var rejected = totals.Rejected.Sum(refused => refused.Count);
        var accepted = totals.Pending + totals.Shown + totals.Sampled;
        Require(
            totals.Received == accepted + totals.Merged + totals.Held + rejected, $"{totals} do not add up");
        Require(
            totals.Received + totals.Repeated <= Sends + Stored.HeldBefore(stats.Epoch),
            $"{totals} in epoch {stats.Epoch}, and {Sends} were sent");
        Require(
            accepted <= Stored.AcceptedIn(stats.Epoch),
            $"{totals} in epoch {stats.Epoch}, and {Stored.AcceptedIn(stats.Epoch)} are stored");
        Require(
            totals.Sampled <= Stored.SampledIn(stats.Epoch) + Stored.Recalls,
            $"{totals} in epoch {stats.Epoch}, and {Stored.SampledIn(stats.Epoch)} are left out by what is stored");
        Show(stats.Counters);
    }

    /// <summary>Whether the frames leave out every danmaku from one to another, both included; none: they do.</summary>
    public bool AreSampled(long first, long last)
    {
        if (first <= last && !Stored.IsLeftOut(last)) Stored.Refresh();
        for (var seq = first; seq <= last; seq++)
            if (!Stored.IsLeftOut(seq)) return false;
        return true;
    }

    /// <summary>Where a viewer goes on who was spared so many danmaku that the others were shown.</summary>
    public virtual long Skip(long next, int count)
    {
        Stored.Refresh();
        for (; count > 0; count--, next++)
            while (Stored.IsSampled(next)) next++;
        return next;
    }

    private void CheckNotShown(long seq)
        => Require(!_shown.Contains(seq), $"danmaku {seq} was shown, and is left out by what is stored");
}
