using RedNote.Live;

namespace RedNote.Grains.Tests.Live;

/// <summary>The rules of a room over plain memory.</summary>
public sealed class LiveRoomTests
{
    private const long Now = 1_800_000_000_000;
    private static readonly UserId Host = new(1);
    private static readonly UserId Viewer = new(2);
    private static readonly UserId Other = new(3);

    [Fact]
    public void Decide_RoomIsNotLive_RejectsDanmakuAndLikes()
    {
        var room = CreatedRoom();
        Assert.Equal(RejectReason.NotLive, Send(room, Viewer, "hi").Reason);
        Assert.Equal(Verdict.Reject(RejectReason.NotLive), Like(room, 5));
        room.Start(Host, Now);
        room.End(Host, Now + 1);
        Assert.Equal(RejectReason.NotLive, Send(room, Viewer, "hi").Reason);
    }

    [Fact]
    public void Decide_RoomWasNeverCreated_SaysNotFound()
        => Assert.Equal(RejectReason.NotFound, Send(new TestRoom(), Viewer, "hi").Reason);

    [Fact]
    public void Decide_Danmaku_NumbersThemWithoutGapAndCarriesMediaTime()
    {
        var room = LiveRoomNow();
        var numbers = Enumerable.Range(0, 3).Select(i => Send(room, Viewer, $"t{i}", at: Now + i).Seq!.Value);
        Assert.Equal([1L, 2, 3], numbers);
        var frame = room.Rules.Frames.Seal(room.Rules.Counters, Now + 10);
        Assert.Equal([0L, 1, 2], frame.Danmaku!.Value.Select(danmaku => danmaku.MediaAt));
        Assert.Equal(3, frame.Counters!.Danmaku);
    }

    [Theory]
    [InlineData("", "#ffffff", DanmakuMode.Scroll, null, RejectReason.Empty)]
    [InlineData("x", "white", DanmakuMode.Scroll, null, RejectReason.Invalid)]
    [InlineData("x", "#ffffff", (DanmakuMode)9, null, RejectReason.Invalid)]
    [InlineData("x", "#ffffff", DanmakuMode.Scroll, "a key", RejectReason.Invalid)]
    public void Decide_MalformedDanmaku_IsRefusedAndNothingChanges(
        string text, string color, DanmakuMode mode, string? key, RejectReason expected)
    {
        var room = LiveRoomNow();
        var answer = (Verdict)room.Submit(
            [new SendDanmaku("Mei", text, mode, color) { User = Viewer, Key = key }], Now)[0];
        Assert.Equal(expected, answer.Reason);
        Assert.Equal(0, room.Rules.Counters.Danmaku);
    }

    [Fact]
    public void Decide_SameKeyAgain_GivesTheFirstResult()
    {
        var room = LiveRoomNow();
        var first = Send(room, Viewer, "hi", key: "k");
        Assert.Equal(first, Send(room, Viewer, "hi", key: "k"));
        Assert.Equal(RejectReason.Conflict, Send(room, Viewer, "other", key: "k").Reason);
        Assert.NotEqual(first.Seq, Send(room, Other, "ho", key: "k").Seq);
        Assert.Equal(2, room.Rules.Counters.Danmaku);
    }

    [Fact]
    public void Decide_RefusedKey_IsFreeForARetry()
    {
        var room = CreatedRoom();
        Assert.Equal(RejectReason.NotLive, Send(room, Viewer, "hi", key: "k").Reason);
        room.Start(Host, Now);
        Assert.Equal(VerdictStatus.Accepted, Send(room, Viewer, "hi", key: "k").Status);
    }

    [Fact]
    public void Decide_LikesWithAKey_CountOnce()
    {
        var room = LiveRoomNow();
        Assert.Equal(new LikesAccepted(20), Like(room, 20, "k"));
        Assert.Equal(new LikesAccepted(20), Like(room, 20, "k"));
        Assert.Equal(Verdict.Reject(RejectReason.Conflict), Like(room, 21, "k"));
        Assert.Equal(Verdict.Reject(RejectReason.Invalid), Like(room, 0));
        Assert.Equal(Verdict.Reject(RejectReason.Invalid), Like(room, 51, "k2"));
        Assert.Equal(20, room.Rules.Counters.Likes);
    }

