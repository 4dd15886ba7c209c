using RedNote.Embedded.Simulation;
using RedNote.Live;
using RedNote.Simulation.Rooms;

namespace RedNote.Simulation.Show;

/// <summary>Somebody in the audience of a show: says what others say, votes, cheers, asks, enters draws, and repeats
/// what was not answered.</summary>
internal sealed class Guest(SimulatedWorld world, ShowStage stage, UserId id, SimulationRandom random)
{
    private readonly List<Task> _doing = [];
    private readonly List<Func<Task>> _unsettled = [];
    private readonly ShowModel _room = stage.Room;
    private Task _stay = Task.CompletedTask;
    private int _number;

    public UserId Id => id;

    public string Name { get; } = $"g{id}";

    /// <summary>Null: somebody who talks without watching.</summary>
    public Seat? Seat { get; private set; }

    /// <summary>Exists before anything else happens.</summary>
    public Task Register() => stage.Cast.Register(id, Name, random);

    /// <summary>Gives so many commands; completes when they are answered or given up.</summary>
    public async Task Live(int commands)
    {
        if (random.Chance(0.6)) Sit();
        for (var i = 0; i < commands; i++)
        {
            await Task.Delay(random.Delay(TimeSpan.Zero, TimeSpan.FromSeconds(2)), stage.Cast.Node.Time);
            _doing.Add(stage.Cast.Node.Start(Act));
        }

        await Task.WhenAll(_doing);
    }

    /// <summary>Everything that is still open is asked for again, until it is known.</summary>
    public async Task Settle()
    {
        foreach (var settle in _unsettled) await settle();
        _unsettled.Clear();
    }

    /// <summary>Takes a seat, or leaves it; completes when the seat is left.</summary>
    public async Task Sit(bool isWanted)
    {
        if (Seat is { IsWanted: true } seat && !isWanted)
        {
            seat.IsWanted = false;
            seat.Disturb();
            await _stay;
        }
        else if (isWanted && Seat is not { IsWanted: true })
        {
            await _stay;
            if (Seat is not { IsWanted: true }) Sit();
        }
    }

    /// <summary>Sends one danmaku once, and answers what its sender is told.</summary>
    public async Task<Verdict?> Say(string text)
    {
        Verdict? told = null;
        var line = _room.Write(id, text, NewKey());
        _room.Sends++;
        await Command(
            () => new SendDanmaku(Name, text, DanmakuMode.Scroll, "#ff2442") { User = id, Key = line.Key }, 1,
            (asked, answer) =>
            {
                told = answer as Verdict;
                return _room.Decided(line, asked, answer);
            });
        return told;
    }

    private void Sit()
    {
        var name = $"{Name}.{_room.Id}";
        Seat ??= new Seat(
            world, stage.Cast, _room, name, random.Fork("seat"),
            new ShowWatch(world, _room, stage.Cast.RoomOptions, name, id), id);
        Seat.IsWanted = true;
        var seat = Seat;
        _stay = stage.Cast.Node.Start(() => seat.Stay(stage.Cast.Node));
    }

    private Task Act() => random.Next(100) switch
    {
        < 32 => Speak(),
        < 48 => Vote(),
        < 56 => Cheer(),
        < 62 => Like(),
        < 69 => AskSomething(),
        < 78 => Upvote(),
        < 87 => Enter(),
        < 91 => TakeBack(),
        < 94 => Move(),
        < 97 => Follow(),
        _ => Look(),
    };

    private async Task Speak()
    {
        var isUnique = random.Chance(0.3);
        var text = isUnique ? Phrases.Unique(Name, ++_number) : random.Pick(Phrases.All);
        var key = isUnique && random.Chance(0.3) ? null : NewKey();
        if (!world.Take($"{Name} says '{text}'")) return;
        var line = _room.Write(id, text, key);

        // A button that is hit twice: the two may meet in a batch.
        if (key is not null && random.Chance(0.15)) _ = Send(line, attempts: 1);
        var answer = await Send(line, attempts: 4);
        if (line.IsUnsettled) _unsettled.Add(() => Again(line));
        if (key is null || !random.Chance(0.2)) return;
        await Rest();
        await Send(line, attempts: 1);
        if (answer is not Verdict { Status: not VerdictStatus.Rejected } || !random.Chance(0.3)) return;

        // The key of something else.
        await Send(new Line(id, $"{Phrases.Unique(Name, ++_number)} else", key), attempts: 2);
    }

    private async Task Again(Line line)
    {
        if (await Send(line, attempts: 30) is null)
            world.Violate($"What became of '{line.Text}' of {Name} is never told.");
    }

    private Task<RoomAnswer?> Send(Line line, int attempts) => Command(
        () =>
        {
            _room.Sends++;
            return new SendDanmaku(Name, line.Text, DanmakuMode.Scroll, "#ff2442") { User = id, Key = line.Key };
        },
        line.Key is null ? 1 : attempts, (asked, answer) => _room.Decided(line, asked, answer));

    private async Task Vote()
    {
        var polls = _room.Stored.Polls.Values.OrderByDescending(poll => poll.OpenedBy).Take(4).ToList();
        if (polls.Count == 0 || !world.Take($"{Name} votes")) return;
        var poll = random.Pick(polls);
        var choices = random.Chance(0.8) ? 1 << random.Next(poll.Options) : random.Next(1 << (poll.Options + 1));
        await Vote(poll, choices, attempts: 4);
        if (random.Chance(0.3)) await Vote(poll, random.Chance(0.5) ? choices : 1, attempts: 2);
    }

