using RedNote.Deals;
using RedNote.Frontend.Tests.Fakes;

namespace RedNote.Frontend.Tests.Deals;

/// <summary>What a front end knows of a deal, and so need not ask.</summary>
public sealed class DealPortTests
{
    private static readonly UserId Ann = new(11);
    private static readonly UserId Bea = new(12);

    private readonly DealParts _parts = new();

    private FakeDeal Deal => _parts.Grain;

    [Theory]
    [InlineData(DealState.SoldOut, BuyStatus.SoldOut)]
    [InlineData(DealState.Ended, BuyStatus.Ended)]
    public async Task RefuseForGood_OnceItIsFinal_RefusesStrangersAndAsksForThoseWhoHaveOrders(
        DealState state, BuyStatus refusal)
    {
        var port = _parts.Port();
        Deal.OnBuy = batch => Task.FromResult(FakeDeal.Answers(batch, refusal));
        Deal.IsFinal = new DealFinal(state, BuyerFilter.Of([Ann]));
        Assert.Null(port.RefuseForGood(Bea));

        await port.Buy(Order(Bea));

        Assert.Equal(refusal, port.RefuseForGood(Bea)!.Status);
        Assert.Null(port.RefuseForGood(Ann));
        Assert.Equal((1, 1), (Deal.Batches.Count, Deal.Finals));
    }

    [Fact]
    public async Task Buy_RefusedButNotForGood_AsksOnceASecondWhetherItIs()
    {
        var port = _parts.Port();
        Deal.OnBuy = batch => Task.FromResult(FakeDeal.Answers(batch, BuyStatus.SoldOut));
        for (var i = 0; i < 50; i++)
        {
            await port.Buy(Order(Bea));
        }

        Assert.Equal(1, Deal.Finals);
        _parts.Time.Advance(_parts.Options.FinalEvery);
        await port.Buy(Order(Bea));
        await port.Buy(Order(Bea));
        Assert.Equal(2, Deal.Finals);
        Assert.Null(port.RefuseForGood(Bea));
    }

    [Fact]
    public async Task Buy_Accepted_DoesNotAskWhetherItIsFinal()
    {
        await _parts.Port().Buy(Order(Ann));
        Assert.Equal(0, Deal.Finals);
    }

    [Fact]
    public async Task Terms_AreAskedForOnceAndOfWhatIsNotThereAgain()
    {
        var port = _parts.Port();
        var card = Deal.Card;
        Deal.Card = null;
        Assert.Null(await port.Terms());
        Deal.Card = card;
        Assert.Equal(card, await port.Terms());
        Assert.Equal(card, await port.Terms());
        Assert.Equal(2, Deal.Gets);
    }

    [Fact]
    public async Task TryRetire_NoSuchDeal_AtOnce()
    {
        var port = _parts.Port();
        Assert.False(port.TryRetire());
        Deal.Card = null;
        await port.Terms();
        Assert.True(port.TryRetire());
        Assert.False(port.TryUse());
    }

    [Fact]
    public async Task TryRetire_Unused_AfterALingerUnlessSomebodyHereHasAnOpenOrder()
    {
        using var ann = new Connection(_parts, Ann);
        var port = _parts.Port();
        await port.Buy(Order(Ann));
        _parts.Time.Advance(_parts.Options.Linger);
        Assert.False(port.TryRetire());

        _parts.Streams.Publish(new OrderChange(Ann, FakeDeal.Order(11), OrderStatus.Paid, null, null));

        Assert.True(port.TryRetire());
        await port.Close();
        Assert.Equal(0, _parts.Streams.Subscribed);
    }

    private static BuyOrder Order(UserId buyer) => new(buyer, 1, "k", true);

    private sealed class Connection(DealParts parts, UserId user) : IDisposable
    {
        private readonly FakeListener _listener = parts.Connect(user);

        public void Dispose() => _listener.HangUp();
    }
}