    [Fact]
    public void Decide_SlowMode_TellsHowLongToWait()
    {
        var room = LiveRoomNow();
        room.ChangeSettings(Host, new RoomSettingsChange(10, null, null), Now);
        Assert.Equal(VerdictStatus.Accepted, Send(room, Viewer, "a", at: Now).Status);
        Assert.Equal(Verdict.Reject(RejectReason.SlowMode, 7_000), Send(room, Viewer, "b", at: Now + 3_000));
        Assert.Equal(VerdictStatus.Accepted, Send(room, Other, "c", at: Now + 3_000).Status);
        Assert.Equal(VerdictStatus.Accepted, Send(room, Host, "d", at: Now + 3_000).Status);
        Assert.Equal(VerdictStatus.Accepted, Send(room, Host, "e", at: Now + 3_001).Status);
        Assert.Equal(VerdictStatus.Accepted, Send(room, Viewer, "f", at: Now + 10_000).Status);
    }

    [Fact]
    public void Decide_MutedBlockedOrNotFollowing_SaysWhy()
    {
        var room = LiveRoomNow();
        room.SetMuted(Host, Viewer, muted: true, Now);
        Assert.Equal(RejectReason.Muted, Send(room, Viewer, "hi").Reason);
        room.SetMuted(Host, Viewer, muted: false, Now);
        room.ChangeSettings(Host, new RoomSettingsChange(null, true, ["Scam"]), Now);
        Assert.Equal(RejectReason.FollowersOnly, Send(room, Viewer, "hi").Reason);
        Assert.Equal(RejectReason.BlockedWord, Send(room, Viewer, "a SCAM!", followers: [Viewer]).Reason);
        Assert.Equal(VerdictStatus.Accepted, Send(room, Viewer, "hi", followers: [Viewer]).Status);
        Assert.Equal(VerdictStatus.Accepted, Send(room, Host, "scam").Status);
    }

    [Fact]
    public void Commands_ByOthersThanTheHost_AreForbiddenAndChangeNothing()
    {
        var room = LiveRoomNow();
        var before = room.Log.Count;
        Assert.Equal(CommandStatus.Forbidden, room.Start(Viewer, Now));
        Assert.Equal(CommandStatus.Forbidden, room.End(Viewer, Now));
        Assert.Equal(CommandStatus.Forbidden, room.ChangeSettings(Viewer, new(5, true, ["x"]), Now));
        Assert.Equal(CommandStatus.Forbidden, room.SetMuted(Viewer, Other, muted: true, Now));
        Assert.Equal(before, room.Log.Count);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(601)]
    public void ChangeSettings_SlowModeOutOfRange_IsInvalid(int seconds)
        => Assert.Equal(CommandStatus.Invalid, LiveRoomNow().ChangeSettings(Host, new(seconds, null, null), Now));

    [Fact]
    public void ChangeSettings_BadWord_ChangesNothingAtAll()
    {
        var room = LiveRoomNow();
        Assert.Equal(CommandStatus.Invalid, room.ChangeSettings(Host, new(5, true, ["ok", " "]), Now));
        Assert.Equal(RoomSettings.Default, room.Rules.PublicSettings);
    }

    [Fact]
    public void Start_TwiceAndAfterTheEnd_AnswersByState()
    {
        var room = CreatedRoom();
        Assert.Equal(CommandStatus.Done, room.Start(Host, Now));
        Assert.Equal(CommandStatus.Done, room.Start(Host, Now + 5));
        Assert.Equal(Now, room.Rules.Card.StartedAt);
        Assert.Equal(CommandStatus.Done, room.End(Host, Now + 9));
        Assert.Equal(CommandStatus.WrongState, room.Start(Host, Now + 10));
        Assert.Equal(Now + 9, room.Rules.Card.EndedAt);
    }

    [Fact]
    public void Decide_SlowModeWithinABatch_HoldsForTheSecondOfTheSameSender()
    {
        var room = LiveRoomNow();
        room.ChangeSettings(Host, new RoomSettingsChange(10, null, null), Now);
        var answers = room.Submit([Danmaku(Viewer, "a"), Danmaku(Viewer, "b"), Danmaku(Other, "c")], Now);
        Assert.Equal(
            [Verdict.Accept(1), Verdict.Reject(RejectReason.SlowMode, 10_000), Verdict.Accept(2)], answers);
    }

