using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Streams;
using RedNote.Frontend.Tests.Fakes;
using RedNote.Users;

namespace RedNote.Grains.Tests.Users;

/// <summary>Which front ends are told of a user, and for how long.</summary>
public sealed class PresenceGrainTests : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private readonly GrainCluster _cluster;

    public PresenceGrainTests() => _cluster = new GrainCluster
    {
        Configure = services =>
        {
            services.AddSingleton<TimeProvider>(_time);
            services.Configure<InboxOptions>(options => options.NoticesPerEvent = 2);
        },
    };

    // All of the first shard.
    private static UserId A { get; } = new(PresenceShards.Count);

    private static UserId B { get; } = new(PresenceShards.Count * 2);

    private IPresenceGrain Shard => _cluster.Grains.Presence(A);

    public ValueTask InitializeAsync() => _cluster.InitializeAsync();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    private Task<bool> Report(
        string frontEnd, long number, ImmutableArray<UserId> came, ImmutableArray<UserId> left = default)
        => Shard.Report(new PresenceReport(frontEnd, number, number == 1, came, left.IsDefault ? [] : left));

    private Task<bool> Tell(UserId user, long id = 1) => Shard.Tell(new UserNotice(
        user,
        new Notification(id, NoticeKind.Follow, 1, 1, false, null, null, new UserId(7), "Mei", null, null),
        1));

    [Fact]
    public async Task Report_OfWhoCameAndLeft_IsWhoIsTold()
    {
        Assert.False(await Tell(A));
        Assert.True(await Report("one", 1, [A]));
        Assert.True(await Tell(A));
        Assert.False(await Tell(B));
        Assert.True(await Report("one", 2, [B], [A]));
        Assert.False(await Tell(A));
        Assert.True(await Tell(B));
        Assert.True(await Report("two", 1, [B]));
        Assert.True(await Report("one", 3, [], [B, A]));
        Assert.True(await Tell(B));
    }

    [Fact]
    public async Task Report_ThatDoesNotJoin_AsksForAllAndChangesNothing()
    {
        Assert.False(await Report("one", 2, [A]));
        Assert.False(await Tell(A));
        Assert.True(await Report("one", 1, [A]));
        Assert.False(await Report("one", 3, [B], [A]));
        Assert.True(await Tell(A));
        Assert.False(await Tell(B));

        Assert.True(await Shard.Report(new PresenceReport("one", 9, IsWhole: true, [B], [])));
        Assert.False(await Tell(A));
        Assert.True(await Tell(B));
        // One that was overtaken on its way.
        Assert.False(await Shard.Report(new PresenceReport("one", 8, IsWhole: true, [A], [])));
        Assert.False(await Tell(A));
        Assert.True(await Report("one", 10, [A]));
    }

    [Fact]
    public async Task FrontEnd_SilentForAMinute_IsForgotten()
    {
        Assert.True(await Report("one", 1, [A]));
        Assert.True(await Report("two", 1, [B]));
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.True(await Tell(A));
        Assert.True(await Report("two", 2, []));
        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.False(await Tell(A));
        Assert.True(await Tell(B));
        Assert.False(await Report("one", 2, []));
        Assert.True(await Shard.Report(new PresenceReport("one", 3, IsWhole: true, [A], [])));
        Assert.True(await Tell(A));
    }

    [Fact]
    public async Task Tell_ManyAtOnce_SendsAllInOrder()
    {
        var events = new ConcurrentQueue<UserNotices>();
        await _cluster.Client.GetStreamProvider(StreamNames.Provider)
            .GetStream<UserNotices>(StreamNames.Notices("one"))
            .SubscribeAsync((notices, _) =>
            {
                events.Enqueue(notices);
                return Task.CompletedTask;
            });
        await Report("one", 1, [A, B]);

        await Task.WhenAll(Enumerable.Range(1, 20).Select(i => Tell(i % 2 == 0 ? A : B, i)));

        await Eventually.Holds("all notices come", () => events.Sum(sent => sent.Items.Length) == 20);
        Assert.Equal(
            Enumerable.Range(1, 20).Select(i => (long)i),
            events.SelectMany(sent => sent.Items).Select(notice => notice.Notification.Id));
        // The answer to the report has none.
        Assert.All(events, sent => Assert.InRange(sent.Items.Length, 0, 2));
    }

    [Fact]
    public async Task Tell_MoreThanMayWaitWhileTheStreamIsBusy_LeavesTheOldestOut()
    {
        var streams = new HeldStreams();
        await using var own = new GrainCluster
        {
            Configure = services =>
            {
                services.AddKeyedSingleton<IStreamProvider>(StreamNames.Provider, streams);
                services.Configure<InboxOptions>(options => options.NoticesPerFrontEnd = 3);
            },
        };
        await own.InitializeAsync();
        var shard = own.Grains.Presence(A);
        await shard.Report(new PresenceReport("busy", 1, IsWhole: true, [A], []));
        var notice = new Notification(1, NoticeKind.Follow, 1, 1, false, null, null, new UserId(7), "Mei", null, null);
        for (var id = 1; id <= 10; id++)
        {
            await shard.Tell(new UserNotice(A, notice with { Id = id }, 1));
        }

        streams.Gate.SetResult();
        await Eventually.Holds("the rest is sent", () => streams.Sent.Sum(sent => sent.Items.Length) == 3);
        Assert.Equal(
            [8L, 9, 10], streams.Sent.SelectMany(sent => sent.Items).Select(told => told.Notification.Id));
    }

    [Fact]
    public void Shards_OfUsers_AreWithinTheirNumber()
        => Assert.All(
            [0, 1, 63, 64, long.MaxValue, -1],
            id => Assert.InRange(PresenceShards.Of(new UserId(id)), 0, PresenceShards.Count - 1));

    /// <summary>Streams that take nothing more until they are let.</summary>
    private sealed class HeldStreams : IStreamProvider
    {
        public TaskCompletionSource Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>What was published, but for events without notices.</summary>
        public ConcurrentQueue<UserNotices> Sent { get; } = new();

        public string Name => StreamNames.Provider;

        public bool IsRewindable => false;

        public IAsyncStream<T> GetStream<T>(StreamId streamId)
        {
            var stream = DispatchProxy.Create<IAsyncStream<T>, HeldStream>();
            ((HeldStream)(object)stream).Streams = this;
            return stream;
        }
    }

    /// <summary>Of a stream only publishing one event is asked for here.</summary>
    public class HeldStream : DispatchProxy
    {
        internal object? Streams { get; set; }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            var streams = (HeldStreams)Streams!;
            if (args is [UserNotices { Items.Length: > 0 } notices, ..])
            {
                streams.Sent.Enqueue(notices);
            }

            return streams.Gate.Task;
        }
    }
}
