using System.Reflection;
using Microsoft.Extensions.Logging.Abstractions;
using RedNote.Frontend.Limits;
using RedNote.Frontend.Live;
using RedNote.Frontend.Tests.Fakes;
using RedNote.Frontend.Users;
using RedNote.Users;
using OptionsOf = Microsoft.Extensions.Options.Options;

namespace RedNote.Frontend.Tests.Users;

/// <summary>Reports of who is here, and notices that come back.</summary>
public sealed class NoticeDeskTests
{
    private readonly ManualTime _time = new();
    private readonly FakePresence _presence = FakePresence.Create();
    private readonly FakeNoticeStreams _streams = new();
    private readonly NoticeOptions _options = new();
    private readonly UserPresences _presences;
    private readonly NoticeDesk _desk;

    public NoticeDeskTests()
    {
        _presences = new UserPresences(_presence.Grains, _time, OptionsOf.Create(new LimitOptions()));
        _desk = new NoticeDesk(
            _presences, _presence.Grains, _streams, new FixedIds(), OptionsOf.Create(_options), _time,
            NullLogger<NoticeDesk>.Instance);
    }

    private FakeListener Connect(long user)
    {
        var presence = _presences.Enter(new UserId(user));
        var listener = new FakeListener(presence);
        presence.Attach(listener);
        return listener;
    }

    [Fact]
    public async Task Connections_ThousandsOfThem_CostACallForEachShard()
    {
        for (var user = 1; user <= 3_000; user++)
        {
            Connect(user);
            Connect(user);
        }

        await _desk.Look();
        await _desk.Look();

        Assert.Equal(PresenceShards.Count, _presence.Reports.Count);
        Assert.Equal(3_000, _presence.Reports.Sum(report => report.Came.Length));
        Assert.Equal(1, _streams.Subscriptions);
        Assert.All(Enumerable.Range(1, 3_000), user => Assert.True(_desk.IsReported(new UserId(user))));
    }

    [Fact]
    public async Task User_WithSeveralConnections_HasLeftWithTheLast()
    {
        var (first, second) = (Connect(5), Connect(5));
        await _desk.Look();
        first.HangUp();
        await _desk.Look();
        Assert.Single(_presence.Reports);
        second.HangUp();
        await _desk.Look();
        Assert.Equal([new UserId(5)], _presence.Reports[^1].Left);
    }

    [Fact]
    public async Task Notices_ForUsersHere_ReachAllTheirConnectionsAndNobodyElse()
    {
        var (first, second, other) = (Connect(5), Connect(5), Connect(6));
        await _desk.Look();
        var news = NoticeMailboxTests.News(9);

        _streams.Say(new UserNotices(
            [new(new UserId(5), news.Notification, 3), new(new UserId(77), news.Notification, 1)]));

        Assert.Equal([news with { Unread = 3 }], first.Notified);
        Assert.Equal([news with { Unread = 3 }], second.Notified);
        Assert.Empty(other.Notified);
    }

    [Fact]
    public async Task Stream_ThatDoesNotAnswerAReport_IsSubscribedToAgain()
    {
        Connect(5);
        await _desk.Look();
        _streams.Say(new UserNotices([]));
        _time.Advance(_options.DeafAfter);
        await _desk.Look();
        Assert.Equal(1, _streams.Subscriptions);

        _time.Advance(_options.Heartbeat);
        await _desk.Look();
        _time.Advance(_options.DeafAfter);
        await _desk.Look();
        Assert.Equal(2, _streams.Subscriptions);
    }

    [Fact]
    public async Task Report_ThatFails_IsMadeAgainOfEverybody()
    {
        Connect(5);
        _presence.Failure = new TimeoutException("Nobody answers.");
        await _desk.Look();
        Assert.False(_desk.IsReported(new UserId(5)));
        _presence.Failure = null;
        Connect(5 + PresenceShards.Count);
        await _desk.Look();
        Assert.Single(_presence.Reports);

        _time.Advance(_options.Retry);
        await _desk.Look();

        Assert.Equal((2, true), (_presence.Reports[^1].Came.Length, _presence.Reports[^1].IsWhole));
        Assert.True(_desk.IsReported(new UserId(5)));
    }

    private sealed class FixedIds : IIdGenerator
    {
        public long NextId() => 1;

        public long NextSecretNumber() => 1;

        public string NextToken() => "1";
    }

    private sealed class FakeNoticeStreams : INoticeStreams
    {
        private Action<UserNotices>? _onNotices;

        public int Subscriptions { get; private set; }

        public void Say(UserNotices notices) => _onNotices!(notices);

        public Task<IStreamSubscription> Subscribe(string frontEnd, Action<UserNotices> onNotices)
        {
            (_onNotices, Subscriptions) = (onNotices, Subscriptions + 1);
            return Task.FromResult<IStreamSubscription>(new Subscription());
        }

        private sealed class Subscription : IStreamSubscription
        {
            public Task Unsubscribe() => Task.CompletedTask;
        }
    }
}

/// <summary>A grain factory whose grains take reports of who is on a front end.</summary>
public class FakePresence : DispatchProxy
{
    public IGrainFactory Grains { get; private set; } = null!;

    public List<PresenceReport> Reports { get; } = [];

    /// <summary>What the next reports are answered with.</summary>
    public Exception? Failure { get; set; }

    private FakePresence _owner = null!;
    private IPresenceGrain _grain = null!;

    public static FakePresence Create()
    {
        var grains = Create<IGrainFactory, FakePresence>();
        var fake = (FakePresence)(object)grains;
        fake.Grains = grains;
        fake._grain = Create<IPresenceGrain, FakePresence>();
        ((FakePresence)(object)fake._grain)._owner = fake;
        return fake;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name switch
    {
        nameof(IGrainFactory.GetGrain) => _grain,
        nameof(IPresenceGrain.Report) => _owner.Take((PresenceReport)args![0]!),
        var other => throw new NotSupportedException(other),
    };

    private Task<bool> Take(PresenceReport report)
    {
        Reports.Add(report);
        return Failure is { } failure ? Task.FromException<bool>(failure) : Task.FromResult(true);
    }
}
