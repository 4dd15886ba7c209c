using System.Collections.Immutable;
using System.Text.Json;
using RedNote.Live;

namespace RedNote.Grains.Tests.Live;

/// <summary>The rules of draws in a room without a grain.</summary>
public sealed class RoomDrawTests
{
    private const long Start = 1_800_000_000_000;
    private static readonly UserId Host = new(1);
    private static readonly DrawId One = new(71);
    private readonly TestSeeds _seeds = new();
    private TestRoom _room = Live();

    [Fact]
    public void Open_ThenEnterAndSettle_PublishesWhatProvesTheWinners()
    {
        Assert.Equal(CommandStatus.Done, Open(winners: 2));
        Assert.Equal(VerdictStatus.Accepted, Enter(Start + 1_000, 5, 19, 100, 9)[0].Status);
        var open = _room.Rules.FindDraw(One, Start + 2_000)!;
        Assert.Equal((4, false, null, null), (open.Entrants, open.Closed, open.Seed, open.EntrantsHash));
        Assert.Equal(DrawProof.Commitment(TestSeeds.First), open.Commitment);

        Settle(Start + 60_000);

        var result = _room.Rules.FindDraw(One, Start + 60_000)!;
        Assert.Equal((4, true, TestSeeds.First), (result.Entrants, result.Closed, result.Seed));
        Assert.Equal(DrawProof.EntrantsHash([100, 19, 5, 9]), result.EntrantsHash);
        Assert.Equal(2, result.WinnerIds!.Value.Distinct().Count());
        var listed = Assert.Single(_room.Log.OfType<DrawListed>());
        Assert.Equal([100L, 19, 5, 9], listed.Users.Select(user => user.Value));
        Assert.Null(_room.Rules.NextDrawAt);
    }

    [Fact]
    public void Seed_BeforeTheResult_IsInNothingThatLeavesTheRoom()
    {
        Open();
        Enter(Start + 1, 5);
        _room.Decide(Start + 60_000, events => _room.Rules.SettleDraws(Start + 60_000, events));
        Assert.IsType<DrawClosed>(_room.Log[^1]);
        var frame = _room.Rules.Frames.Seal(_room.Rules.Counters, Start + 60_000);
        object[] told = [frame, _room.Rules.FindDraw(One, Start)!, _room.Rules.Draws(Start)];
        Assert.All(told, what => Assert.DoesNotContain(TestSeeds.First, JsonSerializer.Serialize(what)));
        Assert.Single(frame.Events!.Value.OfType<DrawAnnounced>());
        var opened = _room.Log.OfType<DrawOpened>().Single();
        Assert.DoesNotContain(TestSeeds.First, opened.ToString());
        Assert.Equal(TestSeeds.First, opened.Seed.Hex);
    }

    [Fact]
    public void Enter_AtAndAfterTheCutOff_IsDrawClosedAndChangesNothing()
    {
        Open(seconds: 10);
        Assert.Equal(Verdict.Done, Enter(Start + 9_999, 5)[0]);
        Assert.Equal(RejectReason.DrawClosed, Enter(Start + 10_000, 6)[0].Reason);
        Assert.Equal(Verdict.Done, Enter(Start + 10_001, 5)[0]);
        Settle(Start + 10_002);
        Assert.Equal(RejectReason.DrawClosed, Enter(Start + 9_000, 7)[0].Reason);
        Assert.Equal(1, _room.Rules.FindDraw(One, Start)!.Entrants);
        Assert.Equal([5L], _room.Log.OfType<DrawEntered>().SelectMany(e => e.Users).Select(user => user.Value));
    }

    [Fact]
    public void Enter_Twice_IsAcceptedTwiceAndCountsOnce()
    {
        Open();
        Assert.All(Enter(Start, 5, 5, 5), verdict => Assert.Equal(Verdict.Done, verdict));
        Assert.Equal(Verdict.Done, Enter(Start, 5)[0]);
        Assert.Equal(1, _room.Rules.FindDraw(One, Start)!.Entrants);
        Assert.Single(_room.Log.OfType<DrawEntered>());
    }

    [Fact]
    public void Enter_UnknownDrawOrFullOne_IsRefused()
    {
        Assert.Equal(RejectReason.NotFound, Enter(Start, 5)[0].Reason);
        _room = Live(new LiveRoomOptions { DrawEntrants = 2 });
        Open();
        Assert.Equal(
            [null, null, RejectReason.DrawClosed], Enter(Start, 5, 6, 7).Select(verdict => verdict.Reason));
    }

