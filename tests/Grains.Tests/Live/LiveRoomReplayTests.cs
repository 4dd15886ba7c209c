using System.Text.Json;
using System.Text.RegularExpressions;
using RedNote.Deals;
using RedNote.Live;

namespace RedNote.Grains.Tests.Live;

/// <summary>
/// Rooms in which everything happens that can: whatever the event, a state that is read back from a snapshot and the
/// events behind it is the state that all events make.
/// </summary>
public sealed partial class LiveRoomReplayTests
{
    private const int Rooms = 25;
    private const int StepsPerRoom = 190;
    private const long Start = 1_800_000_000_000;

    private static readonly UserId Host = new(1);
    private static readonly UserId Mod = new(9);

    /// <summary>Small bounds, so that random rooms run into them.</summary>
    private static readonly LiveRoomOptions Options = new()
    {
        RecentDanmaku = 5,
        Gateways = 3,
        Keys = 20,
        KeysPerUser = 4,
        Muted = 2,
        PendingDanmaku = 30,
        Held = 4,
        HeldPerUser = 2,
        OpenQuestions = 6,
        OpenQuestionsPerUser = 3,
        AnsweredQuestions = 2,
        DisplayBudgetPerSecond = 1,
        Deals = 3,
    };

    /// <summary>By reflection, so that no member is forgotten.</summary>
    private static readonly JsonSerializerOptions Relaxed = new();

    [Fact]
    public void Replay_RoomsWithEveryKindOfEvent_IsTheStateThatWas()
    {
        var kinds = new HashSet<Type>();
        for (var seed = 1; seed <= Rooms; seed++)
        {
            var room = Play(new Random(seed));
            kinds.UnionWith(room.Log.Select(raised => raised.GetType()));
            var media = room.Log.OfType<IMediaEvent>().Select(raised => raised.MediaAt).ToList();
            Assert.Equal(media.Order(), media);
            for (var from = 0; from <= room.Log.Count; from += 1 + (from % 7))
            {
                var before = new LiveRoomState(Options);
                Replay(before, room.Log.Take(from));
                var restored = new LiveRoomState(Options, Read(Write(before)));
                Same(before, restored, $"seed {seed}, snapshot at {from}");
                Replay(restored, room.Log.Skip(from));
                Same(room.State, restored, $"seed {seed}, snapshot at {from} and the rest");
            }
        }

        // The rest is in the way of every room: nothing that a room can raise is left out.
        var all = typeof(LiveRoomEvent).Assembly.GetTypes()
            .Where(type => !type.IsAbstract && type.IsAssignableTo(typeof(LiveRoomEvent)));
        Assert.Equal(all.Select(type => type.Name).Order(), kinds.Select(type => type.Name).Order());
    }

    private static TestRoom Play(Random random)
    {
        var room = new TestRoom(Options);
        var now = Start;
        room.Create(new CreateRoom(Host, "Host", "A show", null, null, "t"), now);
        room.Start(Host, now);
        room.SetModerator(Host, Mod, moderates: true, now);
        for (var i = 0; i < StepsPerRoom; i++)
        {
            now += random.Next(4) switch { 0 => 15_000, 1 => 900, 2 => 1, _ => 0 };
            var step = Steps[random.Next(Steps.Length)];
            step(new Turn(room, random, now));
        }

        if (random.Next(2) == 0)
        {
            room.End(Host, now);
            now += 5_000;
            Settle(new Turn(room, random, now));
        }

        return room;
    }

    /// <summary>One step of a room.</summary>
    private sealed record Turn(TestRoom Room, Random Random, long Now)
    {
        public LiveRoom Rules => Room.Rules;

        public UserId User => new(Random.Next(2, 8));

        public UserId Staff => Random.Next(2) == 0 ? Host : Mod;

        public string? Key => Random.Next(2) == 0 ? null : $"k{Random.Next(6)}";

        public PollId Poll => new(Random.Next(100, 106));

        public PkId Pk => new(Random.Next(200, 203));

        public DrawId Draw => new(Random.Next(300, 304));

