using RedNote.Deals;
using RedNote.Live;
using RedNote.Users;

namespace RedNote.Grains.Tests.Live.Deals;

/// <summary>From an order to the room's counters and the host's totals, with nobody in between who tells by hand.
/// </summary>
public sealed class RoomSalesTests(GrainCluster cluster) : IClassFixture<GrainCluster>
{
    private const int Buyers = 60;
    private static long _next = 760_000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Sales_OrdersPaidCancelledAndLeft_AreExactInRoomAndTotals(bool roomFails)
    {
        var host = new UserId(Interlocked.Increment(ref _next));
        await cluster.Grains.User(host).Create(new NewUser("Mei", "t"));
        var (id, room) = await cluster.StartRoom(host);
        var frames = await FrameLog.Of(cluster, id);
        var deals = new[] { await Open(id, room, host, 1_990), await Open(id, room, host, 500) };
        if (roomFails)
        {
            cluster.Journal.FailNext(
                ClusterRooms.LogOf(id), afterTakingEffect: true, version: cluster.RoomEvents(id).Count + 2);
        }

        await Task.WhenAll(Enumerable.Range(0, Buyers).SelectMany(i => deals.Select(deal => Shop(deal, i))));

        var boards = new List<DealBoard>();
        foreach (var deal in deals)
        {
            boards.Add((await cluster.Grains.Deal(deal).Board(host)).Board!);
        }

        var expected = (boards.Sum(board => (long)board.Orders), boards.Sum(board => board.Gmv.Amount));
        Assert.True(expected.Item2 > 0 && boards.All(board => board.Placed > board.Orders));
        await Eventually.Holds($"the room has counted {expected}", async () =>
        {
            try
            {
                return Sums((await room.Get())!.Counters) == expected;
            }
            catch (TryAgainException)
            {
                return false;
            }
        });
        await Eventually.Holds("the host has heard of it", async () =>
            (await cluster.Grains.User(host).Sales())! is var sales
                && (sales.Orders, sales.Sales.SingleOrDefault()?.Amount) == expected);
        Assert.Equal(
            boards.Select(board => board.Deal), (await room.Deals(new UserId(5)))!.Value);
        if (!roomFails)
        {
            var seen = await frames.Until(all => all.Any(frame => frame.Counters is { } c && Sums(c) == expected));
            var told = seen.SelectMany(frame => frame.Events ?? []).OfType<OrderAnnounced>().ToList();
            Assert.Equal(boards.Sum(board => board.Placed), told.Sum(order => order.Orders));
            Assert.All(seen, frame => Assert.Equal(
                frame.Events?.OfType<OrderAnnounced>().Count() ?? 0,
                frame.Events?.OfType<OrderAnnounced>().DistinctBy(order => order.DealId).Count() ?? 0));
        }
    }


    private static (long Orders, long Sales) Sums(RoomCounters counters) => (counters.Orders, counters.Sales.Amount);

    private async Task Shop(DealId id, int i)
    {
        var (deal, buyer) = (cluster.Grains.Deal(id), new UserId(1_000 + i));
        var answer = await deal.Buy(new BuyOrder(buyer, 1 + (i % 2), "k", true, "Mei***"));
        if (answer.OrderId is not { } order)
        {
            return;
        }

        switch (i % 3)
        {
            case 0:
                await deal.Pay(buyer, order, "pay");
                break;
            case 1:
                await deal.Cancel(buyer, order);
                break;
        }
    }

    private static async Task<DealId> Open(RoomId id, ILiveRoomGrain room, UserId host, long price)
    {
        var number = new DealId(Interlocked.Increment(ref _next));
        var outcome = await room.OpenDeal(new OpenDeal(
            number,
            new DealTerms(
                id, host, "A lipstick", new Money(price, "CNY"), null, 200, 2, 0, 600, 60, DrawCondition.None),
            $"k{price}"));
        Assert.Equal((CommandStatus.Done, DealState.Open), (outcome.Status, outcome.Deal!.State));
        return number;
    }
}