    [Fact]
    public void Password_InTheSameBatch_OrderCounts()
    {
        Open(condition: new DrawCondition(DrawConditionKind.Password, "我要 Lipstick", null));
        var verdicts = Submit(Start + 1, Enter(5), Say(5, "我要ＬＩＰＳＴＩＣＫ"), Enter(5), Say(6, "我要"), Enter(6));
        Assert.Equal((RejectReason.Invalid, DrawConditionKind.Password), (verdicts[0].Reason, verdicts[0].Unmet));
        Assert.Equal(Verdict.Done, verdicts[2]);
        Assert.Equal(RejectReason.Invalid, verdicts[4].Reason);
        Submit(Start + 2, Say(6, " 我要 lipstick "));
        Assert.Equal(Verdict.Done, Enter(Start + 3, 6)[0]);
        Assert.Equal([5L, 6], _room.Log.OfType<DrawPhraseSaid>().SelectMany(said => said.Users).Select(u => u.Value));
    }

    [Fact]
    public void Password_SaidBeforeTheDrawOpenedOrRefused_DoesNotCount()
    {
        Submit(Start, Say(5, "abc"));
        Open(condition: new DrawCondition(DrawConditionKind.Password, "abc", null));
        _room.SetMuted(Host, new UserId(6), true, Start);
        var verdicts = Submit(Start + 1, Enter(5), Say(6, "abc"), Enter(6));
        Assert.Equal(RejectReason.Invalid, verdicts[0].Reason);
        Assert.Equal(RejectReason.Muted, verdicts[1].Reason);
        Assert.Equal(RejectReason.Invalid, verdicts[2].Reason);
    }

    [Fact]
    public void Followed_AsksWhoFollowsAndRefusesOthers()
    {
        Open(condition: new DrawCondition(DrawConditionKind.Followed, null, null));
        ImmutableArray<RoomCommand> commands = [Enter(5), Enter(6), Say(7, "hi")];
        Assert.Equal([5L, 6], _room.Rules.SendersToCheck(commands).Select(user => user.Value));
        var verdicts = _room.Submit(commands, Start, followers: [new UserId(5)]).Cast<Verdict>().ToList();
        Assert.Equal(Verdict.Done, verdicts[0]);
        Assert.Equal((RejectReason.FollowersOnly, DrawConditionKind.Followed), (verdicts[1].Reason, verdicts[1].Unmet));
    }

    [Fact]
    public void Voted_ABallotInAnyPoll_AlsoOfTheSameBatch()
    {
        _room.Decide(Start, events => _room.Rules.OpenPoll(
            Host, new OpenPoll(new PollId(8), "Which?", ["a", "b"], false, false, 60, "p"), Start, events, out _));
        Open(condition: new DrawCondition(DrawConditionKind.Voted, null, null));
        var verdicts = Submit(Start + 1, Enter(5), Vote(5), Enter(5), Enter(6));
        Assert.Equal((RejectReason.Invalid, DrawConditionKind.Voted), (verdicts[0].Reason, verdicts[0].Unmet));
        Assert.Equal(Verdict.Done, verdicts[2]);
        Assert.Equal(DrawConditionKind.Voted, verdicts[3].Unmet);
        Submit(Start + 2, Vote(6));
        Assert.Equal(Verdict.Done, Enter(Start + 3, 6)[0]);
        Assert.Equal(20, _room.Rules.FanOf(new UserId(6), Start).Points);

        static CastVote Vote(long user) => new(new PollId(8), 1) { User = new UserId(user) };
    }

    [Fact]
    public void Tally_EntriesOfManyBatches_AreInTheNextFrameOnceAsTheyAreThen()
    {
        Open();
        Enter(Start, 5);
        Enter(Start, 6, 7);
        var frame = _room.Rules.Frames.Seal(_room.Rules.Counters, Start);
        Assert.Equal([new DrawTally(One, 3, false)], frame.Draws!.Value);
        Assert.Null(_room.Rules.Frames.Seal(_room.Rules.Counters, Start).Draws);
        Step(Start + 60_000);
        frame = _room.Rules.Frames.Seal(_room.Rules.Counters, Start);
        Assert.Equal([new DrawTally(One, 3, true)], frame.Draws!.Value);
    }

    [Fact]
    public void Frames_ResultsWithManyWinners_DoNotAllGoIntoOne()
    {
        Open();
        for (var i = 0; i < 3; i++)
        {
            var draw = _room.Rules.FindDraw(One, Start)! with { WinnerIds = [.. Enumerable.Repeat(Host, 900)] };
            _room.Rules.Frames.Announce(new DrawResultAnnounced(draw));
        }

        _room.Rules.Frames.Seal(_room.Rules.Counters, Start);
        var rest = _room.Rules.Frames.Seal(_room.Rules.Counters, Start);
        Assert.IsType<DrawResultAnnounced>(Assert.Single(rest.Events!.Value));
        Assert.False(_room.Rules.Frames.HasNews(_room.Rules.Counters));
    }

