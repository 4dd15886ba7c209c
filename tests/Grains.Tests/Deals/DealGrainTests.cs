using RedNote.Deals;

namespace RedNote.Grains.Tests.Deals;

/// <summary>A deal as a grain: nothing is answered before it is durable, nothing that was answered is lost.</summary>
public sealed class DealGrainTests(GrainCluster cluster) : IClassFixture<GrainCluster>
{
    private static readonly UserId Host = DealShop.Host;
    private readonly DealShop _shop = new(cluster, Interlocked.Add(ref _numbers, 1_000));
    private static long _numbers = 50_000;

    [Fact]
    public async Task Buy_ManyAtTheSameTime_SellsTheStockAndNoPieceMore()
    {
        var deal = await _shop.Open(stock: 100);
        var answers = await Task.WhenAll(Enumerable.Range(0, 3_000).Select(i
            => deal.Buy(new BuyOrder(new UserId(10 + (i / 3)), 1, i % 3 == 2 ? "other" : "same", true))));

        var accepted = answers.Where(answer => answer.Status == BuyStatus.Accepted).ToList();
        Assert.Equal(100, accepted.Select(answer => answer.OrderId).Distinct().Count());
        var ordered = answers.Where(answer => answer.OrderId is not null).Select(answer => answer.OrderId).ToList();
        Assert.Equal(1_000, ordered.Distinct().Count());
        // Calls may overtake each other: either key of a buyer may be the one that counts.
        Assert.Equal(3_000, ordered.Count + answers.Count(answer => answer.Status == BuyStatus.LimitReached));
        var card = (await deal.Get())!;
        Assert.Equal((0, 100, 0, 900), (card.Left, card.Reserved, card.Sold, card.Waiting));
    }