    private async Task Vote(LoggedPoll poll, int choices, int attempts)
    {
        _room.Vote(id, poll.Id, choices);
        await Command(
            () => new CastVote(poll.Id, choices) { User = id }, attempts,
            (asked, answer) => _room.Voted(id, poll.Id, choices, asked, answer));
    }

    private async Task Cheer()
    {
        if (_room.Stored.Pks.Count == 0 || !world.Take($"{Name} cheers")) return;
        var pk = _room.Stored.Pks.Values.Last();
        var (key, count, side) = (NewKey(), 1 + random.Next(50), random.Chance(0.5) ? PkSide.Left : PkSide.Right);
        _room.Cheer(id, pk.Id, key, side, count);
        await Cheer(pk, key, side, count, attempts: 4);
        if (!random.Chance(0.4)) return;
        await Rest();
        await Cheer(pk, key, side, count, attempts: 2);
        if (_room.Stored.Bound(id, $"pk:{pk.Id}:{key}") is not null && random.Chance(0.3))
            await Cheer(pk, key, side, (count % 50) + 1, attempts: 1);
    }

    private Task<RoomAnswer?> Cheer(LoggedPk pk, string key, PkSide side, int count, int attempts) => Command(
        () => new Cheer(pk.Id, side, count) { User = id, Key = key }, attempts,
        (asked, answer) => _room.Cheered(id, pk.Id, key, count, asked, answer));

    private async Task Like()
    {
        if (!world.Take($"{Name} likes")) return;
        var likes = _room.Like(id, 1 + random.Next(50), NewKey(), shape: null);
        Task<RoomAnswer?> Send(int attempts) => Command(
            () => new LikeRoom(likes.Count) { User = id, Key = likes.Key }, attempts,
            (asked, answer) => _room.Counted(likes, asked.Known, answer));
        await Send(attempts: 4);
        if (random.Chance(0.3)) await Send(attempts: 1);
    }

    private async Task AskSomething()
    {
        var text = random.Chance(0.8) ? $"{Phrases.Unique(Name, ++_number)} why" : random.Pick(Phrases.All);
        if (!world.Take($"{Name} asks '{text}'")) return;
        var key = NewKey();
        await Put(text, key, attempts: 4);
        if (random.Chance(0.3)) await Put(text, key, attempts: 1);
    }

    private Task<RoomAnswer?> Put(string text, string key, int attempts) => Command(
        () => new AskQuestion(Name, text) { User = id, Key = key }, attempts,
        (asked, answer) => _room.Put(id, text, key, asked, answer));

    private async Task Upvote()
    {
        var questions = _room.Stored.Questions.Values.TakeLast(8).ToList();
        if (questions.Count == 0 || !world.Take($"{Name} upvotes")) return;
        var question = random.Pick(questions).Id;
        for (var times = random.Chance(0.4) ? 2 : 1; times > 0; times--)
        {
            await Command(
                () => new UpvoteQuestion(question) { User = id }, 4,
                (asked, answer) => _room.Upvoted(id, question, asked, answer));
        }
    }

    private async Task Enter()
    {
        var draws = _room.Stored.Draws.Values.TakeLast(3).ToList();
        if (draws.Count == 0 || !world.Take($"{Name} enters")) return;
        var draw = random.Pick(draws);
        if (draw.Condition == "password" && random.Chance(0.7))
            await Send(_room.Write(id, draw.Value, NewKey()), attempts: 2);
        for (var times = random.Chance(0.4) ? 2 : 1; times > 0; times--) await Enter(draw.Id);
    }

    private Task<RoomAnswer?> Enter(DrawId draw) => Command(
        () => new EnterDraw(draw) { User = id }, 4, (asked, answer) => _room.Entered(id, draw, asked, answer));

    private Task TakeBack()
    {
        var own = _room.Stored.Danmaku.Values.Where(danmaku => danmaku.User == id).TakeLast(5).ToList();
        return own.Count == 0
            ? Task.CompletedTask
            : new Steward(world, stage, id, Name, random).Recall(random.Pick(own));
    }

    private async Task Move()
    {
        if (!world.Take($"{Name} moves")) return;
        await Sit(Seat is not { IsWanted: true } || random.Chance(0.5));
        Seat?.Disturb();
    }

    private async Task Follow()
    {
        var follows = random.Chance(0.7);
        if (id == _room.HostId || !world.Take($"{Name} follows: {follows}")) return;
        try
        {
            var user = stage.Cast.Grains.User(id);
            await (follows ? user.Follow(_room.HostId) : user.Unfollow(_room.HostId));
        }
        catch (Exception failure) when (RoomCast.IsExpected(failure))
        {
            // What became of it is seen in the host's log.
        }
    }

    private async Task Look()
    {
        if (!world.Take($"{Name} looks")) return;
        try
        {
            await new Onlooker(world, stage, id, random).Look();
        }
        catch (Exception failure) when (RoomCast.IsExpected(failure))
        {
            // Nobody was told anything.
        }
    }

    /// <summary>Asks until there is an answer that says what became of it; null: there was none.</summary>
    private async Task<RoomAnswer?> Command(
        Func<RoomCommand> command, int attempts, Func<Asked, RoomAnswer?, bool> judge)
    {
        for (var attempt = 1; ; attempt++)
        {
            var asked = _room.Ask(id);
            var answer = await stage.Cast.Submit(_room.Id, command(), random);
            var isDecided = judge(asked, answer);
            if (isDecided || answer is Verdict { Reason: RejectReason.RateLimited }) _room.Answered(id, asked);
            if (isDecided) return answer;
            if (attempt == attempts) return null;
            await Rest();
        }
    }

    private string NewKey() => $"{Name}-{stage.NextKey()}";

    private Task Rest() => Task.Delay(RoomCast.Pause(random), stage.Cast.Node.Time);
}
