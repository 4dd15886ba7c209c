using Microsoft.Extensions.DependencyInjection;
using RedNote.Deals;
using RedNote.Journal;

namespace RedNote.Grains.Tests.Deals;

/// <summary>A buyer finds all orders of all deals, as they are, whatever was lost meanwhile.</summary>
public sealed class BuyerOrdersTests : IAsyncLifetime
{
    private readonly GrainCluster _cluster = new();
    private readonly DealShop _shop;

    public BuyerOrdersTests() => _shop = new DealShop(_cluster, 1_000);

    public ValueTask InitializeAsync() => _cluster.InitializeAsync();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Page_OrdersOfManyDeals_AreThereNewestFirstPageByPage()
    {
        var bought = new List<OrderId>();
        for (var i = 0; i < 7; i++)
        {
            var deal = await _shop.Open(stock: 5);
            bought.Insert(0, (await deal.Buy(DealShop.Order(buyer: 10))).OrderId!.Value);
            await deal.Buy(DealShop.Order(buyer: 11));
        }

        await Listed(10, 7);
        var found = new List<OrderId>();
        OrderId? after = null;
        do
        {
            var page = await _cluster.Grains.BuyerOrders().Page(new UserId(10), after, 3);
            Assert.InRange(page.Items.Length, 1, 3);
            found.AddRange(page.Items.Select(order => order.OrderId));
            after = page.Next;
        }
        while (after is not null);

        // Orders of one millisecond are in the order of their deals' names, as texts.
        Assert.Equal(bought.Select(order => order.Value).Order(), found.Select(order => order.Value).Order());
        var times = new List<long>();
        foreach (var order in found)
        {
            times.Add((await _cluster.Grains.Deal(order.Deal).Order(new UserId(10), order))!.CreatedAt);
        }

        Assert.Equal(times.OrderDescending(), times);
    }

    [Fact]
    public async Task Page_OrdersInEveryState_AreShownAsTheirDealShowsThem()
    {
        var deal = await _shop.Open(stock: 4, perBuyer: 2);
        foreach (var (buyer, quantity) in new[] { (10, 1), (11, 1), (12, 2), (13, 1) })
        {
            await deal.Buy(DealShop.Order(buyer, quantity));
        }

        var id = new DealId(deal.GetPrimaryKeyLong());
        await deal.Pay(new UserId(10), OrderId.Of(id, 1), "ok");
        await deal.Cancel(new UserId(11), OrderId.Of(id, 2));
        for (var number = 1; number <= 4; number++)
        {
            var buyer = new UserId(9 + number);
            await Listed(buyer.Value, 1);
            var order = (await deal.Order(buyer, OrderId.Of(id, number)))!;
            await Eventually.Holds(
                $"order {number} is {order.Status} in the list",
                async () => (await Page(buyer.Value)).Items[0] == order);
        }

        var states = new[] { OrderStatus.Paid, OrderStatus.Cancelled, OrderStatus.Reserved, OrderStatus.Reserved };
        Assert.Equal(states, await Task.WhenAll(
            Enumerable.Range(10, 4).Select(async buyer => (await Page(buyer)).Items[0].Status)));
    }

    [Fact]
    public async Task Page_OrderThatHasEnded_WakesNoDeal()
    {
        var deal = await _shop.Open(stock: 1);
        var order = (await deal.Buy(DealShop.Order(10))).OrderId!.Value;
        await deal.Cancel(new UserId(10), order);
        await Eventually.Holds(
            "it is listed as cancelled",
            async () => (await Page(10)).Items is [{ Status: OrderStatus.Cancelled }]);
        _cluster.Journal.Reads = () => throw new JournalUnavailableException("Nothing can be replayed.");
        _cluster.Journal.FailNext(new LogId("deal", order.Deal.ToString()), afterTakingEffect: false);
        await Assert.ThrowsAsync<TryAgainException>(() => deal.Buy(DealShop.Order(11)));
        Assert.Equal(OrderStatus.Cancelled, (await Page(10)).Items[0].Status);
        _cluster.Journal.Reads = () => Task.CompletedTask;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Page_DealWasLostBeforeItWasListed_HasItAllTheSame(bool afterTakingEffect)
    {
        var deal = await _shop.Open(stock: 500);
        await deal.Buy(DealShop.Order(10));

        // More than goes in with the events, so that it is written later; and the deal is gone by then.
        await deal.Buy(new BuyBatch([.. Enumerable.Range(100, 200).Select(buyer => DealShop.Order(buyer))]));
        await _shop.Crash(deal, DealShop.Order(11), afterTakingEffect);
        await Listed(299, 1);
        await Listed(100, 1);
        await Listed(10, 1);
        Assert.Equal(afterTakingEffect ? 1 : 0, (await Page(11)).Items.Length);
    }

    [Fact]
    public async Task Page_RowsCannotBeWritten_AreWrittenLater()
    {
        var deal = await _shop.Open(stock: 500);
        await deal.Buy(DealShop.Order(10));
        _cluster.Journal.FailNextMark(new LogId("deal", deal.GetPrimaryKeyLong().ToString()));
        await deal.Buy(new BuyBatch([.. Enumerable.Range(100, 200).Select(buyer => DealShop.Order(buyer))]));
        await Listed(299, 1);
        Assert.Equal(201, (await deal.Get())!.Reserved);
    }

    [Fact]
    public async Task Page_NobodysCursorOrNoOrders_IsEmpty()
    {
        var deal = await _shop.Open(stock: 1);
        var order = (await deal.Buy(DealShop.Order(10))).OrderId!.Value;
        await Listed(10, 1);
        Assert.Equal(new OrderPage([], null), await Page(12) with { Items = [] });
        Assert.Empty((await _cluster.Grains.BuyerOrders().Page(new UserId(11), order, 10)).Items);
        Assert.Empty((await _cluster.Grains.BuyerOrders().Page(new UserId(10), new OrderId(3), 10)).Items);
        Assert.Single((await _cluster.Grains.BuyerOrders().Page(new UserId(10), null, -5)).Items);
    }

    [Fact]
    public async Task Rows_OfAllOrders_AreExactlyThoseOfTheLog()
    {
        var deal = await _shop.Open(stock: 300);
        var key = deal.GetPrimaryKeyLong().ToString();
        for (var batch = 0; batch < 5; batch++)
        {
            var first = 100 * (batch + 1);
            await deal.Buy(new BuyBatch([.. Enumerable.Range(first, 100).Select(buyer => DealShop.Order(buyer))]));
        }

        var store = _cluster.Services.GetRequiredService<IJournalStore>();
        var table = new DealOrders().Table;
        await Eventually.Holds("all rows", async () => (await Rows()).Count == 500);
        Assert.Equal(
            Enumerable.Range(1, 500).Select(number => ((long)number, (long)(99 + number))),
            (await Rows()).Select(row => (row.Values[0].Number, row.Values[1].Number)));

        Task<IReadOnlyList<ProjectionRow>> Rows() => store.QueryAsync(
            new ProjectionQuery(table) { Grain = key, Limit = 1_000 }, CancellationToken.None);
    }

    private Task<OrderPage> Page(long buyer) => _cluster.Grains.BuyerOrders().Page(new UserId(buyer), null, 50);

    private Task Listed(long buyer, int orders) => Eventually.Holds(
        $"{orders} orders of {buyer}", async () => (await Page(buyer)).Items.Length == orders);
}
