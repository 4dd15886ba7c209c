using RedNote.Deals;
using RedNote.Frontend.Deals;
using RedNote.Frontend.Tests.Fakes;

namespace RedNote.Frontend.Tests.Deals;

/// <summary>What buyers are told of their orders, whatever happens to the news.</summary>
public sealed class OrderDeskTests
{
    private static readonly UserId Ann = new(11);
    private static readonly UserId Bea = new(12);

    private readonly DealParts _parts = new();

    private FakeDeal Deal => _parts.Grain;

    [Fact]
    public async Task News_OfABuyer_ReachAllConnectionsOfThatBuyerAndNobodyElse()
    {
        var (first, second, other) = (_parts.Connect(Ann), _parts.Connect(Ann), _parts.Connect(Bea));
        await _parts.Desk().Listen();

        _parts.Streams.Publish(
            new OrderChange(Ann, FakeDeal.Order(1), OrderStatus.Reserved, 99, null),
            new OrderChange(new UserId(99), FakeDeal.Order(2), OrderStatus.Waiting, null, 1));

        var notice = new OrderNotice(FakeDeal.Order(1), FakeDeal.Id, OrderStatus.Reserved, null, 99);
        Assert.Equal([notice], first.Told);
        Assert.Equal([notice], second.Told);
        Assert.Empty(other.Told);
        first.HangUp();
        _parts.Streams.Publish(new OrderChange(Ann, FakeDeal.Order(1), OrderStatus.Paid, null, null));
        Assert.Single(first.Told);
        Assert.Equal(2, second.Told.Count);
    }

    [Fact]
    public async Task Line_PlacesAreToldWhenTheyChange()
    {
        var ann = _parts.Connect(Ann);
        await _parts.Desk().Listen();
        foreach (var position in new[] { 7, 7, 7, 5, 5 })
        {
            _parts.Streams.Line(new LinePlace(Ann, FakeDeal.Order(1), position), new LinePlace(Bea, default, 8));
        }

        Assert.Equal([7, 5], ann.Told.Select(notice => notice.Position!.Value));
        Assert.All(ann.Told, notice => Assert.Equal(OrderStatus.Waiting, notice.Status));
    }

    [Fact]
    public async Task Open_HowManyOrdersThereAre_IsBoundedAndGoesBackToNone()
    {
        _parts.Options.OpenOrders = 10;
        var desk = _parts.Desk();
        await desk.Listen();
        var ann = _parts.Connect(Ann);
        for (var i = 1; i <= 100; i++)
        {
            desk.Note(Ann, FakeDeal.Order(i), OrderStatus.Reserved);
            desk.Note(Bea, FakeDeal.Order(1_000 + i), OrderStatus.Reserved);
        }

        Assert.Equal(10, desk.Open);
        for (var i = 1; i <= 100; i++)
        {
            _parts.Streams.Publish(new OrderChange(Ann, FakeDeal.Order(i), OrderStatus.Expired, null, null));
        }

        Assert.Equal((0, 100), (desk.Open, ann.Told.Count));
    }

    [Fact]
    public async Task Check_BuyersWhoHaveGone_AreForgotten()
    {
        var desk = _parts.Desk();
        await desk.Listen();
        var ann = _parts.Connect(Ann);
        desk.Note(Ann, FakeDeal.Order(1), OrderStatus.Reserved);
        Deal.Card = Deal.Card! with { Left = 9, Reserved = 1 };
        await _parts.Check(desk);
        Assert.Equal(1, desk.Open);
        ann.HangUp();
        await _parts.Check(desk);
        Assert.Equal(0, desk.Open);
    }

