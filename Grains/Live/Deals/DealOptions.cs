using System.ComponentModel.DataAnnotations;

namespace RedNote.Live;

/// <summary>The bounds of a room's deals.</summary>
public sealed partial class LiveRoomOptions
{
    /// <summary>Deals of a room that are not over at a time. Default 20.</summary>
    [Range(1, 200)]
    public int Deals { get; set; } = 20;

    /// <summary>Deals that a room keeps: one that is over goes, the oldest first, when it has been for seven days and
    /// another needs its place; until then no other can be made. Default 200.</summary>
    [Range(20, 2_000)]
    public int KeptDeals { get; set; } = 200;

    /// <summary>Deals that are over in the snapshot of somebody who joins. Default 10.</summary>
    [Range(0, 50)]
    public int SnapshotDeals { get; set; } = 10;

    /// <summary>Users who said the pass-phrase of one deal and are remembered; who says it then does not meet the
    /// condition. Default 1,000,000, which take 10 MB.</summary>
    [Range(1, 5_000_000)]
    public int DealPhrases { get; set; } = 1_000_000;

    /// <summary>How long the host who makes a deal waits for the deal's own grain, in milliseconds; it takes the deal
    /// in any case. Default 1,000.</summary>
    [Range(0, 10_000)]
    public int DealWaitMs { get; set; } = 1_000;
}
