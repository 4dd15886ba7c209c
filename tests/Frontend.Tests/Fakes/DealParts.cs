using Microsoft.Extensions.Logging.Abstractions;
using RedNote.Deals;
using RedNote.Frontend.Deals;
using RedNote.Frontend.Limits;
using RedNote.Frontend.Live;
using RedNote.Frontend.Users;
using OptionsOf = Microsoft.Extensions.Options.Options;

namespace RedNote.Frontend.Tests.Fakes;

/// <summary>The parts of a front end's deal around a fake deal, with a clock of its own.</summary>
internal sealed class DealParts
{
    public DealParts()
        => Presences = new UserPresences(
            FakeUsers.Create().Grains, Time, OptionsOf.Create(new LimitOptions()));

    public ManualTime Time { get; } = new();

    public FakeDeal Grain { get; } = new();

    public FakeDealStreams Streams { get; } = new();

    public DealPortOptions Options { get; } = new();

    public UserPresences Presences { get; }

    public DealGateway Gateway() => new(FakeDeal.Id, Grain, Options, Time, NullLogger.Instance);

    public DealPort Port() => new(FakeDeal.Id, Grain, Streams, Presences, Options, Time, NullLogger.Instance);

    public OrderDesk Desk() => new(FakeDeal.Id, Grain, Streams, Presences, Options, Time, NullLogger.Instance);

    /// <summary>A connection of a user.</summary>
    public FakeListener Connect(UserId user)
    {
        var presence = Presences.Enter(user);
        var listener = new FakeListener(presence);
        presence.Attach(listener);
        return listener;
    }

    /// <summary>Moves the clock on and has the desk look.</summary>
    public async Task Check(OrderDesk desk)
    {
        Time.Advance(Options.CheckEvery);
        await desk.Check();
    }
}

/// <summary>Somebody who takes down what becomes of orders.</summary>
internal sealed class FakeListener(UserPresence user) : IUserListener
{
    public List<OrderNotice> Told { get; } = [];

    public void TellOrder(OrderNotice notice) => Told.Add(notice);

    public List<NotificationNews> Notified { get; } = [];

    public void TellNotification(NotificationNews news) => Notified.Add(news);

    public void HangUp()
    {
        user.Detach(this);
        user.Leave();
    }
}

/// <summary>A deal's stream that says what a test says, to whoever is subscribed.</summary>
internal sealed class FakeDealStreams : IDealStreams
{
    private readonly List<Subscription> _subscriptions = [];

    public int Subscribed => _subscriptions.Count;

    /// <summary>How often anybody has subscribed.</summary>
    public int Subscriptions { get; private set; }

    /// <summary>What the next who subscribe get instead.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Nobody who subscribes is answered.</summary>
    public bool Hangs { get; set; }

    public Task<IStreamSubscription> Subscribe(DealId deal, Action<DealNews> onNews)
    {
        Subscriptions++;
        if (Failure is { } failure)
        {
            return Task.FromException<IStreamSubscription>(failure);
        }

        if (Hangs)
        {
            return new TaskCompletionSource<IStreamSubscription>().Task;
        }

        var subscription = new Subscription(_subscriptions, onNews);
        _subscriptions.Add(subscription);
        return Task.FromResult<IStreamSubscription>(subscription);
    }

    /// <summary>Those who are subscribed hear nothing more, and are not told.</summary>
    public void GoDeaf() => _subscriptions.ForEach(subscription => subscription.IsDeaf = true);

    public void Publish(params ReadOnlySpan<OrderChange> changes)
        => Publish(new DealNews(FakeDeal.Id, [.. changes], []));

    public void Line(params ReadOnlySpan<LinePlace> places) => Publish(new DealNews(FakeDeal.Id, [], [.. places]));

    private void Publish(DealNews news)
    {
        foreach (var subscription in _subscriptions.ToArray())
        {
            subscription.OnNews(news);
        }
    }

    private sealed class Subscription(List<Subscription> all, Action<DealNews> onNews) : IStreamSubscription
    {
        public bool IsDeaf { get; set; }

        public Action<DealNews> OnNews => IsDeaf ? static _ => { } : onNews;

        public Task Unsubscribe()
        {
            all.Remove(this);
            return Task.CompletedTask;
        }
    }
}
