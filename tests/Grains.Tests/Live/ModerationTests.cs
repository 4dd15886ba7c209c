using RedNote.Live;

namespace RedNote.Grains.Tests.Live;

/// <summary>The rules about who may speak, what waits, and who decides, over plain memory.</summary>
public sealed class ModerationTests
{
    private const long Now = 1_800_000_000_000;
    private static readonly UserId Host = new(1);
    private static readonly UserId Mod = new(2);
    private static readonly UserId Ann = new(11);
    private static readonly UserId Bob = new(12);

    [Fact]
    public void Mute_ForSeconds_EndsByItselfAlsoAfterARestart()
    {
        var room = Live();
        Assert.Equal(CommandStatus.Done, room.SetMuted(Mod, Ann, muted: true, Now, seconds: 60));
        Assert.Equal(Verdict.Reject(RejectReason.Muted, 45_000), Send(room, Ann, "a", Now + 15_000));
        var again = room.Restored(Now + 20_000);
        Assert.Equal(Verdict.Reject(RejectReason.Muted, 40_000), Send(again, Ann, "a", Now + 20_000));
        Assert.Equal(VerdictStatus.Accepted, Send(again, Ann, "a", Now + 60_000).Status);
        var told = Assert.Single(Events(room).OfType<UserMuted>());
        Assert.Equal((Ann, true, Now + 60_000), (told.UserId, told.Muted, told.Until));
    }

