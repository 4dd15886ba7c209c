using System.Collections.Immutable;
using RedNote.Journal;
using RedNote.Live;
using RedNote.Users;

namespace RedNote.Grains.Tests.Live;

/// <summary>Draws in a room as a grain: decided by themselves, durable before they are shown.</summary>
public sealed class RoomDrawGrainTests(GrainCluster cluster) : IClassFixture<GrainCluster>
{
    private static readonly UserId Host = new(1);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private static long _nextId = 900_000;
    private long _number;

    [Fact]
    public async Task Draw_ItsTimeIsUp_IsDecidedWithoutBeingAskedAndProvesItself()
    {
        var (id, room) = await cluster.StartRoom();
        var frames = await FrameLog.Of(cluster, id);
        var opened = await Open(room, winners: 3, seconds: 1);
        Assert.Equal((null, false), (opened.Seed, opened.Closed));
        Assert.All(await Enter(room, opened.DrawId, 5, 50, 500, 6, 7), verdict => Assert.Equal(Verdict.Done, verdict));
        Assert.Equal(5, Assert.Single((await room.Join(null))!.Draws).Entrants);
        Assert.Equal(
            CommandStatus.WrongState,
            (await room.DrawEntrants(new DrawEntrantsQuery(opened.DrawId, null, 10))).Status);

        var seen = await frames.Until(all => Results(all).Any());

        var result = Assert.Single(Results(seen)).Draw;
        Assert.Equal(opened.Commitment, DrawProof.Commitment(result.Seed!));
        var page = await room.DrawEntrants(new DrawEntrantsQuery(opened.DrawId, null, 100));
        Assert.Equal([5L, 50, 500, 6, 7], page.Items.Select(user => user.Value));
        Assert.Null(page.Next);
        long[] list = [5, 50, 500, 6, 7];
        Assert.Equal(DrawProof.EntrantsHash(list), result.EntrantsHash);
        Assert.Equal(
            DrawProof.WinningPlaces(result.Seed!, result.EntrantsHash!, 5, 3).Select(place => list[place]),
            result.WinnerIds!.Value.Select(user => user.Value));
        Assert.Equal(RejectReason.DrawClosed, (await Enter(room, opened.DrawId, 8))[0].Reason);
        var tape = (await room.Tape(new TapeQuery(default, null, 100)))!.Items;
        Assert.Equal(opened with { Entrants = 0 }, tape.OfType<TapeDrawOpened>().Single().Draw);
        Assert.Equal(result.Seed, tape.OfType<TapeDrawResult>().Single().Draw.Seed);
        var joined = Assert.Single((await room.Join(null))!.Draws);
        Assert.Equal(result.WinnerIds.Value.AsEnumerable(), joined.WinnerIds!.Value);
    }

    [Fact]
    public async Task Entrants_PageByPage_AreAllOfTheListInOrder()
    {
        var (_, room) = await cluster.StartRoom();
        var draw = await Open(room, winners: 1, seconds: 2);
        var users = Enumerable.Range(1, 5_000).Select(i => i * 13L).ToArray();
        foreach (var some in users.Chunk(RoomBatch.MaxItems))
        {
            Assert.All(await Enter(room, draw.DrawId, some), verdict => Assert.Equal(Verdict.Done, verdict));
        }

        await WhenDecided(room, draw.DrawId);
        OrdinalIds.Sort(users);
        foreach (var limit in new[] { 1_999, 2_048, 5_000 })
        {
            var all = new List<long>();
            UserId? after = null;
            do
            {
                var page = await room.DrawEntrants(new DrawEntrantsQuery(draw.DrawId, after, limit));
                Assert.Equal(CommandStatus.Done, page.Status);
                Assert.InRange(page.Items.Length, 1, limit);
                all.AddRange(page.Items.Select(user => user.Value));
                after = page.Next;
            }
            while (after is not null);

            Assert.Equal(users, all);
        }

        var none = await room.DrawEntrants(new DrawEntrantsQuery(draw.DrawId, new UserId(users[^1]), 10));
        Assert.Empty(none.Items);
        Assert.Equal(
            CommandStatus.NotFound, (await room.DrawEntrants(new DrawEntrantsQuery(new DrawId(4), null, 10))).Status);
    }

