using RedNote.Live;

namespace RedNote.Simulation.Show;

/// <summary>The totals of what became of everything: at any moment those of a moment of the log.</summary>
internal sealed partial class ShowModel
{
    /// <summary>Totals are seen by the host, who asked when so much was stored.</summary>
    public void Show(RoomStats stats, long head)
    {
        Show(stats);
        var totals = stats.Verdicts;
        var accepted = totals.Pending + totals.Shown + totals.Sampled;
        var refused = Count(totals, RejectReason.Refused);
        var from = World.Cluster.WasShared ? 0 : head;
        Require(
            Stored.Totals.Held(from, Stored.Head, stored => stored.Epoch == stats.Epoch
                && stored.Accepted == accepted && stored.Merged == totals.Merged && stored.Held == totals.Held
                && stored.Refused == refused),
            $"{totals} in epoch {stats.Epoch} was never so from {head} to {Stored.Head}: {Stored.Totals.Now}");
    }

    public static long Count(VerdictTotals totals, RejectReason reason)
        => totals.Rejected.Where(refused => refused.Reason == reason).Sum(refused => refused.Count);
}
