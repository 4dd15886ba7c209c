using System.Collections.Immutable;
using Orleans.Concurrency;

namespace RedNote.Deals;

/// <summary>
/// The one list of all deals that can be bought, or soon can, and where their numbers come from. It follows the deals;
/// each deal's own grain is the truth.
/// </summary>
[Alias("deals.directory")]
public interface IDealDirectoryGrain : IGrainWithIntegerKey
{
    /// <summary>Most deals in one answer.</summary>
    const int MaxLimit = 100;

    /// <summary>A number that no deal has; never given away twice. They are dense, as an order's id begins with its
    /// deal's number. Durable when answered.</summary>
    [Alias("next-number")]
    Task<DealId> NextNumber();

    /// <summary>
    /// From the deal's own grain: lists it as of <paramref name="version"/> of its log, or takes it off when it has
    /// ended. What is not newer than the version that is listed changes nothing. Durable when answered.
    /// </summary>
    [Alias("put")]
    Task Put(Deal deal, long version);

    /// <summary>Refreshes the numbers of a deal that is listed; not durable.</summary>
    [Alias("refresh")]
    Task Refresh(DealTicker ticker);

    /// <summary>Deals that are open, those that end first in front, and behind them the scheduled ones, those that
    /// begin first in front; at most <paramref name="limit"/> (1 to <see cref="MaxLimit"/>).</summary>
    [Alias("list"), ReadOnly]
    Task<ImmutableArray<Deal>> List(int limit);
}