    [Fact]
    public async Task Check_TheStreamGoesDeaf_SubscribesAgainAndTellsWhatWasMissed()
    {
        var desk = _parts.Desk();
        await desk.Listen();
        var ann = _parts.Connect(Ann);
        _parts.Streams.Publish(new OrderChange(Ann, FakeDeal.Order(1), OrderStatus.Waiting, null, 3));
        Deal.Card = Deal.Card! with { Left = 0, Reserved = 10, Waiting = 3 };
        await _parts.Check(desk);
        await _parts.Check(desk);
        Assert.Equal(1, _parts.Streams.Subscriptions);

        _parts.Streams.GoDeaf();
        Deal.Card = Deal.Card with { Sold = 1, Reserved = 9, Waiting = 2 };
        Deal.Known.Add(new Order(
            FakeDeal.Order(1), FakeDeal.Id, Sample.Room, "Tea", 1, Money.Zero, OrderStatus.Reserved, 99, 1, null));
        for (var i = 0; i < 3; i++)
        {
            await _parts.Check(desk);
        }

        Assert.Equal((2, 1), (_parts.Streams.Subscriptions, _parts.Streams.Subscribed));
        Assert.Equal(
            new OrderNotice(FakeDeal.Order(1), FakeDeal.Id, OrderStatus.Reserved, null, 99), ann.Told[^1]);
        Assert.Equal(2, ann.Told.Count);
        _parts.Streams.Publish(new OrderChange(Ann, FakeDeal.Order(1), OrderStatus.Paid, null, null));
        Assert.Equal(3, ann.Told.Count);
    }

    [Fact]
    public async Task Check_NewsOfAnOrderPlacedHereDoNotCome_SubscribesAgainOnceAndTellsOfIt()
    {
        var desk = _parts.Desk();
        var ann = _parts.Connect(Ann);
        await desk.Listen();
        _parts.Streams.GoDeaf();
        Deal.Card = Deal.Card! with { Left = 9, Reserved = 1 };
        desk.NotePlaced(Ann, FakeDeal.Order(1), OrderStatus.Reserved);
        Deal.Known.Add(new Order(
            FakeDeal.Order(1), FakeDeal.Id, Sample.Room, "Tea", 1, Money.Zero, OrderStatus.Reserved, 99, 1, null));
        await _parts.Check(desk);

        Assert.Equal((2, 1), (_parts.Streams.Subscriptions, _parts.Streams.Subscribed));
        Assert.Equal(OrderStatus.Reserved, Assert.Single(ann.Told).Status);
        desk.NotePlaced(Ann, FakeDeal.Order(1), OrderStatus.Reserved);
        desk.Note(Ann, FakeDeal.Order(2), OrderStatus.Reserved);
        for (var i = 0; i < 5; i++)
        {
            await _parts.Check(desk);
        }

        Assert.Equal(2, _parts.Streams.Subscriptions);
    }

    [Fact]
    public async Task Check_NewsComeAndTheDealGoesOn_NeitherSubscribesNorAsks()
    {
        var desk = _parts.Desk();
        await desk.Listen();
        _parts.Connect(Ann);
        for (var i = 1; i <= 10; i++)
        {
            Deal.Card = Deal.Card! with { Left = 10 - i, Reserved = i };
            _parts.Streams.Publish(new OrderChange(Ann, FakeDeal.Order(i), OrderStatus.Reserved, 99, null));
            await _parts.Check(desk);
        }

        await _parts.Check(desk);
        Assert.Equal(1, _parts.Streams.Subscriptions);
        Assert.Empty(Deal.AskedAfter);
        Assert.Equal(11, Deal.Gets);
        await desk.Check();
        Assert.Equal(11, Deal.Gets);
    }

    [Fact]
    public async Task Listen_TheStreamsDoNotAnswer_WaitsNoLongerThanIsAllowed()
    {
        _parts.Streams.Hangs = true;
        var listening = _parts.Desk().Listen().AsTask();
        Assert.False(listening.IsCompleted);
        _parts.Time.Advance(_parts.Options.ListenPatience);
        await listening;
    }

    [Fact]
    public async Task Listen_CannotSubscribe_DoesNotFailAndTriesAgain()
    {
        var desk = _parts.Desk();
        _parts.Streams.Failure = new TimeoutException();
        await desk.Listen();
        _parts.Streams.Failure = null;
        await desk.Listen();
        await desk.Listen();
        Assert.Equal((2, 1), (_parts.Streams.Subscriptions, _parts.Streams.Subscribed));
    }
}
