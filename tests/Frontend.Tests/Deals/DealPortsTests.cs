using System.Reflection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using RedNote.Deals;
using RedNote.Frontend.Deals;
using RedNote.Frontend.Tests.Fakes;

namespace RedNote.Frontend.Tests.Deals;

/// <summary>How many deals a front end has to do with, and for how long.</summary>
public sealed class DealPortsTests
{
    private const int MaxDeals = 3;
    private static readonly UserId Ann = new(11);

    private readonly DealParts _parts = new();
    private readonly DealPorts _ports;

    public DealPortsTests()
    {
        _parts.Options.MaxDeals = MaxDeals;
        _ports = new DealPorts(
            FakeDeals.Factory(_parts.Grain), _parts.Streams, _parts.Presences, _parts.Time,
            Options.Create(_parts.Options), NullLogger<DealPorts>.Instance);
    }

    [Fact]
    public async Task Use_MoreDealsThanThereMayBe_OnlyThoseThatAreThere()
    {
        for (var i = 1; i <= 10; i++)
        {
            Assert.Equal(i <= MaxDeals, _ports.Use(new DealId(i)) is not null);
        }

        Assert.Equal(MaxDeals, _ports.Count);
        _parts.Grain.Card = null;
        var port = _ports.Use(new DealId(1))!;
        Assert.Null(await port.Terms());
        _ports.Forget(port);
        Assert.Equal(MaxDeals - 1, _ports.Count);
        Assert.NotNull(_ports.Use(new DealId(4)));
    }

    [Fact]
    public async Task Listen_ABuyerWhoIsNotHereOrADealThatIsNot_KeepsNothing()
    {
        Assert.Null(await _ports.Listen(Ann, FakeDeal.Id));
        _parts.Connect(Ann);
        _parts.Grain.Card = null;
        Assert.Null(await _ports.Listen(Ann, FakeDeal.Id));
        Assert.Equal((0, 0), (_ports.Count, _parts.Streams.Subscriptions));
    }

    [Fact]
    public async Task Note_AnOrderThatIsOver_KeepsNothing()
    {
        _parts.Connect(Ann);
        var order = new Order(
            FakeDeal.Order(1), FakeDeal.Id, Sample.Room, "Tea", 1, Money.Zero, OrderStatus.Paid, null, 1, null);
        await _ports.Note(Ann, order);
        Assert.Equal((0, 0), (_ports.Count, _parts.Streams.Subscriptions));
        await _ports.Note(Ann, order with { Status = OrderStatus.Waiting });
        Assert.Equal((1, 1), (_ports.Count, _parts.Streams.Subscriptions));
        Assert.Equal(1, _ports.Use(FakeDeal.Id)!.Desk.Open);
    }

    [Fact]
    public async Task Patrol_NobodyNeedsIt_EndsTheSubscriptionAfterALinger()
    {
        _parts.Connect(Ann);
        Assert.NotNull(await _ports.Listen(Ann, FakeDeal.Id));
        _ports.Patrol();
        Assert.Equal(1, _parts.Streams.Subscribed);
        _parts.Time.Advance(_parts.Options.Linger);
        _ports.Patrol();
        Assert.Equal((0, 0), (_ports.Count, _parts.Streams.Subscribed));
    }

    [Fact]
    public async Task Drain_OrdersUnderWay_AreAnsweredAndNoMoreTaken()
    {
        var held = new TaskCompletionSource();
        _parts.Grain.OnBuy = async batch =>
        {
            await held.Task;
            return FakeDeal.Answers(batch, BuyStatus.Accepted);
        };
        var port = _ports.Use(FakeDeal.Id)!;
        var answer = port.Buy(new BuyOrder(Ann, 1, "k", true)).AsTask();

        var draining = _ports.Drain();

        Assert.True(_ports.IsClosed);
        Assert.Null(_ports.Use(FakeDeal.Id));
        Assert.Null(await port.Buy(new BuyOrder(Ann, 1, "late", true)));
        Assert.False(draining.IsCompleted);
        held.SetResult();
        await draining;
        Assert.Equal(BuyStatus.Accepted, (await answer)!.Status);
    }

    /// <summary>A grain factory with one deal under every number.</summary>
    public class FakeDeals : DispatchProxy
    {
        private IDealGrain _deal = null!;

        internal static IGrainFactory Factory(IDealGrain deal)
        {
            var factory = Create<IGrainFactory, FakeDeals>();
            ((FakeDeals)(object)factory)._deal = deal;
            return factory;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
            => targetMethod!.Name == nameof(IGrainFactory.GetGrain) ? _deal : throw new NotSupportedException();
    }
}
