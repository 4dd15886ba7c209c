using System.Reflection;
using RedNote.Deals;
using RedNote.Live;

namespace RedNote.Grains.Tests.Live;

/// <summary>Every act of the host and the moderators is in the audit log: whatever they can ask a room for.</summary>
public sealed class RoomAuditTests(GrainCluster cluster) : IClassFixture<GrainCluster>
{
    private static readonly UserId Host = ClusterRooms.Host;
    private static readonly UserId Mod = new(7);
    private static readonly UserId Ann = new(11);
    private static readonly PollId Poll = new(50_001);
    private static readonly PkId Pk = new(50_002);
    private static readonly DrawId Draw = new(50_003);
    private static readonly DealId Deal = new(50_004);
    private static readonly QuestionId Question = new(1);

    /// <summary>They change nothing.</summary>
    private static readonly string[] Reads = ["Settings", "Held", "Audit", "Ballots", "Stats"];

    /// <summary>What is asked for, in this order, by whom, and what is then the newest act.</summary>
    private static readonly (string Command, AuditAct Act, UserId By, Func<ILiveRoomGrain, Task> Ask)[] Acts =
    [
        ("Start", AuditAct.Started, Host, room => room.Start(Host)),
        ("AddModerator", AuditAct.ModeratorAdded, Host, room => room.AddModerator(Host, Mod)),
        ("Mute", AuditAct.Muted, Mod, room => room.Mute(Mod, Ann, 60)),
        ("Unmute", AuditAct.Unmuted, Mod, room => room.Unmute(Mod, Ann)),
        ("OpenPoll", AuditAct.PollOpened, Mod, room => room.OpenPoll(
            Mod, new OpenPoll(Poll, "Which?", ["a", "b"], false, false, 60, "p"))),
        ("ClosePoll", AuditAct.PollClosed, Mod, room => room.ClosePoll(Mod, Poll)),
        ("OpenPk", AuditAct.PkOpened, Host, room => room.OpenPk(Host, new OpenPk(Pk, "l", "r", 60, "k"))),
        ("ClosePk", AuditAct.PkClosed, Mod, room => room.ClosePk(Mod, Pk)),
        ("Pin", AuditAct.Pinned, Mod, room => room.Pin(Mod, new PinItem("tonight", null, null))),
        ("Unpin", AuditAct.Unpinned, Host, room => room.Unpin(Host)),
        ("AnswerQuestion", AuditAct.QuestionAnswered, Mod, room => room.AnswerQuestion(Mod, Question, "yes")),
        ("DismissQuestion", AuditAct.QuestionDismissed, Mod, room => room.DismissQuestion(Mod, Question)),
        ("OpenDraw", AuditAct.DrawOpened, Host, room => room.OpenDraw(
            new OpenDraw(Host, Draw, "tea", 1, 60, DrawCondition.None, "d"))),
        ("OpenDeal", AuditAct.DealAdded, Host, async room => await room.OpenDeal(new OpenDeal(
            Deal,
            new DealTerms(
                new RoomId(room.GetPrimaryKeyLong()), Host, "A lipstick", Money.Zero, null, 5, 1, null, 60, 60,
                DrawCondition.None),
            "deal"))),
        ("Recall", AuditAct.Recalled, Mod, room => room.Recall(Mod, 1)),
        ("ChangeSettings", AuditAct.SettingsChanged, Host, room => room.ChangeSettings(
            Host, new RoomSettingsChange(null, null, null, HoldMode.All))),
        ("Approve", AuditAct.Approved, Mod, async room =>
        {
            await Say(room, 2, "first");
            await room.Approve(Mod, 1);
        }),
        ("Refuse", AuditAct.Refused, Mod, async room =>
        {
            await Say(room, 3, "second");
            await room.Refuse(Mod, 2);
        }),
        ("RemoveModerator", AuditAct.ModeratorRemoved, Host, room => room.RemoveModerator(Host, Mod)),
        ("End", AuditAct.Ended, Host, room => room.End(Host)),
    ];

