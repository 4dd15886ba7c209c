using System.ComponentModel.DataAnnotations;

namespace RedNote.Deals;

/// <summary>Bounds and times of deals; configuration section <c>RedNote:Deals</c>.</summary>
public sealed class DealOptions
{
    public const string Section = "RedNote:Deals";

    /// <summary>Most pieces of a deal. Default 1,000,000.</summary>
    [Range(1, DealTerms.MaxStock)]
    public int Stock { get; set; } = 1_000_000;

    /// <summary>Orders that wait, for each piece of the stock. Default 10.</summary>
    [Range(0, 100)]
    public int WaitingPerPiece { get; set; } = 10;

    /// <summary>Orders that wait, whatever the stock. Default 1,000,000.</summary>
    [Range(0, 10_000_000)]
    public int Waiting { get; set; } = 1_000_000;

    /// <summary>Orders that one event settles when many are due. Default 4,096.</summary>
    [Range(16, 65_536)]
    public int OrdersPerEvent { get; set; } = 4_096;

    /// <summary>Payments that may be tried for one order. Default 20.</summary>
    [Range(1, 1_000)]
    public int Attempts { get; set; } = 20;

    /// <summary>Deals of the whole site in the list of those that can be bought or soon can; one more is not listed,
    /// and can be bought all the same. Default 10,000.</summary>
    [Range(1, 100_000)]
    public int ListedDeals { get; set; } = 10_000;

    /// <summary>Least time between two reports to the room, in milliseconds. Default 200.</summary>
    [Range(10, 10_000)]
    public int ReportMs { get; set; } = 200;

    /// <summary>Least time between two refreshments of the list of all deals, in milliseconds. Default 2,000.</summary>
    [Range(10, 60_000)]
    public int RefreshMs { get; set; } = 2_000;

    /// <summary>How often those who wait are told their places, in milliseconds. Default 1,000.</summary>
    [Range(100, 60_000)]
    public int LineMs { get; set; } = 1_000;

    /// <summary>Places in the line told at once; those behind get their turn the next times. Default 50,000.</summary>
    [Range(100, 1_000_000)]
    public int LinePlaces { get; set; } = 50_000;

    /// <summary>Orders or places in one event of the deal's stream. Default 4,096.</summary>
    [Range(16, 65_536)]
    public int NewsOrders { get; set; } = 4_096;

    /// <summary>Seconds of the past that the host's board shows. Default 300.</summary>
    [Range(10, 3_600)]
    public int BoardSeconds { get; set; } = 300;
}
