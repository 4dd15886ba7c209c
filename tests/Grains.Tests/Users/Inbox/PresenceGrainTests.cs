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

    public PresenceGrainTests()
        => _cluster = new GrainCluster { Configure = services => services.AddSingleton<TimeProvider>(_time) };

    // All of the first shard.
    private static UserId A { get; } = new(PresenceShards.Count);

    private static UserId B { get; } = new(PresenceShards.Count * 2);

    private IPresenceGrain Shard => _cluster.Grains.Presence(A);

    public ValueTask InitializeAsync() => _cluster.InitializeAsync();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    private Task<bool> Report(
        string frontEnd, long number, ImmutableArray<UserId> came, ImmutableArray<UserId> left = default)
        => Shard.Report(new PresenceReport(frontEnd, number, number == 1, came, left.IsDefault ? [] : left));

    private Task<bool> Tell(UserId user) => Shard.Tell(Notice(user, 1));

    private static UserNotice Notice(UserId user, long id) => new(
        user, new Notification(id, NoticeKind.Follow, 1, 1, false, null, null, new UserId(7), "Mei", null, null), 1);

    /// <summary>Tells of notices 1, 2, ... for two users by turns while an event to their front end is under way;
    /// answers the events after it, once they have as many notices as expected.</summary>
    private static async Task<IReadOnlyCollection<UserNotices>> TellWhileBusy(
        int notices, int expected, Action<InboxOptions> bounds)
    {
        var streams = new HeldStreams();
        await using var own = new GrainCluster
        {
            Streams = streams,
            Configure = services => services.Configure(bounds),
        };
        await own.InitializeAsync();
        var shard = own.Grains.Presence(A);
        await shard.Report(new PresenceReport("busy", 1, IsWhole: true, [A, B], []));
        for (var id = 1; id <= notices; id++)
        {
            await shard.Tell(Notice(id % 2 == 0 ? A : B, id));
        }

        streams.Gate.SetResult();
        await Eventually.Holds("the rest is sent", () => streams.Sent.Sum(sent => sent.Items.Length) == expected);
        return streams.Sent;
    }

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
    public async Task Tell_WhileTheStreamIsBusy_SendsAllInOrderFewAtATime()
    {
        var sent = await TellWhileBusy(20, expected: 20, options => options.NoticesPerEvent = 2);

        Assert.Equal(
            Enumerable.Range(1, 20).Select(i => (long)i),
            sent.SelectMany(notices => notices.Items).Select(notice => notice.Notification.Id));
        Assert.All(sent, notices => Assert.InRange(notices.Items.Length, 1, 2));
    }

    [Fact]
    public async Task Tell_MoreThanMayWaitWhileTheStreamIsBusy_LeavesTheOldestOut()
    {
        var sent = await TellWhileBusy(10, expected: 3, options => options.NoticesPerFrontEnd = 3);

        Assert.Equal([8L, 9, 10], sent.SelectMany(notices => notices.Items).Select(told => told.Notification.Id));
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
