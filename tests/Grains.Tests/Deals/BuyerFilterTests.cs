using RedNote.Deals;

namespace RedNote.Grains.Tests.Deals;

public sealed class BuyerFilterTests
{
    [Fact]
    public void MayContain_EverybodyInIt_True()
    {
        var buyers = Enumerable.Range(1, 5_000).Select(i => new UserId(i * 7_919L)).ToList();
        var filter = BuyerFilter.Of(buyers);
        Assert.All(buyers, buyer => Assert.True(filter.MayContain(buyer)));
        Assert.True(filter.Words.Length * 8 <= (2 * buyers.Count) + 8);
    }

    [Fact]
    public void MayContain_Strangers_SeldomTrue()
    {
        var filter = BuyerFilter.Of([.. Enumerable.Range(1, 5_000).Select(i => new UserId(i))]);
        var mistaken = Enumerable.Range(5_001, 100_000).Count(i => filter.MayContain(new UserId(i)));
        Assert.InRange(mistaken, 0, 200);
    }

    [Fact]
    public void MayContain_NobodyInIt_False()
        => Assert.False(BuyerFilter.Of([]).MayContain(new UserId(1)));
}
