using System.Collections.Immutable;
using RedNote.Live;
using RedNote.Users;

namespace RedNote.Grains.Tests.Live;

/// <summary>The room as a grain: durable before answered, one sequence, batches applied once.</summary>
public sealed class LiveRoomGrainTests(GrainCluster cluster) : IClassFixture<GrainCluster>
{
    private static readonly UserId Host = new(1);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private static long _nextUser = 1_000;
    private long _number;

    [Fact]
    public async Task Create_SameTokenAgain_IsDoneAnotherIsConflict()
    {
        var room = cluster.Grains.LiveRoom(ClusterRooms.NextId());
        Assert.Null(await room.Get());
        Assert.Equal(CommandStatus.Done, (await room.Create(Command("t1"))).Status);
        Assert.Equal(CommandStatus.Done, (await room.Create(Command("t1"))).Status);
        Assert.Equal(CommandStatus.Conflict, (await room.Create(Command("t2"))).Status);
        Assert.Equal(RoomState.Scheduled, (await room.Get())!.State);
    }

    [Fact]
    public async Task Start_LiveRoom_IsInTheLobby()
    {
        var (id, room) = await cluster.StartRoom();
        Assert.Contains(await cluster.Grains.RoomDirectory().List(RoomState.Live, 100), card => card.RoomId == id);
        await room.End(Host);
        Assert.DoesNotContain(
            await cluster.Grains.RoomDirectory().List(RoomState.Live, 100), card => card.RoomId == id);
    }

    [Fact]
    public async Task Submit_ManyBatches_FramesAreConsecutiveAndCarryEachDanmakuOnce()
    {
        var (id, room) = await cluster.StartRoom();
        var frames = await FrameLog.Of(cluster, id);
        var snapshot = (await room.Join(null))!;

        var verdicts = new List<long>();
        for (var i = 0; i < 20; i++)
        {
            var answer = await room.Submit(Batch("g", [.. Enumerable.Range(0, 10).Select(n => Danmaku($"{i}-{n}"))]));
            verdicts.AddRange(answer.Answers.Cast<Verdict>().Select(verdict => verdict.Seq!.Value));
        }

        var seen = await frames.Until(all => all.Sum(frame => frame.Danmaku?.Length ?? 0) >= 200);
        Assert.Equal(verdicts, seen.SelectMany(frame => frame.Danmaku ?? []).Select(danmaku => danmaku.Seq));
        var numbers = seen.Where(frame => frame.Seq > snapshot.Seq).Select(frame => frame.Seq).ToList();
        Assert.Equal(Enumerable.Range((int)snapshot.Seq + 1, numbers.Count).Select(n => (long)n), numbers);
        Assert.Equal(200, (await room.Get())!.Counters.Danmaku);
    }

    [Fact]
    public async Task Submit_SameBatchAgain_IsAppliedOnce()
    {
        var (_, room) = await cluster.StartRoom();
        var batch = Batch("g", [Danmaku("hi"), new LikeRoom(9) { User = new UserId(5) }]);
        var first = await room.Submit(batch);
        var again = await room.Submit(batch);
        Assert.Equal(first.Answers.AsEnumerable(), again.Answers);
        var counters = (await room.Get())!.Counters;
        Assert.Equal((1, 9), (counters.Danmaku, counters.Likes));
    }

    [Fact]
    public async Task Join_WithAPointTheRoomHolds_GivesExactlyTheFramesAfter()
    {
        var (_, room) = await cluster.StartRoom();
        var start = (await room.Join(null))!;
        for (var i = 0; i < 5; i++)
        {
            await room.Submit(Batch("g", [Danmaku($"{i}")]));
            await Head(room, atLeast: start.Seq + i + 1);
        }

        var resumed = (await room.Join(new ResumePoint(start.Epoch, start.Seq + 2, null)))!;
        Assert.True(resumed.Recovered);
        Assert.Empty(resumed.Recent);
        Assert.Equal(
            Enumerable.Range((int)start.Seq + 3, (int)(resumed.Seq - start.Seq - 2)).Select(n => (long)n),
            resumed.Missed.Select(frame => frame.Seq));
        var lost = (await room.Join(new ResumePoint(start.Epoch + 7, 1, DanmakuSeq: 2)))!;
        Assert.False(lost.Recovered);
        Assert.Equal([3L, 4, 5], lost.Recent.Select(danmaku => danmaku.Seq));
    }

    [Fact]
    public async Task Report_GatewaysComeAndGo_ViewersAreTheirSum()
    {
        var (_, room) = await cluster.StartRoom();
        await room.Report(new GatewayPresence("g1", 3));
        await room.Report(new GatewayPresence("g2", 4));
        await room.Report(new GatewayPresence("g1", 1));
        var counters = (await room.Get())!.Counters;
        Assert.Equal((5, 7), (counters.Viewers, counters.PeakViewers));
    }

    [Fact]
    public async Task Submit_BatchOutOfBounds_IsInvalid()
    {
        var (_, room) = await cluster.StartRoom();
        var huge = Batch("g", [.. Enumerable.Repeat(Danmaku("x"), RoomBatch.MaxItems + 1)]);
        var answers = (await room.Submit(huge)).Answers;
        Assert.All(answers, answer => Assert.Equal(Verdict.Reject(RejectReason.Invalid), answer));
        Assert.Equal(0, (await room.Get())!.Counters.Danmaku);
    }

    [Fact]
    public async Task Submit_FollowersOnly_AsksWhoFollowsTheHost()
    {
        var host = new UserId(Interlocked.Increment(ref _nextUser));
        var fan = new UserId(Interlocked.Increment(ref _nextUser));
        await cluster.Grains.User(host).Create(new NewUser("Host", "t"));
        await cluster.Grains.User(fan).Create(new NewUser("Fan", "t"));
        var (_, room) = await cluster.StartRoom(host);
        await room.ChangeSettings(host, new RoomSettingsChange(null, true, null));
        Assert.Equal(RejectReason.FollowersOnly, (await Send(fan)).Reason);
        Assert.Equal(CommandStatus.Done, await cluster.Grains.User(fan).Follow(host));
        Assert.Equal(VerdictStatus.Accepted, (await Send(fan)).Status);

        async Task<Verdict> Send(UserId user)
            => (Verdict)(await room.Submit(Batch("g", [Danmaku("hi") with { User = user }]))).Answers[0];
    }

    private static CreateRoom Command(string token, UserId? host = null)
        => new(host ?? Host, "Host", "A show", null, null, token);

    private RoomBatch Batch(string gateway, ImmutableArray<RoomCommand> commands)
        => new(gateway, ++_number, 1, commands);

    private static SendDanmaku Danmaku(string text, string? key = null)
        => new("Mei", text, DanmakuMode.Scroll, "#ffffff") { User = new UserId(5), Key = key };

    private static async Task Head(ILiveRoomGrain room, long atLeast)
    {
        var limit = new CancellationTokenSource(Limit);
        while ((await room.Report(new GatewayPresence("g", 1)))!.Seq < atLeast)
        {
            Assert.False(limit.IsCancellationRequested, $"the room did not reach frame {atLeast}");
        }
    }
}
