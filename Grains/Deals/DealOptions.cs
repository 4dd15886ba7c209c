using System.ComponentModel.DataAnnotations;

namespace RedNote.Deals;

/// <summary>Bounds and times of deals; configuration section <c>RedNote:Deals</c>.</summary>
public sealed class DealOptions
{
    public const string Section = "RedNote:Deals";

    /// <summary>Most pieces of a deal. Default 1,000,000.</summary>
    [Range(1, 10_000_000)]
    public int Stock { get; set; } = 1_000_000;

    /// <summary>Orders that wait, for each piece of the stock. Default 10.</summary>
    [Range(0, 100)]
    public int WaitingPerPiece { get; set; } = 10;

    /// <summary>Orders that wait, whatever the stock. Default 1,000,000.</summary>
    [Range(0, 10_000_000)]
    public int Waiting { get; set; } = 1_000_000;

    /// <summary>How long an order holds its pieces where the host does not say, in seconds. Default 300.</summary>
    [Range(1, 86_400)]
    public int PayWithinSeconds { get; set; } = 300;

    /// <summary>Orders that one event settles when many are due. Default 4,096.</summary>
    [Range(16, 65_536)]
    public int OrdersPerEvent { get; set; } = 4_096;

    /// <summary>Payments that may be tried for one order. Default 20.</summary>
    [Range(1, 1_000)]
    public int Attempts { get; set; } = 20;

    /// <summary>Seconds of the past that the host's board shows. Default 300.</summary>
    [Range(10, 3_600)]
    public int BoardSeconds { get; set; } = 300;
}