    [Theory]
    [InlineData("room.draw_closed", true)]
    [InlineData("room.draw_closed", false)]
    [InlineData("room.draw_decided", true)]
    [InlineData("room.draw_decided", false)]
    public async Task Draw_TheRoomFailsWhileItSettles_TheNextActivationGoesOnByItself(string kind, bool afterwards)
    {
        var (id, room) = await cluster.StartRoom();
        var draw = await Open(room, winners: 2, seconds: 1);
        await Enter(room, draw.DrawId, 5, 6, 7);
        var version = cluster.RoomEvents(id).Count;
        cluster.Journal.FailNext(
            ClusterRooms.LogOf(id), afterwards, version: version + (kind == "room.draw_closed" ? 1 : 2));

        // Nothing is asked of the room: what it owes wakes it, as the silo's waker does.
        await Eventually.Holds($"{kind} failed, and the draw has a result", async () =>
        {
            await Wake(room);
            return cluster.RoomEvents(id).OfType<DrawDecided>().Any();
        });

        var events = cluster.RoomEvents(id);
        Assert.Single(events.OfType<DrawClosed>());
        Assert.Single(events.OfType<DrawListed>());
        var result = Assert.Single(events.OfType<DrawDecided>()).Draw;
        Assert.Equal(3, result.Entrants);
        await Eventually.Holds("the room answers with the result", async () =>
        {
            try
            {
                return (await room.Draw(draw.DrawId))?.Seed == result.Seed;
            }
            catch (TryAgainException)
            {
                return false;
            }
        });
    }

    [Fact]
    public async Task Effects_OpenDraw_OwesItsResultUntilItIsThere()
    {
        var (id, room) = await cluster.StartRoom();
        var draw = await Open(room, winners: 1, seconds: 2);
        Assert.Contains(await Owed(id), receiver => receiver == $"{LiveRoomServices.OwedDraw}{draw.DrawId}");
        await WhenDecided(room, draw.DrawId);
        await Eventually.Holds("nothing is owed", async () => (await Owed(id)).Count == 0);
    }

    [Fact]
    public async Task Open_StoreHoldsBack_IsNotAnsweredAndNobodySeesIt()
    {
        var (id, room) = await cluster.StartRoom();
        var frames = await FrameLog.Of(cluster, id);
        Task<DrawOutcome> opening;
        using (cluster.Journal.Hold())
        {
            opening = room.OpenDraw(Command(winners: 1, seconds: 600));
            await room.Submit(new RoomBatch("z", 0, 0, [])).WaitAsync(Limit);
            Assert.False(opening.IsCompleted);
            Assert.DoesNotContain(
                await frames.Until(_ => true),
                frame => frame.Events is { } events && events.Any(raised => raised is DrawAnnounced));
        }

        Assert.Equal(CommandStatus.Done, (await opening.WaitAsync(Limit)).Status);
    }

    [Fact]
    public async Task OldDraw_LongAfter_CanStillBeReadAndProven()
    {
        var (_, room) = await cluster.StartRoom();
        var first = await Open(room, winners: 1, seconds: 1, key: "k0");
        await Enter(room, first.DrawId, 5, 6);
        await WhenDecided(room, first.DrawId);
        for (var i = 1; i <= 4; i++)
        {
            var other = await Open(room, winners: 1, seconds: 1, key: $"k{i}");
            await WhenDecided(room, other.DrawId);
        }

        Assert.DoesNotContain((await room.Join(null))!.Draws, draw => draw.DrawId == first.DrawId);
        var old = (await room.Draw(first.DrawId))!;
        Assert.Equal(2, old.Entrants);
        Assert.Equal(first.Commitment, DrawProof.Commitment(old.Seed!));
        var again = await room.OpenDraw(Command(winners: 1, seconds: 1, key: "k0"));
        Assert.Equal((CommandStatus.Done, old.Seed), (again.Status, again.Draw!.Seed));
        Assert.Equal(RejectReason.DrawClosed, (await Enter(room, first.DrawId, 9))[0].Reason);
    }

