using RedNote.Live;

namespace RedNote.Grains.Tests.Live;

/// <summary>The totals of the room as a grain: a batch counts once, however often it comes.</summary>
public sealed class RoomStatsTests(GrainCluster cluster) : IClassFixture<GrainCluster>
{
    private static readonly UserId Host = new(1);
    private static long _nextRoom = 40_000;

    private readonly ILiveRoomGrain _room = cluster.Grains.LiveRoom(new RoomId(Interlocked.Increment(ref _nextRoom)));

    [Fact]
    public async Task Stats_BatchWithAReportSentAgain_CountsOnce()
    {
        await Start();
        var batch = new RoomBatch("g", 1, 1, [Say("one"), Say("two"), Say("")])
        {
            Report = new GatewayReport(1, [new RefusalCount(RejectReason.TooLong, 4)], []),
        };
        await _room.Submit(batch);
        await _room.Submit(batch);
        await _room.Report(new GatewayPresence("g", 1) { Report = batch.Report });
        await _room.Submit(new RoomBatch("g", 2, 1, [Say("three")]) { Report = batch.Report });

        var totals = (await _room.Stats(Host)).Stats!.Verdicts;
        Assert.Equal((8, 3), (totals.Received, totals.Pending + totals.Shown));
        Assert.Equal(
            [new RefusalCount(RejectReason.TooLong, 4), new RefusalCount(RejectReason.Empty, 1)],
            totals.Rejected.AsEnumerable());
    }

    [Fact]
    public async Task Submit_BatchGivenUpThatComesLate_IsRefusedAndNotCountedAgain()
    {
        await Start();
        await _room.Report(new GatewayPresence("g", 1) { Report = new GatewayReport(0, [], [new GivenUpBatch(1, 2)]) });
        var late = await _room.Submit(new RoomBatch("g", 1, 1, [Say("one"), Say("two")]));

        Assert.True(late.IsCounted);
        Assert.All(late.Answers, answer => Assert.Equal(Verdict.Reject(RejectReason.TryAgain), answer));
        var stats = (await _room.Stats(Host)).Stats!;
        Assert.Equal((2, 0), (stats.Verdicts.Received, stats.Counters.Danmaku));
    }

    [Fact]
    public async Task Submit_BatchOfWhichNoNoteIsTaken_SaysSo()
    {
        Assert.False((await _room.Submit(new RoomBatch("g", 1, 1, [Say("no room")]))).IsCounted);
        await Start();
        Assert.False((await _room.Submit(new RoomBatch("g", 0, 1, [Say("no number")]))).IsCounted);
        Assert.False((await _room.Submit(new RoomBatch("", 1, 1, [Say("no name")]))).IsCounted);
        Assert.Equal(0, (await _room.Stats(Host)).Stats!.Verdicts.Received);
    }

    private static SendDanmaku Say(string text)
        => new("Mei", text, DanmakuMode.Scroll, "#ffffff") { User = new UserId(5) };

    private async Task Start()
    {
        await _room.Create(new CreateRoom(Host, "Host", "Tea", null, null, "t"));
        await _room.Start(Host);
    }
}