        public DealId Deal => new(Random.Next(400, 406));

        public QuestionId Question => new(Random.Next(1, 15));

        public void Send(params RoomCommand[] commands) => Room.Submit([.. commands], Now, $"g{Random.Next(4)}");

        public void Do(Action<List<LiveRoomEvent>> rule) => Room.Decide(Now, rule);

        public SendDanmaku Danmaku() => new("Mei", $"text {Random.Next(6)}", DanmakuMode.Top, "#00ff00")
        {
            User = User,
            Key = Key,
        };
    }

    private static readonly Action<Turn>[] Steps =
    [
        turn => turn.Send(turn.Danmaku(), turn.Danmaku()),
        turn => turn.Send([.. Enumerable.Repeat(turn.Danmaku() with { Key = null }, 5)]),
        turn => turn.Room.Seal(turn.Now),
        turn => turn.Send(new LikeRoom(turn.Random.Next(1, 400)) { User = turn.User, Key = turn.Key }),
        turn => turn.Room.Report($"g{turn.Random.Next(4)}", turn.Random.Next(20), turn.Now),
        turn => turn.Room.SetMuted(turn.Staff, turn.User, turn.Random.Next(2) == 0, turn.Now, turn.Random.Next(1, 400)),
        turn => turn.Room.SetModerator(Host, turn.User, turn.Random.Next(2) == 0, turn.Now),
        turn => turn.Room.ChangeSettings(
            Host, new RoomSettingsChange(null, null, ["text 3"], (HoldMode)turn.Random.Next(4)), turn.Now),
        turn => turn.Room.Review(turn.Staff, turn.Random.Next(1, 12), turn.Random.Next(2) == 0, turn.Now),
        Recall,
        turn => turn.Do(events => turn.Rules.OpenPoll(
            turn.Staff,
            new OpenPoll(
                turn.Poll, "Which?", ["a", "b", "c"], true, turn.Random.Next(2) == 0, 20, $"p{turn.Random.Next(9)}"),
            turn.Now, events, out _)),
        turn => turn.Send(new CastVote(turn.Poll, turn.Random.Next(8)) { User = turn.User }),
        turn => turn.Do(events => turn.Rules.ClosePoll(turn.Staff, turn.Poll, turn.Now, events)),
        turn => turn.Do(events => turn.Rules.OpenPk(
            turn.Staff, new OpenPk(turn.Pk, "l", "r", 20, $"k{turn.Random.Next(9)}"), turn.Now, events, out _)),
        turn => turn.Send(new Cheer(turn.Pk, (PkSide)turn.Random.Next(2), 3) { User = turn.User, Key = turn.Key }),
        turn => turn.Do(events => turn.Rules.ClosePk(turn.Staff, turn.Pk, turn.Now, events)),
        turn => turn.Send(new AskQuestion("Mei", $"why {turn.Random.Next(9)}?") { User = turn.User, Key = turn.Key }),
        turn => turn.Send(new UpvoteQuestion(turn.Question) { User = turn.User }),
        turn => turn.Do(events => turn.Rules.AnswerQuestion(turn.Staff, turn.Question, "so", turn.Now, events)),
        turn => turn.Do(events => turn.Rules.DismissQuestion(turn.Staff, turn.Question, turn.Now, events)),
        turn => turn.Do(events => turn.Rules.Pin(turn.Staff, PinOf(turn), turn.Now, events)),
        turn => turn.Do(events => turn.Rules.Unpin(turn.Staff, turn.Now, events)),
        turn => turn.Room.OpenDraw(
            new OpenDraw(
                Host, turn.Draw, "tea", 2, 60, turn.Random.Next(2) == 0 ? DrawCondition.None : Phrase,
                $"d{turn.Random.Next(9)}"),
            new CryptographicDrawSeeds(), turn.Now),
        turn => turn.Send(new EnterDraw(turn.Draw) { User = turn.User }),
        Settle,
        turn => turn.Do(events => turn.Rules.OpenDeal(
            new OpenDeal(turn.Deal, TermsOf(turn), $"d{turn.Random.Next(9)}"), turn.Now, events, out _)),
        Tell,
        Tell,
        turn => turn.Send(new AdmitBuyer(turn.Deal) { User = turn.User }),
        turn => turn.Do(events =>
        {
            if (turn.Random.Next(4) == 0)
            {
                turn.Rules.DropDeal(turn.Deal, turn.Now, events);
            }
        }),
        turn => turn.Room.Presence(
            "g1", turn.Random.Next(1, 30), turn.Now, [turn.User.Value], [turn.User.Value + 1]),
        turn => turn.Do(events => turn.Rules.KeepAudience(turn.Now, turn.Now, atOnce: true, events)),
    ];

