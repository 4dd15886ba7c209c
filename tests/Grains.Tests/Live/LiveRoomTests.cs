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
        => Assert.Equal(RejectReason.NotFound, Send(NewRoom(new LiveRoomDocument()), Viewer, "hi").Reason);

    [Fact]
    public void Decide_Danmaku_NumbersThemWithoutGapAndCarriesMediaTime()
    {
        var room = LiveRoomNow();
        var numbers = Enumerable.Range(0, 3).Select(i => Send(room, Viewer, $"t{i}", at: Now + i).Seq!.Value);
        Assert.Equal([1L, 2, 3], numbers);
        var frame = room.Frames.Seal(room.Counters, Now + 10);
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
        var answer = (Verdict)room.Decide(
            [new SendDanmaku("Mei", text, mode, color) { User = Viewer, Key = key }], [], Now)[0];
        Assert.Equal(expected, answer.Reason);
        Assert.Equal(0, room.Counters.Danmaku);
    }

    [Fact]
    public void Decide_SameKeyAgain_GivesTheFirstResult()
    {
        var room = LiveRoomNow();
        var first = Send(room, Viewer, "hi", key: "k");
        Assert.Equal(first, Send(room, Viewer, "hi", key: "k"));
        Assert.Equal(RejectReason.Conflict, Send(room, Viewer, "other", key: "k").Reason);
        Assert.NotEqual(first.Seq, Send(room, Other, "hi", key: "k").Seq);
        Assert.Equal(2, room.Counters.Danmaku);
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
        Assert.Equal(20, room.Counters.Likes);
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
        var before = room.ToDocument();
        Assert.Equal(CommandStatus.Forbidden, room.Start(Viewer, Now));
        Assert.Equal(CommandStatus.Forbidden, room.End(Viewer, Now));
        Assert.Equal(CommandStatus.Forbidden, room.ChangeSettings(Viewer, new(5, true, ["x"]), Now));
        Assert.Equal(CommandStatus.Forbidden, room.SetMuted(Viewer, Other, muted: true, Now));
        var after = room.ToDocument();
        Assert.Equal(before.State, after.State);
        Assert.Equal(before.Settings, after.Settings);
        Assert.Empty(after.Muted);
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
        Assert.Equal(RoomSettings.Default, room.PublicSettings);
    }

    [Fact]
    public void Start_TwiceAndAfterTheEnd_AnswersByState()
    {
        var room = CreatedRoom();
        Assert.Equal(CommandStatus.Done, room.Start(Host, Now));
        Assert.Equal(CommandStatus.Done, room.Start(Host, Now + 5));
        Assert.Equal(Now, room.Card.StartedAt);
        Assert.Equal(CommandStatus.Done, room.End(Host, Now + 9));
        Assert.Equal(CommandStatus.WrongState, room.Start(Host, Now + 10));
        Assert.Equal(Now + 9, room.Card.EndedAt);
    }

    [Fact]
    public void Document_ReadBack_RestoresWhatWasDecided()
    {
        var room = LiveRoomNow();
        Send(room, Viewer, "shown");
        room.Frames.Seal(room.Counters, Now);
        var waiting = Send(room, Viewer, "waiting", key: "k");
        Like(room, 7, "likes");
        room.SetMuted(Host, Other, muted: true, Now);

        var again = NewRoom(room.ToDocument());

        Assert.Equal(2, again.Frames.Epoch);
        Assert.Equal(room.Counters with { Viewers = 0 }, again.Counters);
        Assert.Equal(["shown", "waiting"], again.Frames.RecentAfter(0, 50).Select(danmaku => danmaku.Text));
        Assert.Equal(waiting, Send(again, Viewer, "waiting", key: "k"));
        Assert.Equal(new LikesAccepted(7), Like(again, 7, "likes"));
        Assert.Equal(RejectReason.Muted, Send(again, Other, "hi").Reason);
        Assert.Equal(3, Send(again, Viewer, "next").Seq);
    }

    private static LiveRoom NewRoom(LiveRoomDocument document)
        => new(new RoomId(9), document, new LiveRoomOptions(), Now);

    private static LiveRoom CreatedRoom()
    {
        var room = NewRoom(new LiveRoomDocument());
        Assert.Equal(CommandStatus.Done, room.Create(new CreateRoom(Host, "Host", "A show", null, null, "token")));
        return room;
    }

    private static LiveRoom LiveRoomNow()
    {
        var room = CreatedRoom();
        Assert.Equal(CommandStatus.Done, room.Start(Host, Now));
        return room;
    }

    private static Verdict Send(
        LiveRoom room, UserId user, string text, string? key = null, long at = Now, UserId[]? followers = null)
        => (Verdict)room.Decide(
            [new SendDanmaku("Mei", text, DanmakuMode.Scroll, "#ffffff") { User = user, Key = key }],
            [.. followers ?? []], at)[0];

    private static RoomAnswer Like(LiveRoom room, int count, string? key = null)
        => room.Decide([new LikeRoom(count) { User = Viewer, Key = key }], [], Now)[0];
}
