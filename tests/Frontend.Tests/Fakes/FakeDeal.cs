using System.Collections.Immutable;
using RedNote.Deals;
using RedNote.Live;

namespace RedNote.Frontend.Tests.Fakes;

/// <summary>A deal whose answers a test decides; what it was asked is kept.</summary>
internal sealed class FakeDeal : IDealGrain
{
    public static readonly DealId Id = new(3);

    public List<BuyBatch> Batches { get; } = [];

    /// <summary>How often it was asked whether it is over for good.</summary>
    public int Finals { get; private set; }

    /// <summary>How often it was looked at.</summary>
    public int Gets { get; private set; }

    public List<(UserId Buyer, ImmutableArray<OrderId> Orders)> AskedAfter { get; } = [];

    /// <summary>Answers a batch; by default accepts everything at once.</summary>
    public Func<BuyBatch, Task<ImmutableArray<BuyAnswer>>> OnBuy { get; set; }
        = batch => Task.FromResult(Answers(batch, BuyStatus.Accepted));

    public DealFinal? IsFinal { get; set; }

    public Deal? Card { get; set; } = new(
        Id, Sample.Room, "Tea", new Money(1_990, "CNY"), null, 10, 10, 0, 0, 0, 1, 1, 2, 300, DrawCondition.None,
        DealState.Open);

    public List<Order> Known { get; } = [];

    public static OrderId Order(int number) => OrderId.Of(Id, number);

    public static ImmutableArray<BuyAnswer> Answers(BuyBatch batch, BuyStatus status) =>
    [
        .. batch.Orders.Select(order => status is BuyStatus.Accepted
            ? new BuyAnswer(status, Order((int)order.Buyer.Value), PayBefore: 9, Order: OrderStatus.Reserved)
            : new BuyAnswer(status)),
    ];

    public Task<ImmutableArray<BuyAnswer>> Buy(BuyBatch batch)
    {
        Batches.Add(batch);
        return OnBuy(batch);
    }

    public Task<DealFinal?> Final()
    {
        Finals++;
        return Task.FromResult(IsFinal);
    }

    public Task<Deal?> Get()
    {
        Gets++;
        return Task.FromResult(Card);
    }

    public Task<ImmutableArray<Order>> Orders(UserId buyer, ImmutableArray<OrderId> orders)
    {
        AskedAfter.Add((buyer, orders));
        return Task.FromResult<ImmutableArray<Order>>([.. Known.Where(order => orders.Contains(order.OrderId))]);
    }

    public Task<BuyAnswer> Buy(BuyOrder order) => throw new NotSupportedException();

    public Task<DealOutcome> Prepare(DealTerms terms) => throw new NotSupportedException();

    public Task<DealOutcome> Begin(UserId by) => throw new NotSupportedException();

    public Task<DealOutcome> End(UserId by) => throw new NotSupportedException();

    public Task<BoardOutcome> Board(UserId by) => throw new NotSupportedException();

    public Task<Order?> Order(UserId buyer, OrderId order) => throw new NotSupportedException();

    public Task<PayOutcome> Pay(UserId buyer, OrderId order, string key) => throw new NotSupportedException();

    public Task Settle(OrderId order, int attempt, PaymentResult result) => throw new NotSupportedException();

    public Task<OrderOutcome> Cancel(UserId buyer, OrderId order) => throw new NotSupportedException();

    public Task DeliverEffects() => throw new NotSupportedException();
}
