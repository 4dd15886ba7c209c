using RedNote.Deals;
using RedNote.Journal;

namespace RedNote.Grains.Tests.Deals;

/// <summary>Numbers are given away once; the list shows what can be bought, and soon can.</summary>
public sealed class DealDirectoryTests : IAsyncLifetime
{
    private readonly GrainCluster _cluster = new();
    private readonly DealShop _shop;

    public DealDirectoryTests() => _shop = new DealShop(_cluster, 1_000);

    private IDealDirectoryGrain Directory => _cluster.Grains.DealDirectory();

    public ValueTask InitializeAsync() => _cluster.InitializeAsync();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task NextNumber_WhateverIsLost_IsNeverGivenAwayTwice(bool afterTakingEffect)
    {
        var given = (await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Directory.NextNumber()))).ToList();
        _cluster.Journal.FailNext(new LogId("deal_directory", "0"), afterTakingEffect);
        await Assert.ThrowsAsync<TryAgainException>(() => Directory.NextNumber());
        await Eventually.Holds("it is back", async () =>
        {
            try
            {
                given.Add(await Directory.NextNumber());
                return true;
            }
            catch (TryAgainException)
            {
                return false;
            }
        });
        Assert.Equal(21, given.Distinct().Count());
        Assert.InRange(given[^1].Value, 21, 22);
    }

    [Fact]
    public async Task List_DealsOfAllStates_ShowsOpenOnesAndThenScheduledOnes()
    {
        var late = await Prepare(DealShop.Now + 900_000);
        var soon = await Prepare(DealShop.Now + 600_000);
        var open = await Prepare(DealShop.Now);
        var ending = await Prepare(DealShop.Now - 30_000);
        await Prepare(null);
        var ended = await Prepare(DealShop.Now);
        await ended.End(DealShop.Host);
        await Eventually.Holds("four deals", async () => (await Ids()).Length == 4);
        var expected = new[] { ending, open, soon, late }.Select(deal => deal.GetPrimaryKeyLong());
        Assert.Equal(expected, await Ids());
        Assert.Equal(expected.Take(2), (await Directory.List(2)).Select(deal => deal.DealId.Value));

        await soon.Begin(DealShop.Host);
        await Eventually.Holds(
            "it is open there",
            async () => (await Directory.List(10)).Count(deal => deal.State == DealState.Open) == 3);
    }

    [Fact]
    public async Task List_DealIsSold_ShowsHowFar()
    {
        var deal = await Prepare(DealShop.Now, stock: 3);
        await Eventually.Holds("it is listed", async () => (await Ids()).Length == 1);
        await deal.Buy(DealShop.Order(10));
        await Eventually.Holds("what is left", async () => (await Directory.List(10))[0] is { Left: 2, Reserved: 1 });
        await deal.Pay(new UserId(10), OrderId.Of(new DealId(deal.GetPrimaryKeyLong()), 1), "ok");
        await Eventually.Holds("what is sold", async () => (await Directory.List(10))[0].Sold == 1);
    }

    [Fact]
    public async Task Put_OlderThanWhatIsListed_ChangesNothing()
    {
        var deal = (await (await _shop.Open(stock: 3)).Get())!;
        await Directory.Put(deal with { DealId = new DealId(5), Left = 1 }, 7);
        await Directory.Put(deal with { DealId = new DealId(5), Left = 2 }, 6);
        await Directory.Put(deal with { DealId = new DealId(6), EndsAt = DealShop.Now - 1 }, 7);
        await Eventually.Holds("both", async () => (await Ids()).Length == 2);
        Assert.Equal(1, (await Directory.List(10)).Single(it => it.DealId.Value == 5).Left);
        await Directory.Refresh(deal.Ticker with { DealId = new DealId(77) });
        Assert.Equal(2, (await Ids()).Length);
    }

    private async Task<long[]> Ids() => [.. (await Directory.List(10)).Select(deal => deal.DealId.Value)];

    private async Task<IDealGrain> Prepare(long? startsAt, int stock = 1)
    {
        var deal = _shop.Next();
        Assert.Equal(
            CommandStatus.Done, (await deal.Prepare(DealShop.Terms(stock) with { StartsAt = startsAt })).Status);
        return deal;
    }
}