    [Fact]
    public void Watched_CountsTheTimeInTheRoom()
    {
        _room.Presence("fe", 1, Start, came: [5]);
        Open(condition: new DrawCondition(DrawConditionKind.Watched, null, 30));
        Assert.Equal(DrawConditionKind.Watched, Enter(Start + 29_999, 5)[0].Unmet);
        Assert.Equal(Verdict.Done, Enter(Start + 30_000, 5)[0]);
        Assert.Equal(DrawConditionKind.Watched, Enter(Start + 30_000, 6)[0].Unmet);
    }

    [Fact]
    public void Open_KeyAgain_IsTheSameDrawAndOtherContentAConflict()
    {
        Assert.Equal(CommandStatus.Done, Open());
        Assert.Equal((CommandStatus.Done, One), Try(Command(id: 72)));
        Assert.Equal(CommandStatus.Conflict, Try(Command(id: 72, winners: 9)).Status);
        Assert.Equal(CommandStatus.Conflict, Try(Command(key: "other")).Status);
        Settle(Start + 60_000);
        var sevenDays = 7 * 86_400_000L;
        Assert.Equal((CommandStatus.Done, One), Try(Command(id: 72), Start + sevenDays - 1));
        Assert.Equal((CommandStatus.Done, new DrawId(72)), Try(Command(id: 72), Start + sevenDays));
    }

    [Fact]
    public void Open_BoundsAndRights_AreKept()
    {
        _room = Live(new LiveRoomOptions { Draws = 2, DrawKeys = 3, DrawWinners = 10, DrawSeconds = 100 });
        Assert.Equal(CommandStatus.Forbidden, Try(Command() with { By = new UserId(5) }).Status);
        Assert.Equal(CommandStatus.Invalid, Try(Command(winners: 11)).Status);
        Assert.Equal(CommandStatus.Invalid, Try(Command(winners: 0)).Status);
        Assert.Equal(CommandStatus.Invalid, Try(Command(seconds: 101)).Status);
        Assert.Equal(CommandStatus.Invalid, Try(Command(seconds: 0)).Status);
        Assert.Equal(CommandStatus.Invalid, Try(Command() with { Prize = " " }).Status);
        Assert.Equal(CommandStatus.Invalid, Try(Command() with { Key = "a b" }).Status);
        Assert.Equal(CommandStatus.Invalid, Try(Command(
            condition: new DrawCondition(DrawConditionKind.Password, "\u3000 ", null))).Status);
        Assert.Equal(CommandStatus.Invalid, Try(Command(
            condition: new DrawCondition(DrawConditionKind.Watched, null, 0))).Status);
        Assert.Equal(CommandStatus.Done, Try(Command(id: 1, key: "1")).Status);
        Assert.Equal(CommandStatus.Done, Try(Command(id: 2, key: "2")).Status);
        Assert.Equal(CommandStatus.RateLimited, Try(Command(id: 3, key: "3")).Status);
        Settle(Start + 60_000);
        Assert.Equal(CommandStatus.Done, Try(Command(id: 3, key: "3"), Start + 60_000).Status);
        Settle(Start + 120_000);
        Assert.Equal(CommandStatus.RateLimited, Try(Command(id: 4, key: "4"), Start + 120_000).Status);
        _room.End(Host, Start + 120_000);
        Assert.Equal(CommandStatus.WrongState, Try(Command(id: 5, key: "5"), Start + 120_000).Status);
        Assert.Equal(CommandStatus.NotFound, new TestRoom().OpenDraw(Command(), _seeds, Start).Status);
    }

    [Fact]
    public void End_OpenDraw_IsClosedWithTheShowAndDecided()
    {
        Open();
        Enter(Start + 1_000, 5);
        _room.End(Host, Start + 2_000);
        Assert.Equal(RejectReason.DrawClosed, Enter(Start + 2_000, 6)[0].Reason);
        Assert.Equal(0, _room.Rules.NextDrawAt);
        Settle(Start + 2_001);
        var result = _room.Rules.FindDraw(One, Start + 3_000)!;
        Assert.Equal((Start + 2_000, 1), (result.ClosesAt, result.Entrants));
        Assert.Equal([new UserId(5)], result.WinnerIds!.Value);
    }

