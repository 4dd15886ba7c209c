using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using RedNote.Live;

namespace RedNote.Grains.Tests.Live;

/// <summary>Which danmaku are shown as one, and what is counted.</summary>
public sealed class MergerTests
{
    private const long Now = 1_800_000_000_000;
    private static readonly UserId Host = new(1);
    private static readonly UserId Ann = new(11);
    private static readonly UserId Bob = new(12);
    private static readonly UserId Cid = new(13);

    [Fact]
    public void Decide_NearlyTheSame_IsMergedAndSentAgainOnce()
    {
        var room = Live();
        Assert.Equal(Verdict.Accept(1), Send(room, Ann, "Nice!"));
        Assert.Equal("Nice!", Assert.Single(Seal(room).Danmaku!.Value).Text);
        Assert.Equal(
            [Verdict.Merge(1), Verdict.Merge(1), Verdict.Accept(2)],
            room.Submit([Danmaku(Bob, "ｎｉｃｅ"), Danmaku(Cid, "nice !!"), Danmaku(Cid, "other")], Now + 1_000));

        var frame = Seal(room);
        Assert.Equal(
            [(2L, "other", null), (1L, "Nice!", 3)],
            frame.Danmaku!.Value.Select(danmaku => (danmaku.Seq, danmaku.Text, danmaku.Count)));
        Assert.False(room.Rules.Frames.HasNews(room.Rules.Counters));
        Assert.Equal([3, null], room.Rules.Frames.RecentAfter(0, 50).Select(danmaku => danmaku.Count));
        Assert.Equal(4, room.Rules.Counters.Danmaku);
        var merged = Assert.Single(room.Log.OfType<DanmakuMerged>());
        Assert.Equal((1, 3, 2), (merged.Seq, merged.Count, merged.Senders.Length));
    }

    [Fact]
    public void Decide_RepetitionsBeforeTheFirstIsShown_AreOneDanmakuOfTheFrame()
    {
        var room = Live();
        Assert.Equal(
            [Verdict.Accept(1), Verdict.Merge(1), Verdict.Merge(1)],
            room.Submit([Danmaku(Ann, "hi"), Danmaku(Bob, "hi"), Danmaku(Cid, "HI")], Now));
        Assert.Equal(3, Assert.Single(Seal(room).Danmaku!.Value).Count);
    }

    [Fact]
    public void Decide_AfterTheWindow_IsShownByItself()
    {
        var room = Live();
        Send(room, Ann, "hi");
        Assert.Equal(Verdict.Merge(1), Send(room, Bob, "hi", at: Now + 4_999));
        Assert.Equal(Verdict.Accept(2), Send(room, Cid, "hi", at: Now + 5_000));
        Assert.Equal(Verdict.Merge(2), Send(room, Ann, "hi", at: Now + 5_001));
    }

    [Fact]
    public void Decide_WindowOfZero_NothingIsMerged()
    {
        var room = Live(new LiveRoomOptions { MergeSeconds = 0 });
        Assert.Equal([1L, 2], new[] { Ann, Bob }.Select(user => Send(room, user, "hi").Seq!.Value));
    }

    [Fact]
    public void Decide_OwnRepetitions_CountUpToTheLimitAndAreThenRefused()
    {
        var room = Live(new LiveRoomOptions { OwnRepeats = 2 });
        Send(room, Ann, "hi");
        Assert.Equal(Verdict.Merge(1), Send(room, Ann, "hi"));
        Assert.Equal(Verdict.Merge(1), Send(room, Ann, "hi", at: Now + 1_000));
        Assert.Equal(Verdict.Reject(RejectReason.Duplicate, 3_000), Send(room, Ann, "hi", at: Now + 2_000));
        Assert.Equal(Verdict.Merge(1), Send(room, Bob, "hi", at: Now + 2_000));
        Assert.Equal(Verdict.Accept(2), Send(room, Ann, "hi", at: Now + 5_000));
    }

    [Fact]
    public void Decide_HostsAndModerators_AreNeitherMergedNorMergedInto()
    {
        var room = Live();
        room.SetModerator(Host, Bob, moderates: true, Now);
        Assert.Equal(
            [Verdict.Accept(1), Verdict.Accept(2), Verdict.Accept(3), Verdict.Accept(4), Verdict.Merge(3)],
            new[] { Host, Bob, Ann, Host, Cid }.Select(user => Send(room, user, "hi")));
    }

    [Fact]
    public void Decide_AnotherMode_IsShownByItself()
    {
        var room = Live();
        Send(room, Ann, "hi");
        Assert.Equal(Verdict.Accept(2), room.Submit([Danmaku(Bob, "hi") with { Mode = DanmakuMode.Top }], Now)[0]);
    }

    [Fact]
    public void Decide_KeyOfAMergedOne_GivesTheFirstResultAlsoAfterARestart()
    {
        var room = Live();
        Send(room, Ann, "hi", "a");
        Assert.Equal(Verdict.Merge(1), Send(room, Bob, "hi", "b"));
        var again = room.Restored(Now + 1_000);
        foreach (var each in new[] { room, again })
        {
            Assert.Equal(Verdict.Merge(1), Send(each, Bob, "hi", "b", Now + 1_000));
            Assert.Equal(Verdict.Accept(1), Send(each, Ann, "hi", "a", Now + 1_000));
            Assert.Equal(2, each.Rules.Counters.Danmaku);
        }

        // What was shown before the restart is not counted on: a new one stands for itself.
        Assert.Equal(Verdict.Accept(2), Send(again, Cid, "hi", at: Now + 1_000));
    }