    private static DrawCondition Phrase => new(DrawConditionKind.Password, "text 1", null);

    private static DealTerms TermsOf(Turn turn) => new(
        new RoomId(9), Host, "tea", new Money(5, "CNY"), null, 20, 2,
        turn.Random.Next(3) switch { 0 => null, 1 => 0, _ => turn.Now + 20_000 }, 60, 30,
        turn.Random.Next(2) == 0 ? DrawCondition.None : Phrase);

    /// <summary>As a deal's grain does; what is told of deals that the room does not have is nothing.</summary>
    private static void Tell(Turn turn)
    {
        if (turn.Rules.FindDeal(turn.Deal) is not { } deal)
        {
            return;
        }

        var sold = turn.Random.Next(20);
        var card = deal.Card with
        {
            StartsAt = turn.Now - 1,
            EndsAt = turn.Now + 60_000,
            Sold = sold,
            State = (DealState)turn.Random.Next(4),
        };
        var news = turn.Random.Next(2) == 0 ? null : new OrderNews("Mei", 1, 2, 3);
        turn.Do(events => turn.Rules.ReportDeal(
            new DealReport(deal.Version + turn.Random.Next(3), card, sold, new Money(5 * sold, "CNY"), news),
            turn.Now, events));
    }

    private static PinItem PinOf(Turn turn) => turn.Random.Next(4) switch
    {
        3 => new PinItem(null, null, null, turn.Deal),
        0 => new PinItem($"pin {turn.Random.Next(3)}", null, null),
        1 => new PinItem(null, turn.Poll, null),
        _ => new PinItem(null, null, turn.Question),
    };

    /// <summary>As the grain does: no rule decides it, as it blanks another event.</summary>
    private static void Recall(Turn turn)
    {
        var seq = turn.Random.Next(1, 30);
        if (turn.Room.Log.OfType<DanmakuSent>().FirstOrDefault(sent => sent.Seq == seq) is { } sent)
        {
            turn.Room.Raise(new DanmakuRecalled(turn.Now, seq, sent.UserId, turn.Staff));
        }
    }

    private static void Settle(Turn turn)
    {
        for (var before = -1; before != turn.Room.Log.Count;)
        {
            before = turn.Room.Log.Count;
            turn.Do(events => turn.Rules.SettleDraws(turn.Now, events));
        }
    }

    private static void Replay(LiveRoomState state, IEnumerable<LiveRoomEvent> events)
    {
        foreach (var raised in events)
        {
            state.Apply(raised);
        }
    }

    private static void Same(LiveRoomState expected, LiveRoomState actual, string where)
    {
        Assert.True(Write(expected) == Write(actual), $"{where}:\n{Write(expected)}\n{Write(actual)}");
        Assert.Equal(Everything(expected), Everything(actual));
    }

    /// <summary>All that can be seen of a state, but for the memory it takes, which depends on how it grew.</summary>
    private static string Everything(LiveRoomState state)
        => Bytes().Replace(JsonSerializer.Serialize(state, Relaxed), "");

    [GeneratedRegex("\"Bytes\":[0-9]+")]
    private static partial Regex Bytes();

    private static string Write(LiveRoomState state)
        => JsonSerializer.Serialize(state.ToStored(), LiveRoomJson.Journal.StoredLiveRoom);

    private static StoredLiveRoom Read(string json)
        => JsonSerializer.Deserialize(json, LiveRoomJson.Journal.StoredLiveRoom)!;
}
