using System.Collections.Concurrent;
using System.Collections.Immutable;
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
    public void Shards_OfUsers_AreWithinTheirNumber()
        => Assert.All(
            [0, 1, 63, 64, long.MaxValue, -1],
            id => Assert.InRange(PresenceShards.Of(new UserId(id)), 0, PresenceShards.Count - 1));
}