    [Fact]
    public async Task Audit_EveryCommand_IsTheNewestActOfWhoGaveIt()
    {
        var room = cluster.Grains.LiveRoom(ClusterRooms.NextId());
        await room.Create(new CreateRoom(Host, "Host", "A show", null, null, "t"));
        foreach (var (command, act, by, ask) in Acts)
        {
            await ask(room);
            if (command == "Start")
            {
                await Say(room, 1, "hello", new AskQuestion("Ann", "why?") { User = Ann });
            }

            var newest = (await room.Audit(Host, null, 1)).Page!.Items[0];
            Assert.True((act, by) == (newest.Act, newest.By), $"{command} is not there; the newest act is {newest}");
        }

        var all = (await room.Audit(Host, null, 100)).Page!.Items;
        Assert.Equal(Acts.Select(entry => entry.Act).Reverse(), all.Select(item => item.Act));
        AuditItem Of(AuditAct act) => all.Single(item => item.Act == act);
        Assert.Equal((Poll, "Which?"), (Of(AuditAct.PollOpened).PollId, Of(AuditAct.PollOpened).Text));
        Assert.Equal(Poll, Of(AuditAct.PollClosed).PollId);
        Assert.Equal((Pk, Pk), (Of(AuditAct.PkOpened).PkId, Of(AuditAct.PkClosed).PkId));
        Assert.Equal("tonight", Of(AuditAct.Pinned).Text);
        var (answered, gone) = (Of(AuditAct.QuestionAnswered), Of(AuditAct.QuestionDismissed));
        Assert.Equal((Question, "yes"), (answered.QuestionId, answered.Text));
        Assert.Equal((Question, Ann), (gone.QuestionId, gone.UserId));
        Assert.Equal((Deal, "A lipstick"), (Of(AuditAct.DealAdded).DealId, Of(AuditAct.DealAdded).Text));
        Assert.Equal((Draw, "tea"), (Of(AuditAct.DrawOpened).DrawId, Of(AuditAct.DrawOpened).Text));
    }

    [Fact]
    public void Table_HasEveryCommandThatSomebodyGives()
    {
        var commands = typeof(ILiveRoomGrain).GetInterfaces().Append(typeof(ILiveRoomGrain))
            .Where(of => of.Assembly == typeof(ILiveRoomGrain).Assembly)
            .SelectMany(of => of.GetMethods(BindingFlags.Public | BindingFlags.Instance))
            .Where(method => method.GetParameters().Any(IsGiver))
            .Select(method => method.Name);
        Assert.Equal(Acts.Select(entry => entry.Command).Concat(Reads).Order(), commands.Order());
        Assert.Equal(Enum.GetValues<AuditAct>().Order(), Acts.Select(entry => entry.Act).Order());
    }

    [Fact]
    public async Task Audit_WhatClosesByItself_IsNobodysAct()
    {
        var (_, room) = await cluster.StartRoom();
        await room.OpenPoll(Host, new OpenPoll(new PollId(50_011), "Which?", ["a", "b"], false, false, 1, "p"));
        await room.OpenPk(Host, new OpenPk(new PkId(50_012), "l", "r", 600, "k"));
        await Eventually.Holds(
            "the poll is closed", async () => (await room.Poll(new PollId(50_011), default))!.Closed);
        await room.End(Host);

        Assert.Equal(
            [AuditAct.Ended, AuditAct.PkOpened, AuditAct.PollOpened, AuditAct.Started],
            (await room.Audit(Host, null, 10)).Page!.Items.Select(item => item.Act));
    }

    [Fact]
    public async Task Dismiss_AnAnsweredQuestion_IsGoneFromListAndTape()
    {
        var (id, room) = await cluster.StartRoom();
        await Say(room, 1, "hello", new AskQuestion("Ann", "why?") { User = Ann });
        await Say(room, 2, "hello", new AskQuestion("Ann", "how?") { User = Ann });
        await room.AnswerQuestion(Host, Question, "so");
        Assert.Equal(CommandStatus.WrongState, await room.DismissQuestion(Ann, Question));
        Assert.Equal(CommandStatus.Done, await room.DismissQuestion(Host, Question));
        await Check();
        await cluster.Rebuild(id, room);
        await Check();
        Assert.Equal(CommandStatus.NotFound, await room.DismissQuestion(Host, Question));

        async Task Check()
        {
            var answered = await room.Questions(new QuestionQuery(
                QuestionOrder.New, QuestionState.Answered, null, 10, default));
            Assert.Empty(answered!.Items);
            var tape = (await room.Tape(new TapeQuery(default, null, 100)))!.Items;
            Assert.Equal("how?", Assert.Single(tape.OfType<TapeQuestion>()).Text);
            Assert.Empty(tape.OfType<TapeQuestionAnswered>());
        }
    }

    private static bool IsGiver(ParameterInfo parameter)
        => parameter.Name == "by" || parameter.ParameterType == typeof(OpenDraw)
            || parameter.ParameterType == typeof(OpenDeal);

    private static Task<BatchAnswer> Say(ILiveRoomGrain room, long number, string text, params RoomCommand[] besides)
        => room.Submit(new RoomBatch(
            "g", number, 1, [new SendDanmaku("Ann", text, DanmakuMode.Scroll, "#ffffff") { User = Ann }, .. besides]));
}
