using RedNote.Deals;
using RedNote.Journal;
using RedNote.Live;

namespace RedNote.Grains.Tests.Deals;

/// <summary>A deal as a grain: nothing is answered before it is durable, nothing that was answered is lost.</summary>
public sealed class DealGrainTests(GrainCluster cluster) : IClassFixture<GrainCluster>
{
    private static readonly UserId Host = new(1);
    private static long _nextDeal = 50_000;

    [Fact]
    public async Task Buy_ManyAtTheSameTime_SellsTheStockAndNoPieceMore()
    {
        var deal = await Open(stock: 100);
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
        var deal = await Open(stock: 2);
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
        var deal = await Open(stock: 5);
        var id = new DealId(deal.GetPrimaryKeyLong());
        var order = new BuyOrder(new UserId(10), 1, "k", true);
        cluster.Journal.FailNext(new LogId("deal", id.ToString()), afterTakingEffect);
        await Assert.ThrowsAsync<TryAgainException>(() => deal.Buy(order));

        var answer = new BuyAnswer(BuyStatus.NotFound);
        await Eventually.Holds("the deal is back", async () =>
        {
            try
            {
                answer = await deal.Buy(order);
                return true;
            }
            catch (TryAgainException)
            {
                return false;
            }
        });
        Assert.Equal((BuyStatus.Accepted, 1), (answer.Status, answer.OrderId!.Value.Number));
        Assert.Equal(answer, await deal.Buy(order));
        Assert.Equal(4, (await deal.Get())!.Left);
    }

    [Fact]
    public async Task Order_OthersAndUnknown_AreNotShownNorCancelled()
    {
        var deal = await Open(stock: 1);
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
        var deal = await Open(stock: 1, payWithin: 1);
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
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var deal = Next();
        await deal.Prepare(Terms(stock: 1) with { StartsAt = now + 300, Seconds = 6 });
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
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var deal = Next();
        Assert.Equal(CommandStatus.NotFound, (await deal.Begin(Host)).Status);
        await deal.Prepare(Terms(stock: 1) with { StartsAt = now + 3_600_000 });
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

    private static DealTerms Terms(int stock, int payWithin = 60)
        => new(
            new RoomId(8), Host, "A lipstick", new Money(1_990, "CNY"), null, stock, 1, 0, 600, payWithin,
            DrawCondition.None);

    private IDealGrain Next() => cluster.Grains.Deal(new DealId(Interlocked.Increment(ref _nextDeal)));

    private async Task<IDealGrain> Open(int stock, int payWithin = 60)
    {
        var deal = Next();
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var outcome = await deal.Prepare(Terms(stock, payWithin) with { StartsAt = now });
        Assert.Equal((CommandStatus.Done, DealState.Open), (outcome.Status, outcome.Deal!.State));
        return deal;
    }
}