    [Fact]
    public void Decide_SlowModeTurnedOn_HoldsForThoseWhoJustSpoke()
    {
        var room = LiveRoomNow();
        Send(room, Viewer, "a", at: Now);
        room.ChangeSettings(Host, new RoomSettingsChange(10, null, null), Now + 1_000);
        Assert.Equal(Verdict.Reject(RejectReason.SlowMode, 8_000), Send(room, Viewer, "b", at: Now + 2_000));
    }

    [Fact]
    public void Decide_SameKeyTwiceInABatch_IsOneDanmaku()
    {
        var room = LiveRoomNow();
        var answers = room.Submit(
            [Danmaku(Viewer, "hi", "k"), Danmaku(Viewer, "hi", "k"), Danmaku(Viewer, "ho", "k")], Now);
        Assert.Equal(
            [Verdict.Accept(1), Verdict.Accept(1), Verdict.Reject(RejectReason.Conflict)], answers);
        Assert.Equal(1, room.Rules.Counters.Danmaku);
    }

    [Fact]
    public void Decide_MoreThanMayWaitForAFrame_RefusesTheRest()
    {
        var room = LiveRoomNow(new LiveRoomOptions { PendingDanmaku = 3 });
        Send(room, Viewer, "first");
        var answers = room.Submit([.. Enumerable.Range(0, 3).Select(i => Danmaku(Viewer, $"{i}"))], Now);
        Assert.Equal(
            [Verdict.Accept(2), Verdict.Accept(3), Verdict.Reject(RejectReason.RateLimited, 500)], answers);
        room.Rules.Frames.Seal(room.Rules.Counters, Now);
        Assert.Equal(VerdictStatus.Accepted, Send(room, Viewer, "again").Status);
    }

    [Fact]
    public void Decide_ABatch_IsOneRunOfEventsThatEndsWithItsNumber()
    {
        var room = LiveRoomNow();
        var before = room.Log.Count;
        room.Submit([Danmaku(Viewer, "a"), Likes(3), Danmaku(Other, "b"), Likes(4, "k")], Now + 7);
        Assert.Equal(
            [typeof(DanmakuSent), typeof(DanmakuSent), typeof(LikesCounted), typeof(BatchApplied)],
            room.Log.Skip(before).Select(raised => raised.GetType()));
        var likes = Assert.Single(room.Log.OfType<LikesCounted>());
        Assert.Equal((7, 7), (likes.Count, likes.MediaAt));
        Assert.Equal("k", Assert.Single(likes.Keys!.Value).Key);
    }

    [Fact]
    public void Decide_NothingAccepted_LeavesNoEvent()
    {
        var room = LiveRoomNow();
        Send(room, Viewer, "hi", key: "k");
        var before = room.Log.Count;
        room.Submit([Danmaku(Viewer, "hi", "k"), Danmaku(Viewer, ""), Likes(0)], Now);
        Assert.Equal(before, room.Log.Count);
    }

    [Fact]
    public void Decide_ClockGoesBack_MediaTimeDoesNot()
    {
        var room = LiveRoomNow();
        Send(room, Viewer, "a", at: Now + 5_000);
        Send(room, Viewer, "b", at: Now + 1_000);
        room.End(Host, Now + 2_000);
        Assert.Equal([5_000L, 5_000], room.Log.OfType<DanmakuSent>().Select(sent => sent.MediaAt));
        Assert.Equal(5_000, Assert.Single(room.Log.OfType<ShowEnded>()).MediaAt);
    }

    [Fact]
    public void Complete_FirstEventsOfAnActivation_BeginItsEpoch()
    {
        var room = LiveRoomNow();
        Assert.Equal(
            [typeof(RoomCreated), typeof(EpochBegan), typeof(ShowStarted)],
            room.Log.Select(raised => raised.GetType()));
        var next = room.Restored(Now);
        Assert.Equal(room.Log.Count, next.Log.Count);
        Send(next, Viewer, "hi");
        Assert.Equal(2, Assert.IsType<EpochBegan>(next.Log[room.Log.Count]).Epoch);
        Assert.Equal(2, next.Rules.Frames.Seal(next.Rules.Counters, Now).Epoch);
    }