    [Fact]
    public async Task Enter_FollowedCondition_AsksWhoFollowsTheHost()
    {
        var host = new UserId(Interlocked.Increment(ref _nextId));
        var fan = new UserId(Interlocked.Increment(ref _nextId));
        await cluster.Grains.User(host).Create(new NewUser("Host", "t"));
        await cluster.Grains.User(fan).Create(new NewUser("Fan", "t"));
        var (_, room) = await cluster.StartRoom(host);
        var draw = await Open(
            room, winners: 1, seconds: 600, condition: new DrawCondition(DrawConditionKind.Followed, null, null),
            host: host);
        Assert.Equal(RejectReason.FollowersOnly, (await Enter(room, draw.DrawId, fan.Value))[0].Reason);
        await cluster.Grains.User(fan).Follow(host);
        Assert.Equal(Verdict.Done, (await Enter(room, draw.DrawId, fan.Value))[0]);
    }

    [Fact]
    public async Task Fans_AfterTheRoomWasRebuilt_HaveTheirPointsAndWatchTime()
    {
        var (id, room) = await cluster.StartRoom();
        await room.Report(new GatewayPresence("g", 1) { Audience = new AudienceChange(1, [new UserId(5)], []) });
        await room.Submit(Batch([.. Enumerable.Range(0, 3).Select(i => Danmaku(5, $"{i}"))]));
        Assert.Equal(30, Assert.Single((await room.Fans(10))!.Items).Points);
        var fan = (await room.Fan(new UserId(5)))!;
        Assert.Equal((30, 1), (fan.Points, fan.Rank));
        Assert.Null(await cluster.Grains.LiveRoom(new RoomId(77)).Fans(10));
        Assert.Null(await cluster.Grains.LiveRoom(new RoomId(77)).Fan(new UserId(5)));
        Assert.Equal([new UserId(5)], Assert.Single(cluster.RoomEvents(id).OfType<AudienceChanged>()).Came);
        await Eventually.Holds(
            "a second was watched", async () => (await room.Fan(new UserId(5)))!.WatchSeconds >= 1);
    }

    private static IEnumerable<DrawResultAnnounced> Results(ImmutableArray<RoomFrame> frames)
        => frames.SelectMany(frame => frame.Events ?? []).OfType<DrawResultAnnounced>();

    private async Task<List<string>> Owed(RoomId id)
    {
        var rows = await cluster.Journal.QueryAsync(
            Outbox.OwedSince(long.MaxValue, 10_000), CancellationToken.None);
        return
        [
            .. rows.Select(Outbox.Read).Where(effect => effect.Source == ClusterRooms.LogOf(id))
                .Select(effect => effect.Receiver),
        ];
    }

    private static async Task Wake(ILiveRoomGrain room)
    {
        try
        {
            await room.DeliverEffects();
        }
        catch (TryAgainException)
        {
            // On its way out; the next call reaches another activation.
        }
    }

    private static Task WhenDecided(ILiveRoomGrain room, DrawId draw)
        => Eventually.Holds("the draw is decided", async () => (await room.Draw(draw))?.Seed is not null);

    private static OpenDraw Command(
        int winners, int seconds, string key = "k", DrawCondition? condition = null, UserId? host = null)
        => new(
            host ?? Host, new DrawId(Interlocked.Increment(ref _nextId)), "A lipstick", winners, seconds,
            condition ?? DrawCondition.None, key);

    private static async Task<Draw> Open(
        ILiveRoomGrain room, int winners, int seconds, string key = "k", DrawCondition? condition = null,
        UserId? host = null)
    {
        var outcome = await room.OpenDraw(Command(winners, seconds, key, condition, host));
        Assert.Equal(CommandStatus.Done, outcome.Status);
        return outcome.Draw!;
    }

    private async Task<List<Verdict>> Enter(ILiveRoomGrain room, DrawId draw, params long[] users)
    {
        var answer = await room.Submit(Batch(
            [.. users.Select(user => (RoomCommand)new EnterDraw(draw) { User = new UserId(user) })]));
        return [.. answer.Answers.Cast<Verdict>()];
    }

    private RoomBatch Batch(ImmutableArray<RoomCommand> commands) => new("g", ++_number, 1, commands);

    private static SendDanmaku Danmaku(long user, string text)
        => new("Mei", text, DanmakuMode.Scroll, "#ffffff") { User = new UserId(user) };
}