    [Fact]
    public void Decide_BatchThatWasNotRaised_LeavesNothingToMergeInto()
    {
        var room = Live();
        Send(room, Ann, "shown");
        var lost = new RoomBatch("x", 1, 1, [Danmaku(Ann, "hi"), Danmaku(Bob, "shown")]);
        room.Rules.Decide(lost, default, Now, []);
        Assert.Equal(Verdict.Accept(2), Send(room, Bob, "hi"));
        Send(room, Cid, "shown");
        Assert.Equal(2, room.Log.OfType<DanmakuMerged>().Single().Count);
    }

    [Fact]
    public void Decide_RepetitionThatWasNotRaised_IsNoneOfTheOnesAllowed()
    {
        var room = Live(new LiveRoomOptions { OwnRepeats = 1 });
        Send(room, Ann, "hi");
        room.Rules.Decide(new RoomBatch("x", 1, 1, [Danmaku(Bob, "hi"), Danmaku(Ann, "hi")]), default, Now, []);
        Assert.Equal(Verdict.Merge(1), Send(room, Bob, "hi"));
        Assert.Equal(Verdict.Merge(1), Send(room, Ann, "hi"));
        Assert.Equal(RejectReason.Duplicate, Send(room, Ann, "hi").Reason);
    }

    [Fact]
    public void Merged_NumberWasThatOfOneThatWasNotRaised_GoesOnCounting()
    {
        var merger = new Merger(new LiveRoomOptions());
        merger.BeginBatch();
        merger.Watch("first", 1, Ann, Now);
        merger.Sent(Said(1, "first"));
        merger.BeginBatch();
        merger.Watch("lost", 2, Ann, Now + 4_000);
        merger.BeginBatch();
        merger.Watch("said", 2, Ann, Now + 4_000);
        merger.Sent(Said(2, "said"));

        // The first has had its time, and the lost one waits behind it to be let go.
        merger.BeginBatch();
        merger.Watch("other", 3, Bob, Now + 5_000);
        Assert.Equal(2, merger.Find("said", Bob, Now + 5_000, int.MaxValue).Count);
        Assert.Equal(2, merger.Merged(2, 2)?.Count);
        merger.BeginBatch();
        Assert.Equal(3, merger.Find("said", Cid, Now + 5_000, int.MaxValue).Count);

        static Danmaku Said(long seq, string text)
            => new(seq, Ann, "Ann", text, DanmakuMode.Scroll, "#ffffff", Now, 0);
    }

    [Fact]
    public void Watch_MoreTextsThanAllowed_TheOldestGo()
    {
        var room = Live(new LiveRoomOptions { MergeTexts = 2 });
        foreach (var text in new[] { "one", "two", "three" })
        {
            Send(room, Ann, text);
        }

        Assert.Equal(
            [Verdict.Accept(4), Verdict.Merge(3)], new[] { "one", "three" }.Select(text => Send(room, Bob, text)));
    }

    [Fact]
    public void Decide_SlowMode_HoldsForMergedOnesToo()
    {
        var room = Live();
        room.ChangeSettings(Host, new RoomSettingsChange(10, null, null), Now);
        Send(room, Ann, "hi");
        Assert.Equal(Verdict.Merge(1), Send(room, Bob, "hi"));
        Assert.Equal(RejectReason.SlowMode, Send(room, Bob, "ho").Reason);
        Assert.Equal(RejectReason.SlowMode, Send(room.Restored(Now), Bob, "ho").Reason);
    }

    [Fact]
    public void Decide_AnyOrderOfTexts_EveryOneIsCountedOnceAndFramesTellTheCounts()
        => Prop.ForAll(Gen.Choose(0, 399).ListOf().ToArbitrary(), steps =>
        {
            var room = Live(new LiveRoomOptions { OwnRepeats = 1, MergeTexts = 3, DisplayBudgetPerSecond = 0 });
            var shown = new Dictionary<long, int>();
            var counted = new Dictionary<long, int>();
            var now = Now;
            foreach (var step in steps)
            {
                now += step % 2 * 700;
                var text = $"text {(char)('a' + (step / 10 % 8))}x";
                var verdict = Send(room, new UserId(10 + (step / 2 % 5)), text, at: now);
                if (verdict.Seq is { } seq)
                {
                    counted[seq] = counted.GetValueOrDefault(seq) + 1;
                }

                if (step % 3 == 0)
                {
                    Take(room, shown);
                }
            }

            Take(room, shown);
            return shown.OrderBy(one => one.Key).SequenceEqual(counted.OrderBy(one => one.Key))
                && room.Rules.Counters.Danmaku == counted.Values.Sum()
                && room.State.Recent.All(danmaku => (danmaku.Count ?? 1) == counted[danmaku.Seq]);
        }).QuickCheckThrowOnFailure();

    private static void Take(TestRoom room, Dictionary<long, int> shown)
    {
        var danmaku = Seal(room).Danmaku ?? [];
        Assert.Equal(danmaku.Length, danmaku.DistinctBy(one => one.Seq).Count());
        foreach (var one in danmaku)
        {
            shown[one.Seq] = one.Count ?? 1;
        }
    }

    private static RoomFrame Seal(TestRoom room) => room.Rules.Frames.Seal(room.Rules.Counters, Now);

    private static TestRoom Live(LiveRoomOptions? options = null)
    {
        var room = new TestRoom(options);
        room.Create(new CreateRoom(Host, "Host", "A show", null, null, "token"), Now);
        room.Start(Host, Now);
        return room;
    }

    private static Verdict Send(TestRoom room, UserId user, string text, string? key = null, long at = Now)
        => (Verdict)room.Submit([Danmaku(user, text, key)], at)[0];

    private static SendDanmaku Danmaku(UserId user, string text, string? key = null)
        => new("Mei", text, DanmakuMode.Scroll, "#ffffff") { User = user, Key = key };
}
