using System.Collections.Immutable;

namespace RedNote.Deals;

/// <summary>Finds a buyer's orders in all deals. Any number of them work beside each other; they keep nothing.
/// </summary>
[Alias("deals.buyer-orders")]
public interface IBuyerOrdersGrain : IGrainWithIntegerKey
{
    /// <summary>
    /// A buyer's orders, the newest first, as they are now. An order is there a quarter of a second after it was placed
    /// at the latest, and in quiet times at once.
    /// </summary>
    /// <param name="buyer">Whose.</param>
    /// <param name="after">The last one of the page before; null: from the newest on.</param>
    /// <param name="limit">1 to <see cref="OrderPage.MaxLimit"/>; brought into it.</param>
    [Alias("page")]
    Task<OrderPage> Page(UserId buyer, OrderId? after, int limit);
}

/// <summary>Orders, the newest first.</summary>
/// <param name="Items">The orders.</param>
/// <param name="Next">What to go on after; null: there are no more.</param>
[GenerateSerializer, Immutable, Alias("deals.order-page")]
public sealed record OrderPage(ImmutableArray<Order> Items, OrderId? Next)
{
    /// <summary>Most orders of a page.</summary>
    public const int MaxLimit = 100;
}
