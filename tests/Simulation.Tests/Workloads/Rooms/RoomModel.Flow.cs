using RedNote.Live;

namespace RedNote.Simulation.Rooms;

/// <summary>What became of everything that was sent: the totals add up, and nothing counts twice.</summary>
internal sealed partial class RoomModel
{
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
            totals.Received + totals.Repeated <= Sends, $"{totals} in epoch {stats.Epoch}, and {Sends} were sent");
        Require(
            accepted <= Stored.AcceptedIn(stats.Epoch),
            $"{totals} in epoch {stats.Epoch}, and {Stored.AcceptedIn(stats.Epoch)} are stored");
        Show(stats.Counters);
    }
}
