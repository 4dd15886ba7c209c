using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Streams;
using RedNote.Deals;
using RedNote.Journal;

namespace RedNote.Grains.Tests.Deals;

/// <summary>Buyers are told of their orders, after they are durable, and of their places in the line.</summary>
public sealed class DealNewsTests(GrainCluster cluster) : IClassFixture<GrainCluster>
{
    private static long _numbers = 70_000;
    private readonly DealShop _shop = new(cluster, Interlocked.Add(ref _numbers, 1_000));

    [Fact]
    public async Task Stream_WhateverBecomesOfAnOrder_SaysIt()
    {
        var (deal, news) = await Open(stock: 1, perBuyer: 1);
        var first = (await deal.Buy(DealShop.Order(10))).OrderId!.Value;
        var second = (await deal.Buy(DealShop.Order(11))).OrderId!.Value;
        await news.Until(11, second, OrderStatus.Waiting);
        await deal.Cancel(new UserId(10), first);
        await news.Until(10, first, OrderStatus.Cancelled);
        var served = await news.Until(11, second, OrderStatus.Reserved);
        Assert.True(served.PayBefore > DealShop.Now);
        await deal.Pay(new UserId(11), second, "decline-1");
        await news.Until(11, second, OrderStatus.Paying);
        await deal.Pay(new UserId(11), second, "ok");
        Assert.Null((await news.Until(11, second, OrderStatus.Paid)).PayBefore);
        Assert.Equal(1, news.Changes.First(change => change.Buyer.Value == 11).Position);
    }

    [Fact]
    public async Task Stream_LineMoves_TellsEverybodyTheirPlaces()
    {
        var (deal, news) = await Open(stock: 1, perBuyer: 1);
        var orders = new List<OrderId>();
        for (var buyer = 10; buyer < 16; buyer++)
        {
            orders.Add((await deal.Buy(DealShop.Order(buyer))).OrderId!.Value);
        }

        await deal.Cancel(new UserId(13), orders[3]);
        await Eventually.Holds("all places", () => news.Places.Count == 4);
        Assert.Equal(
            [(11, 1), (12, 2), (14, 3), (15, 4)],
            news.Places.Select(place => ((int)place.Buyer.Value, place.Position)));
        await deal.Cancel(new UserId(10), orders[0]);
        await Eventually.Holds("places a second later", () => news.Places.Count == 7);
        Assert.Equal(
            [(12, 1), (14, 2), (15, 3)],
            news.Places.Skip(4).Select(place => ((int)place.Buyer.Value, place.Position)));
    }

    [Fact]
    public async Task Stream_StoreHoldsBack_SaysNothingBefore()
    {
        var (deal, news) = await Open(stock: 1, perBuyer: 1);
        Task<BuyAnswer> buying;
        using (cluster.Journal.Hold())
        {
            buying = deal.Buy(DealShop.Order(10));
            await cluster.WhenAppending(new LogId("deal", $"{deal.GetPrimaryKeyLong()}"));
            Assert.Empty(news.Changes);
        }

        await news.Until(10, (await buying).OrderId!.Value, OrderStatus.Reserved);
    }

    [Fact]
    public async Task Final_EverythingPaidOrEnded_NamesTheBuyersAndNobodyBefore()
    {
        var (deal, _) = await Open(stock: 2, perBuyer: 1);
        Assert.Null(await _shop.Next().Final());
        foreach (var buyer in new[] { 10, 11 })
        {
            Assert.Null(await deal.Final());
            var order = (await deal.Buy(DealShop.Order(buyer))).OrderId!.Value;
            await deal.Pay(new UserId(buyer), order, "ok");
        }

        var final = (await deal.Final())!;
        Assert.Equal(DealState.SoldOut, final.State);
        Assert.True(final.Buyers.MayContain(new UserId(10)) && final.Buyers.MayContain(new UserId(11)));
        Assert.False(final.Buyers.MayContain(new UserId(12)));
        await deal.End(DealShop.Host);
        Assert.Equal(DealState.Ended, (await deal.Final())!.State);
    }

    private async Task<(IDealGrain Deal, News News)> Open(int stock, int perBuyer)
    {
        var deal = await _shop.Open(stock, perBuyer: perBuyer);
        var news = new News();
        await cluster.Client.GetStreamProvider(StreamNames.Provider)
            .GetStream<DealNews>(StreamNames.Deal(new DealId(deal.GetPrimaryKeyLong()))).SubscribeAsync(news);
        return (deal, news);
    }

    /// <summary>What a front end hears.</summary>
    private sealed class News : IAsyncObserver<DealNews>
    {
        private readonly ConcurrentQueue<OrderChange> _changes = new();
        private readonly ConcurrentQueue<LinePlace> _places = new();

        public ConcurrentQueue<OrderChange> Changes => _changes;

        public ConcurrentQueue<LinePlace> Places => _places;

        public Task OnNextAsync(DealNews item, StreamSequenceToken? token = null)
        {
            foreach (var change in item.Changes)
            {
                _changes.Enqueue(change);
            }

            foreach (var place in item.Line)
            {
                _places.Enqueue(place);
            }

            return Task.CompletedTask;
        }

        public Task OnErrorAsync(Exception ex) => Task.CompletedTask;

        public async Task<OrderChange> Until(long buyer, OrderId order, OrderStatus status)
        {
            await Eventually.Holds($"{buyer} is told that {order} is {status}", () => Find().OrderId == order);
            return Find();

            OrderChange Find() => _changes.FirstOrDefault(
                change => change.Buyer.Value == buyer && change.OrderId == order && change.Status == status);
        }
    }
}