    [Fact]
    public void Complete_MoreViewersThanEver_AreReachedOnce()
    {
        var room = LiveRoomNow();
        room.Report("g1", 3, Now);
        room.Report("g2", 4, Now);
        room.Report("g1", 1, Now);
        room.Report("g1", 3, Now);
        Assert.Equal([3, 7], room.Log.OfType<PeakReached>().Select(peak => peak.Viewers));
        Assert.Equal(7, room.Rules.Counters.PeakViewers);
    }

    [Fact]
    public void ChangeSettings_ToWhatTheyAre_LeavesNoEvent()
    {
        var room = LiveRoomNow();
        room.ChangeSettings(Host, new RoomSettingsChange(5, null, ["b", "a"]), Now);
        var before = room.Log.Count;
        Assert.Equal(
            CommandStatus.Done, room.ChangeSettings(Host, new RoomSettingsChange(5, false, ["a", "b"]), Now));
        Assert.Equal(before, room.Log.Count);
    }

    [Fact]
    public void ChangeSettings_OnlyBlockedWords_AreNotAnnounced()
    {
        var room = LiveRoomNow();
        room.Rules.Frames.Seal(room.Rules.Counters, Now);
        room.ChangeSettings(Host, new RoomSettingsChange(null, null, ["secret"]), Now);
        Assert.Null(room.Rules.Frames.Seal(room.Rules.Counters, Now).Events);
        room.ChangeSettings(Host, new RoomSettingsChange(5, null, null), Now);
        Assert.Single(room.Rules.Frames.Seal(room.Rules.Counters, Now).Events!.Value);
    }

    [Fact]
    public void Restored_FromItsEvents_GoesOnWhereItWas()
    {
        var room = LiveRoomNow();
        Send(room, Viewer, "shown");
        room.Rules.Frames.Seal(room.Rules.Counters, Now);
        var waiting = Send(room, Viewer, "waiting", key: "k");
        Like(room, 7, "likes");
        room.SetMuted(Host, Other, muted: true, Now);

        var again = room.Restored(Now);

        Assert.Equal(2, again.Rules.Frames.Epoch);
        Assert.Equal(room.Rules.Counters with { Viewers = 0 }, again.Rules.Counters);
        Assert.Equal(["shown", "waiting"], again.Rules.Frames.RecentAfter(0, 50).Select(danmaku => danmaku.Text));
        Assert.Equal(waiting, Send(again, Viewer, "waiting", key: "k"));
        Assert.Equal(new LikesAccepted(7), Like(again, 7, "likes"));
        Assert.Equal(RejectReason.Muted, Send(again, Other, "hi").Reason);
        Assert.Equal(3, Send(again, Viewer, "next").Seq);
    }

    [Fact]
    public void Restored_SlowMode_StillRuns()
    {
        var room = LiveRoomNow();
        room.ChangeSettings(Host, new RoomSettingsChange(60, null, null), Now);
        Send(room, Viewer, "hi", at: Now);
        var again = room.Restored(Now + 20_000);
        Assert.Equal(Verdict.Reject(RejectReason.SlowMode, 40_000), Send(again, Viewer, "ho", at: Now + 20_000));
        Assert.Equal(VerdictStatus.Accepted, Send(again, Viewer, "ho", at: Now + 60_000).Status);
    }

    private static TestRoom CreatedRoom(LiveRoomOptions? options = null)
    {
        var room = new TestRoom(options);
        Assert.Equal(CommandStatus.Done, room.Create(new CreateRoom(Host, "Host", "A show", null, null, "token"), Now));
        return room;
    }

    private static TestRoom LiveRoomNow(LiveRoomOptions? options = null)
    {
        var room = CreatedRoom(options);
        Assert.Equal(CommandStatus.Done, room.Start(Host, Now));
        return room;
    }

    private static Verdict Send(
        TestRoom room, UserId user, string text, string? key = null, long at = Now, UserId[]? followers = null)
        => (Verdict)room.Submit([Danmaku(user, text, key)], at, followers: [.. followers ?? []])[0];

    private static RoomAnswer Like(TestRoom room, int count, string? key = null)
        => room.Submit([Likes(count, key)], Now)[0];

    private static SendDanmaku Danmaku(UserId user, string text, string? key = null)
        => new("Mei", text, DanmakuMode.Scroll, "#ffffff") { User = user, Key = key };

    private static LikeRoom Likes(int count, string? key = null) => new(count) { User = Viewer, Key = key };
}