    [Fact]
    public void Settle_LongList_GoesInPiecesAndOnAfterACrashBetweenThem()
    {
        Open(winners: 50);
        var entrants = (LiveRoom.DrawPiece * LiveRoom.DrawPiecesPerTurn) + 3_000;
        foreach (var some in Enumerable.Range(1, entrants).Chunk(RoomBatch.MaxItems))
        {
            Enter(Start + 1, [.. some.Select(i => i * 31L)]);
        }

        Step(Start + 60_000);
        Step(Start + 60_000);
        Assert.Equal(LiveRoom.DrawPiecesPerTurn, _room.Log.OfType<DrawListed>().Count());
        Assert.Empty(_room.Log.OfType<DrawDecided>());

        _room = _room.Restored(Start + 70_000);
        Settle(Start + 70_000);

        var list = _room.Log.OfType<DrawListed>().SelectMany(listed => listed.Users).Select(user => user.Value);
        var expected = Enumerable.Range(1, entrants).Select(i => i * 31L).ToArray();
        OrdinalIds.Sort(expected);
        Assert.Equal(expected, list);
        var result = Assert.Single(_room.Log.OfType<DrawDecided>()).Draw;
        Assert.Equal(DrawProof.EntrantsHash(expected), result.EntrantsHash);
        Assert.Equal(
            DrawProof.WinningPlaces(TestSeeds.First, result.EntrantsHash!, entrants, 50).Select(i => expected[i]),
            result.WinnerIds!.Value.Select(user => user.Value));
    }

    [Fact]
    public void Snapshot_AtAnyPointOfADraw_IsTheStateThatWas()
    {
        Open(condition: new DrawCondition(DrawConditionKind.Password, "abc", null));
        Submit(Start + 1, Say(5, "abc"), Enter(5), Say(6, "abc"));
        Settle(Start + 60_000);
        Try(Command(id: 80, key: "next"), Start + 61_000);
        for (var from = 0; from <= _room.Log.Count; from++)
        {
            var state = new LiveRoomState(_room.Options);
            foreach (var raised in _room.Log.Take(from))
            {
                state.Apply(raised);
            }

            var json = JsonSerializer.Serialize(state.ToStored(), LiveRoomJson.Journal.StoredLiveRoom);
            state = new LiveRoomState(
                _room.Options, JsonSerializer.Deserialize(json, LiveRoomJson.Journal.StoredLiveRoom)!);
            Assert.Equal(json, JsonSerializer.Serialize(state.ToStored(), LiveRoomJson.Journal.StoredLiveRoom));
            foreach (var raised in _room.Log.Skip(from))
            {
                state.Apply(raised);
            }

            Assert.Equal(
                JsonSerializer.Serialize(_room.State.ToStored(), LiveRoomJson.Journal.StoredLiveRoom),
                JsonSerializer.Serialize(state.ToStored(), LiveRoomJson.Journal.StoredLiveRoom));
        }
    }

    private static TestRoom Live(LiveRoomOptions? options = null)
    {
        var room = new TestRoom(options);
        room.Create(new CreateRoom(Host, "Host", "A show", null, null, "t"), Start);
        room.Start(Host, Start);
        return room;
    }

    private static OpenDraw Command(
        long id = 71, int winners = 1, int seconds = 60, DrawCondition? condition = null, string key = "k")
        => new(Host, new DrawId(id), "A lipstick", winners, seconds, condition ?? DrawCondition.None, key);

    private CommandStatus Open(int winners = 1, int seconds = 60, DrawCondition? condition = null)
        => Try(Command(winners: winners, seconds: seconds, condition: condition)).Status;

    private (CommandStatus Status, DrawId Draw) Try(OpenDraw command, long now = Start)
        => _room.OpenDraw(command, _seeds, now);

    private void Step(long now) => _room.Decide(now, events => _room.Rules.SettleDraws(now, events));

    private void Settle(long now)
    {
        while (_room.Rules.NextDrawAt is { } at && at <= now)
        {
            Step(now);
        }
    }

    private static EnterDraw Enter(long user) => new(One) { User = new UserId(user) };

    private List<Verdict> Enter(long now, params long[] users) => Submit(now, [.. users.Select(user => Enter(user))]);

    private static SendDanmaku Say(long user, string text)
        => new("Mei", text, DanmakuMode.Scroll, "#ffffff") { User = new UserId(user) };

    private List<Verdict> Submit(long now, params RoomCommand[] commands)
        => [.. _room.Submit([.. commands], now).Cast<Verdict>()];
}

/// <summary>Seeds that a test knows.</summary>
internal sealed class TestSeeds : IDrawSeeds
{
    private int _next;

    public static string First { get; } = new('a', DrawProof.SeedLength);

    public DrawSeed Next() => new(new string((char)('a' + _next++), DrawProof.SeedLength));
}
