using System.Collections.Immutable;

namespace RedNote.Deals;

/// <summary>How a deal goes, for its host. Pieces, unless it says orders or money.</summary>
/// <param name="Deal">The deal.</param>
/// <param name="Sold">Paid.</param>
/// <param name="Reserved">Ordered and not paid yet, or being paid.</param>
/// <param name="Paid">Orders that are paid.</param>
/// <param name="Gmv">Money that was paid for them.</param>
/// <param name="Waiting">Orders that wait.</param>
/// <param name="Orders">Orders that hold pieces or are paid.</param>
/// <param name="Placed">Orders that ever got pieces.</param>
/// <param name="Conversion">Paid orders among those that ever got pieces, 0 to 1; null: there were none.</param>
/// <param name="Series">The last minutes, second by second; seconds in which nothing happened are not there.</param>
[GenerateSerializer, Immutable, Alias("deals.board")]
public sealed record DealBoard(
    Deal Deal,
    int Sold,
    int Reserved,
    int Paid,
    Money Gmv,
    int Waiting,
    int Orders,
    int Placed,
    double? Conversion,
    ImmutableArray<BoardSecond> Series);

/// <summary>What happened within a second. Pieces, but for the money.</summary>
/// <param name="At">When it began, Unix ms.</param>
/// <param name="Ordered">That orders got, at once or after waiting.</param>
/// <param name="Paid">That were paid.</param>
/// <param name="Returned">Of orders that were cancelled or not paid in time.</param>
/// <param name="Gmv">Money that was paid.</param>
[GenerateSerializer, Immutable, Alias("deals.board-second")]
public sealed record BoardSecond(long At, int Ordered, int Paid, int Returned, Money Gmv);

/// <summary>The board is null unless Done.</summary>
[GenerateSerializer, Immutable, Alias("deals.board-outcome")]
public sealed record BoardOutcome(CommandStatus Status, DealBoard? Board);
