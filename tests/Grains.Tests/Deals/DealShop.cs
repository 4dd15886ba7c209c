using RedNote.Deals;
using RedNote.Live;

namespace RedNote.Grains.Tests.Deals;

/// <summary>Makes deals in a cluster, each with a number of its own.</summary>
internal sealed class DealShop(GrainCluster cluster, long firstNumber)
{
    private long _last = firstNumber;

    public static UserId Host => new(1);

    public static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>A deal of ten minutes that opened long ago, one piece a buyer.</summary>
    public static DealTerms Terms(int stock, int payWithin = 60) => new(
        new RoomId(8), Host, "A lipstick", new Money(1_990, "CNY"), null, stock, 1, 0, 600, payWithin,
        DrawCondition.None);

    public static BuyOrder Order(long buyer, int quantity = 1, string key = "k")
        => new(new UserId(buyer), quantity, key, true);

    /// <summary>A number that no deal of this shop has.</summary>
    public DealId Number() => new(Interlocked.Increment(ref _last));

    public IDealGrain Next() => cluster.Grains.Deal(Number());

    /// <summary>A deal that is open.</summary>
    public async Task<IDealGrain> Open(int stock, int payWithin = 60, int perBuyer = 1)
    {
        var deal = Next();
        var outcome = await deal.Prepare(Terms(stock, payWithin) with { StartsAt = Now, PerBuyer = perBuyer });
        Assert.Equal((CommandStatus.Done, DealState.Open), (outcome.Status, outcome.Deal!.State));
        return deal;
    }

    /// <summary>Loses the deal's activation in the middle of an order, which is stored or not.</summary>
    public async Task Crash(IDealGrain deal, BuyOrder order, bool afterTakingEffect)
    {
        cluster.Journal.FailNext(new("deal", deal.GetPrimaryKeyLong().ToString()), afterTakingEffect);
        await Assert.ThrowsAsync<TryAgainException>(() => deal.Buy(order));
        await Eventually.Holds("the deal is back", async () =>
        {
            try
            {
                return await deal.Get() is not null;
            }
            catch (TryAgainException)
            {
                return false;
            }
        });
    }
}
