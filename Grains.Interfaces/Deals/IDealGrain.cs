using System.Collections.Immutable;
using Orleans.Concurrency;

namespace RedNote.Deals;

/// <summary>
/// One deal: the authority on its stock, its orders and its line. Every answer leaves only when what it says is
/// durable.
/// A store that does not answer is a <see cref="TryAgainException"/>: the outcome is unknown, and the same key is safe.
/// </summary>
[Alias("deals.deal-grain")]
public interface IDealGrain : IEffectSource, IGrainWithIntegerKey
{
    /// <summary>Makes the deal; done already is Done, with other terms Conflict.</summary>
    [Alias("prepare")]
    Task<DealOutcome> Prepare(DealTerms terms);

    /// <summary>Opens it before its time; the host alone.</summary>
    [Alias("begin")]
    Task<DealOutcome> Begin(UserId by);

    /// <summary>Ends it; the host alone.</summary>
    [Alias("end")]
    Task<DealOutcome> End(UserId by);

    /// <summary>The deal, or null.</summary>
    [Alias("get"), AlwaysInterleave]
    Task<Deal?> Get();

    /// <summary>How it goes, for the host alone: Done, NotFound, Forbidden.</summary>
    [Alias("board"), AlwaysInterleave]
    Task<BoardOutcome> Board(UserId by);

    /// <summary>How it ended, once nobody new can buy any more whatever happens; null before that.</summary>
    [Alias("final"), AlwaysInterleave]
    Task<DealFinal?> Final();

    /// <summary>Decides orders, in their order; at most <see cref="BuyBatch.MaxOrders"/>.</summary>
    [Alias("buy"), AlwaysInterleave]
    Task<ImmutableArray<BuyAnswer>> Buy(BuyBatch batch);

    /// <summary>Decides one order.</summary>
    [Alias("buy-one"), AlwaysInterleave]
    Task<BuyAnswer> Buy(BuyOrder order);

    /// <summary>The buyer's order; null: there is none, or it is somebody else's.</summary>
    [Alias("order"), AlwaysInterleave]
    Task<Order?> Order(UserId buyer, OrderId order);

    /// <summary>Those of these orders that are the buyer's; at most <see cref="OrderPage.MaxLimit"/>.</summary>
    [Alias("orders"), AlwaysInterleave]
    Task<ImmutableArray<Order>> Orders(UserId buyer, ImmutableArray<OrderId> orders);

    /// <summary>Begins to pay an order, and waits a little for what becomes of it: the order is then Paid, Reserved
    /// again (it was declined), or Paying still. Doing it again with the same key is doing it once.</summary>
    [Alias("pay"), AlwaysInterleave]
    Task<PayOutcome> Pay(UserId buyer, OrderId order, string key);

    /// <summary>The provider says what became of a payment; late and repeated answers are welcome.</summary>
    [Alias("settle"), AlwaysInterleave]
    Task Settle(OrderId order, int attempt, PaymentResult result);

    /// <summary>Takes an order back that is waiting or not paid.</summary>
    [Alias("cancel"), AlwaysInterleave]
    Task<OrderOutcome> Cancel(UserId buyer, OrderId order);
}

/// <summary>The deal is null unless Done.</summary>
[GenerateSerializer, Immutable, Alias("deals.deal-outcome")]
public sealed record DealOutcome(CommandStatus Status, Deal? Deal);

/// <summary>The order is null unless Done.</summary>
[GenerateSerializer, Immutable, Alias("deals.order-outcome")]
public sealed record OrderOutcome(CommandStatus Status, Order? Order);

/// <summary>How a command to pay ended.</summary>
public enum PayStatus
{
    /// <summary>The payment of that key is under way, or is done.</summary>
    Done,
    NotFound,
    Invalid,
    WrongState,
    OrderExpired,

    /// <summary>The payment of that key was declined.</summary>
    Declined,
    RateLimited,

    /// <summary>The outcome is unknown; a retry with the same key is safe.</summary>
    TryAgain,
}

/// <summary>The order as it is by now is null unless Done or Declined.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Order">The order.</param>
/// <param name="Reason">Declined: what the provider said.</param>
[GenerateSerializer, Immutable, Alias("deals.pay-outcome")]
public sealed record PayOutcome(PayStatus Status, Order? Order, string? Reason = null);

/// <summary>Orders of one deal, in the order of their coming.</summary>
[GenerateSerializer, Immutable, Alias("deals.buy-batch")]
public sealed record BuyBatch(ImmutableArray<BuyOrder> Orders)
{
    /// <summary>Most orders of a batch.</summary>
    public const int MaxOrders = 512;
}
