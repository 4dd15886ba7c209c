using RedNote.Live;

namespace RedNote.Grains.Tests.Live;

/// <summary>What a room leaves out of its frames: counted, in the log, and out of what is shown later.</summary>
public sealed class SamplingTests
{
    private const long Now = 1_800_000_000_000;
    private static readonly UserId Host = new(1);

    [Fact]
    public void Seal_MoreThanTheBudget_LeavesOutTheRestAndSaysSo()
    {
        var room = Live(budget: 10);
        Say(room, 50);

        var frame = room.Seal(Now);

        var shown = frame.Danmaku!.Value.Select(danmaku => danmaku.Seq).ToList();
        Assert.Equal(10, shown.Count);
        Assert.Equal(shown.Order(), shown);
        Assert.Equal(new FrameShed(0, 40, null), frame.Shed);
        Assert.Equal(
            Enumerable.Range(1, 50).Select(seq => (long)seq).Except(shown),
            Enumerable.Range(1, 50).Select(seq => (long)seq).Where(seq => SeqRuns.Contains(frame.Sampled!.Value, seq)));
        Assert.Equal(frame.Sampled!.Value, room.Log.OfType<DanmakuSampled>().Single().Runs.AsEnumerable());
        var totals = room.Rules.Stats(Host).Stats!.Verdicts;
        Assert.Equal((50, 10, 40, 0), (totals.Received, totals.Shown, totals.Sampled, totals.Pending));
    }

    [Fact]
    public void Seal_BudgetOff_ShowsEverything()
    {
        var room = Live(budget: 0);
        Say(room, 500);
        var frame = room.Seal(Now);
        Assert.Equal((500, null), (frame.Danmaku!.Value.Length, frame.Shed));
    }

    [Fact]
    public void Restored_AfterManyFrames_HoldsExactlyTheNewestThatWereShown()
    {
        var room = Live(budget: 100, recent: 60);
        var shown = new List<long>();
        for (var frame = 0; frame < 12; frame++)
        {
            Say(room, 40);
            shown.AddRange(room.Seal(Now + (frame * 100)).Danmaku?.Select(danmaku => danmaku.Seq) ?? []);
        }

        Assert.Equal(shown.TakeLast(60), room.Restored(Now).Rules.Frames.RecentAfter(0, 500).Select(d => d.Seq));
        Assert.Equal(shown.TakeLast(60), room.Rules.Frames.RecentAfter(0, 500).Select(d => d.Seq));
        var stored = new LiveRoomState(room.Options, room.State.ToStored());
        Assert.Equal(room.State.Recent.AsEnumerable(), stored.Recent);

        // What still waits for its frame when the room is lost is shown by the next activation.
        Say(room, 5);
        Assert.Equal(
            shown.Concat(Enumerable.Range(481, 5).Select(seq => (long)seq)).TakeLast(60),
            room.Restored(Now).Rules.Frames.RecentAfter(0, 500).Select(d => d.Seq));
    }

    [Fact]
    public void Recent_QuietRoomWithoutSampling_HoldsNoMoreThanIsShown()
    {
        var room = Live(budget: 30, recent: 60);
        for (var i = 0; i < 2_000; i++)
        {
            Say(room, 1, Now + (i * 1_000));
            room.Seal(Now + (i * 1_000));
        }

        Assert.InRange(room.State.ToStored().Recent.Length, 60, 62);
    }

    [Fact]
    public void Seal_HostsDanmakuBeyondAFrame_AreAllShownInOrder()
    {
        var room = Live(budget: 1, frameBytes: 4_096);
        room.Submit([.. Enumerable.Range(0, 100).Select(i => Line(Host, new string('字', 200)))], Now);
        var shown = new List<long>();
        while (room.Rules.Frames.Waiting > 0)
        {
            shown.AddRange(room.Seal(Now).Danmaku!.Value.Select(danmaku => danmaku.Seq));
        }

        Assert.Equal(Enumerable.Range(1, 100).Select(seq => (long)seq), shown);
    }

    private static TestRoom Live(int budget, int recent = 500, int frameBytes = 192 * 1024)
    {
        var room = new TestRoom(new LiveRoomOptions
        {
            DisplayBudgetPerSecond = budget,
            RecentDanmaku = recent,
            FrameBytes = frameBytes,
            MergeSeconds = 0,
        });
        room.Create(new CreateRoom(Host, "Host", "Tea", null, null, "t"), Now);
        room.Start(Host, Now);
        return room;
    }

    private static void Say(TestRoom room, int count, long at = Now)
        => room.Submit([.. Enumerable.Range(0, count).Select(i => Line(new UserId(2 + i), $"line {i}"))], at);

    private static SendDanmaku Line(UserId user, string text)
        => new("Name", text, DanmakuMode.Scroll, "#ffffff") { User = user };
}