    [Fact]
    public async Task Buy_Batch_IsAnsweredInOrderAndBounded()
    {
        var deal = await _shop.Open(stock: 2);
        var orders = Enumerable.Range(0, 4).Select(i => new BuyOrder(new UserId(10 + i), 1, "k", true));
        var answers = await deal.Buy(new BuyBatch([.. orders]));
        Assert.Equal(
            [BuyStatus.Accepted, BuyStatus.Accepted, BuyStatus.Waiting, BuyStatus.Waiting],
            answers.Select(answer => answer.Status));
        Assert.Equal([1, 2, 3, 4], answers.Select(answer => answer.OrderId!.Value.Number));
        var tooMany = Enumerable.Range(0, BuyBatch.MaxOrders + 1)
            .Select(i => new BuyOrder(new UserId(i + 1), 1, "k", true));
        Assert.Empty(await deal.Buy(new BuyBatch([.. tooMany])));
        Assert.Empty(await deal.Buy(new BuyBatch(default)));
        Assert.Equal(BuyStatus.NotFound, (await cluster.Grains.Deal(new DealId(7)).Buy(orders.First())).Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Buy_StoreFails_IsAskedAgainWithTheSameKeyAndOrderedOnce(bool afterTakingEffect)
    {
        var deal = await _shop.Open(stock: 5);
        var order = new BuyOrder(new UserId(10), 1, "k", true);
        await _shop.Crash(deal, order, afterTakingEffect);
        var answer = await deal.Buy(order);
        Assert.Equal((BuyStatus.Accepted, 1), (answer.Status, answer.OrderId!.Value.Number));
        Assert.Equal(answer, await deal.Buy(order));
        Assert.Equal(4, (await deal.Get())!.Left);
    }

    [Fact]
    public async Task Order_OthersAndUnknown_AreNotShownNorCancelled()
    {
        var deal = await _shop.Open(stock: 1);
        var own = (await deal.Buy(new BuyOrder(new UserId(10), 1, "k", true))).OrderId!.Value;
        Assert.Equal(OrderStatus.Reserved, (await deal.Order(new UserId(10), own))!.Status);
        Assert.Null(await deal.Order(new UserId(11), own));
        Assert.Null(await deal.Order(new UserId(10), new OrderId(own.Value + 1)));
        Assert.Null(await deal.Order(new UserId(10), OrderId.Of(new DealId(3), 1)));
        Assert.Equal(CommandStatus.NotFound, (await deal.Cancel(new UserId(11), own)).Status);
        Assert.Equal(CommandStatus.NotFound, (await deal.Cancel(new UserId(10), OrderId.Of(new DealId(3), 1))).Status);
        Assert.Equal(OrderStatus.Cancelled, (await deal.Cancel(new UserId(10), own)).Order!.Status);
        Assert.Equal(1, (await deal.Get())!.Left);
    }

    [Fact]
    public async Task Time_ReservedAndNotPaid_GoesToWhoWaitsByItself()
    {
        var deal = await _shop.Open(stock: 1, payWithin: 1);
        var first = (await deal.Buy(new BuyOrder(new UserId(10), 1, "k", true))).OrderId!.Value;
        var second = (await deal.Buy(new BuyOrder(new UserId(11), 1, "k", true))).OrderId!.Value;
        Assert.Equal((OrderStatus.Waiting, 1), await Shown(deal, 11, second));
        await Eventually.Holds(
            "it is served", async () => (await Shown(deal, 11, second)).Status == OrderStatus.Reserved);
        Assert.Equal(OrderStatus.Expired, (await Shown(deal, 10, first)).Status);
    }

    [Fact]
    public async Task Time_ScheduledAndShort_OpensAndEndsByItself()
    {
        var now = DealShop.Now;
        var deal = _shop.Next();
        await deal.Prepare(DealShop.Terms(stock: 1) with { StartsAt = now + 300, Seconds = 6 });
        await Eventually.Holds("it is open", async () => (await deal.Get())!.State == DealState.Open);
        Assert.Equal(BuyStatus.Accepted, (await deal.Buy(new BuyOrder(new UserId(10), 1, "k", true))).Status);
        Assert.Equal(BuyStatus.Waiting, (await deal.Buy(new BuyOrder(new UserId(11), 1, "k", true))).Status);
        await Eventually.Holds(
            "it has ended", async () => (await deal.Get()) is { State: DealState.Ended, Waiting: 0 });
        Assert.Equal(BuyStatus.Ended, (await deal.Buy(new BuyOrder(new UserId(12), 1, "k", true))).Status);
    }

    [Fact]
    public async Task Begin_ByTheHostAlone_OpensWhatIsScheduled()
    {
        var now = DealShop.Now;
        var deal = _shop.Next();
        Assert.Equal(CommandStatus.NotFound, (await deal.Begin(Host)).Status);
        await deal.Prepare(DealShop.Terms(stock: 1) with { StartsAt = now + 3_600_000 });
        Assert.Equal(BuyStatus.NotStarted, (await deal.Buy(new BuyOrder(new UserId(10), 1, "k", true))).Status);
        Assert.Equal(CommandStatus.Forbidden, (await deal.Begin(new UserId(2))).Status);
        var begun = (await deal.Begin(Host)).Deal!;
        Assert.Equal((DealState.Open, begun.StartsAt + 600_000), (begun.State, begun.EndsAt));
        Assert.Equal(CommandStatus.Done, (await deal.Begin(Host)).Status);
        Assert.Equal(CommandStatus.Forbidden, (await deal.End(new UserId(2))).Status);
        Assert.Equal(DealState.Ended, (await deal.End(Host)).Deal!.State);
        Assert.Equal(CommandStatus.WrongState, (await deal.Begin(Host)).Status);
    }

    private static async Task<(OrderStatus Status, int? Position)> Shown(IDealGrain deal, long buyer, OrderId order)
        => (await deal.Order(new UserId(buyer), order))! is var shown ? (shown.Status, shown.Position) : default;
}