    [Fact]
    public void Mute_AgainOrForGood_TheLaterOneHolds()
    {
        var room = Live();
        room.SetMuted(Host, Ann, muted: true, Now, seconds: 60);
        room.SetMuted(Host, Ann, muted: true, Now, seconds: 10);
        Assert.Equal(VerdictStatus.Accepted, Send(room, Ann, "a", Now + 10_000).Status);
        room.SetMuted(Host, Ann, muted: true, Now + 11_000);
        var before = room.Log.Count;
        room.SetMuted(Host, Ann, muted: true, Now + 12_000);
        Assert.Equal(before, room.Log.Count);
        Assert.Equal(Verdict.Reject(RejectReason.Muted), Send(room, Ann, "b", Now + 9_000_000_000));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    [InlineData(2_592_001)]
    public void Mute_SecondsOutOfRange_IsInvalid(int seconds)
        => Assert.Equal(CommandStatus.Invalid, Live().SetMuted(Host, Ann, muted: true, Now, seconds));

    [Fact]
    public void Mute_MoreThanAllowed_CountsOnlyThoseThatRun()
    {
        var room = Live(new LiveRoomOptions { Muted = 2 });
        room.SetMuted(Host, new UserId(21), muted: true, Now, seconds: 10);
        room.SetMuted(Host, new UserId(22), muted: true, Now);
        Assert.Equal(CommandStatus.Invalid, room.SetMuted(Host, new UserId(23), muted: true, Now));
        Assert.Equal(CommandStatus.Done, room.SetMuted(Host, new UserId(23), muted: true, Now + 10_000));
        Assert.Equal(2, room.State.ToStored().Muted.Length);
        Assert.Empty(room.State.ToStored().TimedMutes);
    }

    [Fact]
    public void Staff_IsNotMutedAndStandsAboveTheRules()
    {
        var room = Live();
        Assert.Equal(CommandStatus.Invalid, room.SetMuted(Host, Host, muted: true, Now));
        Assert.Equal(CommandStatus.Invalid, room.SetMuted(Host, Mod, muted: true, Now));
        Assert.Equal(CommandStatus.Forbidden, room.SetMuted(Mod, Host, muted: true, Now));
        room.ChangeSettings(Host, new RoomSettingsChange(600, true, ["bad"], HoldMode.All, Shield: true), Now);
        Assert.Equal(
            [1L, 2, 3, 4], new[] { Host, Mod, Mod, Host }.Select(user => Send(room, user, "bad").Seq!.Value));
    }

    [Fact]
    public void Moderators_AreTheHostsToMakeAndMayNotMakeOthers()
    {
        var room = Live(new LiveRoomOptions { Moderators = 2 });
        Assert.Equal(CommandStatus.Forbidden, room.SetModerator(Mod, Ann, moderates: true, Now));
        Assert.Equal(CommandStatus.Forbidden, room.SetModerator(Ann, Ann, moderates: true, Now));
        Assert.Equal(CommandStatus.Invalid, room.SetModerator(Host, Host, moderates: true, Now));
        room.SetMuted(Host, Ann, muted: true, Now);
        Assert.Equal(CommandStatus.Done, room.SetModerator(Host, Ann, moderates: true, Now));
        Assert.Equal(VerdictStatus.Accepted, Send(room, Ann, "at last").Status);
        Assert.Equal(CommandStatus.Invalid, room.SetModerator(Host, Bob, moderates: true, Now));
        Assert.Equal([Mod, Ann], room.Restored(Now).Rules.Moderation.Moderators.AsEnumerable());
        room.SetModerator(Host, Ann, moderates: false, Now);
        Assert.Equal(CommandStatus.Forbidden, room.SetMuted(Ann, Bob, muted: true, Now));
        Assert.Equal(
            [(Mod, true), (Ann, true), (Ann, false)],
            Events(room).OfType<ModeratorChanged>().Select(told => (told.UserId, told.Moderator)));
    }

    [Fact]
    public void Shield_PutUpAndDown_IsStrictAndThenAsBefore()
    {
        var room = Live();
        room.ChangeSettings(Host, new RoomSettingsChange(5, null, ["x1"], HoldMode.Words), Now);
        Assert.Equal(CommandStatus.Done, room.ChangeSettings(Mod, new(null, null, null, Shield: true), Now));
        Assert.Equal(new RoomSettings(30, true, HoldMode.Suspicious, true), room.Rules.PublicSettings);
        Assert.Equal(RejectReason.FollowersOnly, Send(room, Ann, "hi").Reason);
        Assert.Equal(VerdictStatus.Accepted, Send(room, Ann, "hi", followers: [Ann]).Status);
        Assert.Equal(
            Verdict.Reject(RejectReason.SlowMode, 29_000), Send(room, Ann, "ho", Now + 1_000, [Ann]));
        Assert.Equal(Verdict.Hold(1), Send(room, Bob, "see www.shop.com", followers: [Bob]));
        Assert.Equal(room.Rules.PublicSettings, room.Restored(Now).Rules.PublicSettings);
        room.ChangeSettings(Mod, new(null, null, null, Shield: false), Now);
        Assert.Equal(new RoomSettings(5, false, HoldMode.Words, false), room.Rules.PublicSettings);
        Assert.Equal(5, room.Rules.Settings.SlowModeSeconds);
        Assert.Equal([false, true, false], Events(room).OfType<SettingsChanged>().Select(told => told.Settings.Shield));
    }

    [Fact]
    public void Settings_OtherThanTheShield_AreTheHosts()
    {
        var room = Live();
        Assert.Equal(CommandStatus.Forbidden, room.ChangeSettings(Mod, new(5, null, null, Shield: true), Now));
        Assert.Equal(CommandStatus.Forbidden, room.ChangeSettings(Mod, new(null, null, null), Now));
        Assert.Equal(CommandStatus.Forbidden, room.ChangeSettings(Ann, new(null, null, null, Shield: true), Now));
        Assert.Equal(CommandStatus.Invalid, room.ChangeSettings(Host, new(null, null, null, (HoldMode)9), Now));
    }

    [Fact]
    public void FollowersOnly_TurnedOnWhileNobodyWasAsked_LetsTheSenderTryAgain()
    {
        var room = Live();
        room.ChangeSettings(Host, new RoomSettingsChange(null, true, null), Now);
        var answers = room.Rules.Decide(new RoomBatch("x", 1, 1, [Danmaku(Ann, "hi")]), default, Now, []);
        Assert.Equal(Verdict.Reject(RejectReason.TryAgain), answers[0]);
    }

    [Fact]
    public void BlockedWords_RoomsAndAllRooms_AreFoundInAnyDress()
    {
        var room = Live(new LiveRoomOptions { GlobalBlockedWords = ["never"] });
        room.ChangeSettings(Host, new RoomSettingsChange(null, null, ["代购"], HoldMode.Words), Now);
        Assert.Equal(Verdict.Reject(RejectReason.BlockedWord), Send(room, Ann, "n.e.v.e.r"));
        Assert.Equal(Verdict.Hold(1), Send(room, Ann, "代 购"));
        Assert.Equal(Verdict.Accept(1), Send(room, Ann, "fine"));
        room.ChangeSettings(Host, new RoomSettingsChange(null, null, null, HoldMode.Off), Now);
        Assert.Equal(Verdict.Reject(RejectReason.BlockedWord), Send(room, Ann, "代购！"));
        Assert.Equal(Verdict.Reject(RejectReason.Empty), Send(room, Ann, "\u200B\u2060"));
    }

    [Fact]
    public void Held_Approved_IsShownUnderANumberOfItsOwn()
    {
        var room = Live();
        room.ChangeSettings(Host, new RoomSettingsChange(null, null, null, HoldMode.All), Now);
        Assert.Equal(Verdict.Hold(1), Send(room, Ann, "first", key: "k"));
        Assert.Equal(Verdict.Hold(2), Send(room, Bob, "second"));
        Assert.Null(Seal(room).Danmaku);
        Assert.Equal((2, 0), (Totals(room).Held, Totals(room).Shown));

        Assert.Equal(new ReviewOutcome(CommandStatus.Done, 1), room.Review(Mod, 2, approves: true, Now + 500));
        var shown = Assert.Single(Seal(room).Danmaku!.Value);
        Assert.Equal((1, "second", Bob, 500), (shown.Seq, shown.Text, shown.UserId, shown.MediaAt));
        Assert.Equal(new ReviewOutcome(CommandStatus.Done, null), room.Review(Host, 1, approves: false, Now));
        Assert.Equal(CommandStatus.NotFound, room.Review(Host, 1, approves: true, Now).Status);
        Assert.Equal(CommandStatus.Forbidden, room.Review(Ann, 1, approves: true, Now).Status);

        var again = room.Restored(Now + 1_000);
        Assert.Equal(Verdict.Hold(1), Send(again, Ann, "first", Now + 1_000, key: "k"));
        Assert.Equal(RejectReason.Conflict, Send(again, Ann, "other", Now + 1_000, key: "k").Reason);
        Assert.Equal(Verdict.Hold(3), Send(again, Ann, "third", Now + 1_000));
        Assert.Equal(0, Totals(room).Held);
        Assert.Contains(new RefusalCount(RejectReason.Refused, 1), Totals(room).Rejected);
        Assert.Equal(
            [(2L, true, 1L), (1, false, null)],
            Events(room).OfType<HeldReviewed>().Select(told => (told.HeldId, told.Approved, told.Seq)));
    }

    [Fact]
    public void Held_QueueIsFull_SaysWhenToTryAgain()
    {
        var room = Live(new LiveRoomOptions { Held = 3, HeldPerUser = 2 });
        room.ChangeSettings(Host, new RoomSettingsChange(null, null, null, HoldMode.All), Now);
        var full = Verdict.Reject(RejectReason.RateLimited, 10_000);
        Assert.Equal(
            [Verdict.Hold(1), Verdict.Hold(2), full, Verdict.Hold(3), full],
            room.Submit(
                [.. new[] { Ann, Ann, Ann, Bob, Bob }.Select((user, i) => Danmaku(user, $"text {i}"))], Now));
        room.Review(Host, 1, approves: false, Now);
        Assert.Equal(Verdict.Hold(4), Send(room, Ann, "text 5"));
    }

    [Fact]
    public void Held_RoomIsOver_CanBeRefusedOnly()
    {
        var room = Live();
        room.ChangeSettings(Host, new RoomSettingsChange(null, null, null, HoldMode.All), Now);
        Send(room, Ann, "late");
        room.End(Host, Now);
        Assert.Equal(CommandStatus.WrongState, room.Review(Host, 1, approves: true, Now).Status);
        Assert.Equal(CommandStatus.Done, room.Review(Host, 1, approves: false, Now).Status);
    }

    [Fact]
    public void Held_PageByPage_MissesNothing()
    {
        var room = Live();
        room.ChangeSettings(Host, new RoomSettingsChange(null, null, null, HoldMode.All), Now);
        for (var i = 0; i < 5; i++)
        {
            Send(room, new UserId(30 + i), $"text {i}");
        }

        var first = room.Rules.Moderation.Held.Page(0, 2);
        Assert.Equal((5, 2L), (first.Total, first.Next));
        var rest = room.Rules.Moderation.Held.Page(2, 3);
        Assert.Null(rest.Next);
        Assert.Equal([1L, 2, 3, 4, 5], first.Items.Concat(rest.Items).Select(item => item.HeldId));
    }

    [Fact]
    public void Recalled_IsGoneFromEverythingThatCanBeAskedFor()
    {
        var room = Live();
        Send(room, Ann, "shown");
        Send(room, Bob, "shown");
        Seal(room);
        Send(room, Ann, "waits");
        room.Raise(new DanmakuRecalled(Now, 1, Ann, Host));
        room.Raise(new DanmakuRecalled(Now, 2, Ann, Host));

        Assert.Equal(Verdict.Accept(3), Send(room, Bob, "shown"));
        var frame = Seal(room);
        Assert.Equal([3L], frame.Danmaku!.Value.Select(danmaku => danmaku.Seq));
        Assert.Equal([1L, 2], frame.Events!.Value.OfType<MessageRecalled>().Select(told => told.Seq));
        Assert.True(room.Rules.Frames.TryAfter(0, out var frames));
        Assert.Equal([3L], frames.SelectMany(each => each.Danmaku ?? []).Select(danmaku => danmaku.Seq));
        Assert.Equal([3L], room.Rules.Frames.RecentAfter(0, 50).Select(danmaku => danmaku.Seq));
        Assert.Equal([3L], room.State.Recent.Select(danmaku => danmaku.Seq));
        var totals = Totals(room);
        Assert.Equal((4, 2, 1, 1, 0), (totals.Received, totals.Shown, totals.Merged, totals.Sampled, totals.Pending));
    }

    [Fact]
    public void RefuseRecall_ByWhom_FollowsTheirStanding()
    {
        var rules = Live().Rules;
        Assert.All(new[] { (Ann, Ann), (Host, Ann), (Mod, Ann), (Host, Mod) }, pair
            => Assert.Null(rules.RefuseRecall(pair.Item1, pair.Item2)));
        Assert.All(new[] { (Bob, Ann), (Mod, Host), (Ann, Host) }, pair
            => Assert.Equal(CommandStatus.Forbidden, rules.RefuseRecall(pair.Item1, pair.Item2)));
    }

    private static VerdictTotals Totals(TestRoom room) => room.Rules.Stats(Host).Stats!.Verdicts;

    private static RoomFrame Seal(TestRoom room) => room.Seal(Now);

    /// <summary>Every event that was told so far.</summary>
    private static IEnumerable<RoomEvent> Events(TestRoom room)
    {
        Seal(room);
        Assert.True(room.Rules.Frames.TryAfter(0, out var frames));
        return frames.SelectMany(frame => frame.Events ?? []);
    }

    private static TestRoom Live(LiveRoomOptions? options = null)
    {
        var room = new TestRoom(options);
        room.Create(new CreateRoom(Host, "Host", "A show", null, null, "token"), Now);
        room.Start(Host, Now);
        Assert.Equal(CommandStatus.Done, room.SetModerator(Host, Mod, moderates: true, Now));
        return room;
    }

    private static Verdict Send(
        TestRoom room, UserId user, string text, long at = Now, UserId[]? followers = null, string? key = null)
        => (Verdict)room.Submit([Danmaku(user, text, key)], at, followers: [.. followers ?? []])[0];

    private static SendDanmaku Danmaku(UserId user, string text, string? key = null)
        => new("Mei", text, DanmakuMode.Scroll, "#ffffff") { User = user, Key = key };
}
