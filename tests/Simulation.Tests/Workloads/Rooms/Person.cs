using RedNote.Embedded.Simulation;
using RedNote.Live;

namespace RedNote.Simulation.Rooms;

/// <summary>Somebody who watches, talks and likes, repeats what was not answered, and leaves and comes back.</summary>
internal sealed class Person(SimulatedWorld world, RoomCast cast, UserId id, SimulationRandom random)
{
    /// <summary>Fewer than a room remembers per user.</summary>
    private const int MostKeys = 50;

    private const string Color = "#ff2442";

    private readonly List<(RoomModel Room, Message Message)> _messages = [];
    private readonly List<(RoomModel Room, LikeRequest Likes)> _likes = [];
    private readonly List<Task> _doing = [];
    private readonly Dictionary<Seat, Task> _stays = [];
    private readonly StoredUser _stored = new(world, id);
    private int _keys;
    private int _spoken;

    public UserId Id => id;

    public string Name { get; } = $"p{id}";

    public StoredUser Stored => _stored;

    public IReadOnlyCollection<Seat> Seats => _stays.Keys;

    /// <summary>Exists before anything else happens.</summary>
    public Task Register() => cast.Register(id, Name, random);

    /// <summary>Gives so many commands; completes when they are answered or given up.</summary>
    public async Task Live(int commands)
    {
        TakeSeats();
        for (var i = 0; i < commands; i++)
        {
            await Task.Delay(random.Delay(TimeSpan.Zero, TimeSpan.FromSeconds(2)), cast.Node.Time);
            var room = random.Pick(cast.Rooms);
            for (var burst = random.Chance(0.2) ? 2 + random.Next(3) : 1; burst > 0; burst--)
                _doing.Add(cast.Node.Start(() => Act(room)));
        }

        await Task.WhenAll(_doing);
    }

    /// <summary>Everything that is still open is asked for again, until it is known.</summary>
    public async Task Settle()
    {
        foreach (var (room, message) in _messages.Where(sent => sent.Message.IsUnsettled))
        {
            if (!await Send(room, message, attempts: 30))
                world.Violate($"What became of '{message.Text}' is never told.");
        }

        foreach (var (room, likes) in _likes)
        {
            if (likes.IsUnsettled && !await Send(room, likes, attempts: 30))
                world.Violate($"What became of likes {likes.Key} is never told.");
            room.GiveUp(likes);
        }
    }

    /// <summary>Sends one more danmaku, and repeats it until its outcome is known.</summary>
    public async Task Say(RoomModel room)
    {
        var text = $"{Name} says at last {_spoken++}";
        if (!await Send(room, Write(room, text, $"{Name}-last-{_spoken}"), attempts: 30))
            world.Violate($"What became of '{text}' is never told.");
    }

    private void TakeSeats()
    {
        foreach (var room in cast.Rooms)
        {
            if (!random.Chance(0.6)) continue;
            var devices = random.Chance(0.1) ? 2 : 1;
            for (var device = 0; device < devices; device++)
            {
                var seat = new Seat(
                    world, cast, room, $"{Name}.{room.Id}.{device}", random.Fork($"seat {room.Id} {device}"));
                _stays[seat] = Stay(seat);
            }
        }
    }

    private Task Stay(Seat seat)
    {
        seat.IsWanted = true;
        return cast.Node.Start(() => seat.Stay(cast.Node));
    }

    private Task Act(RoomModel room) => random.Next(100) switch
    {
        < 55 => Speak(room, attempts: 4, withKey: random.Chance(0.8)),
        < 76 => Like(room),
        < 84 => Move(),
        < 88 => Follow(room),
        < 92 => Look(room),
        _ => Babble(room),
    };

    private async Task Speak(RoomModel room, int attempts, bool withKey)
    {
        var text = $"{Name} says {_spoken++}{(random.Chance(0.1) ? " spam" : "")}";
        if (!world.Take($"'{text}' to {room.Id}")) return;
        var message = Write(room, text, withKey ? NewKey() : null);

        // A button that is hit twice: the two may meet in a batch.
        if (message.Key is not null && random.Chance(0.1)) _ = Send(room, message, attempts: 1);
        await Send(room, message, attempts);
        if (message.Key is null || !random.Chance(0.2)) return;
        await Rest();
        await Send(room, message, attempts: 1);
        if (!random.Chance(0.3)) return;

        // The key of something else.
        await Send(room, Write(room, $"{text} again", message.Key), attempts: 2);
    }

    private Message Write(RoomModel room, string text, string? key, RejectReason? shape = null)
    {
        var message = room.Write(id, text, key, shape);
        _messages.Add((room, message));
        return message;
    }

    /// <summary>True when the last answer said what became of it.</summary>
    private async Task<bool> Send(
        RoomModel room, Message message, int attempts, DanmakuMode mode = DanmakuMode.Scroll, string color = Color)
    {
        for (var attempt = 1; ; attempt++)
        {
            var known = room.Known;
            room.Sends++;
            var answer = await cast.Submit(
                room.Id, new SendDanmaku(Name, message.Text, mode, color) { User = id, Key = message.Key }, random);
            if (room.Decided(message, known, answer)) return true;
            if (message.Key is null || attempt == attempts) return false;
            await Rest();
        }
    }

    private async Task Like(RoomModel room)
    {
        var key = random.Chance(0.3) ? NewKey() : null;
        if (!world.Take($"{Name} likes {room.Id}")) return;
        var likes = Like(room, 1 + random.Next(50), key);
        await Send(room, likes, attempts: 4);
        if (key is null || !random.Chance(0.3)) return;
        await Rest();
        await Send(room, likes, attempts: 1);
        if (random.Chance(0.3)) await Send(room, Like(room, likes.Count % 50 + 1, key), attempts: 2);
    }

    private LikeRequest Like(RoomModel room, int count, string? key, RejectReason? shape = null)
    {
        var likes = room.Like(id, count, key, shape);
        _likes.Add((room, likes));
        return likes;
    }

    private async Task<bool> Send(RoomModel room, LikeRequest likes, int attempts)
    {
        for (var attempt = 1; ; attempt++)
        {
            var known = room.Known;
            var answer = await cast.Submit(
                room.Id, new LikeRoom(likes.Count) { User = id, Key = likes.Key }, random);
            if (room.Counted(likes, known, answer)) return true;
            if (likes.Key is null || attempt == attempts) return false;
            await Rest();
        }
    }

    /// <summary>Leaves a room, comes back to it, joins once more, or goes to another front end.</summary>
    private async Task Move()
    {
        if (_stays.Count == 0 || !world.Take($"{Name} moves")) return;
        var seat = random.Pick(_stays.Keys.ToList());
        if (!seat.IsWanted)
        {
            await _stays[seat];
            if (!seat.IsWanted) _stays[seat] = Stay(seat);
            return;
        }

        seat.IsWanted = !random.Chance(0.4);
        seat.Disturb();
        if (!seat.IsWanted) await _stays[seat];
    }

    private async Task Follow(RoomModel room)
    {
        var follows = random.Chance(0.7);
        if (!world.Take($"{Name} follows {room.HostId}: {follows}")) return;
        try
        {
            var user = cast.Grains.User(id);
            var status = await (follows ? user.Follow(room.HostId) : user.Unfollow(room.HostId));
            world.Cluster.Note($"{Name} follows {room.HostId}: {follows}, {status}");
            var isFine = status is CommandStatus.Done or CommandStatus.TryAgain
                || (status == CommandStatus.Invalid && room.HostId == id && follows);
            world.Require(isFine, $"{Name} follows {room.HostId} ({follows}): {status}");
        }
        catch (Exception failure) when (RoomCast.IsExpected(failure))
        {
            // What became of it is seen in the end.
        }
    }

    private async Task Look(RoomModel room)
    {
        if (!world.Take($"{Name} looks at {room.Id}")) return;
        try
        {
            var grain = cast.Grains.LiveRoom(room.Id);
            var known = room.Known;
            if (random.Chance(0.3))
            {
                if (await grain.Get() is { } card) room.Show(card, known);
                else room.CheckAbsent(known);
            }
            else
            {
                await TapeReader.Look(world, cast, room, random);
            }
        }
        catch (Exception failure) when (RoomCast.IsExpected(failure))
        {
            // Nobody was told anything.
        }
    }

    /// <summary>Says what nobody may say.</summary>
    private async Task Babble(RoomModel room)
    {
        if (!world.Take($"{Name} babbles to {room.Id}")) return;
        var text = $"{Name} babbles {_spoken++}";
        switch (random.Next(8))
        {
            case 0:
                await Send(room, Write(room, text, null, RejectReason.Invalid), 1, color: "red");
                break;
            case 1:
                await Send(room, Write(room, text, null, RejectReason.Invalid), 1, mode: (DanmakuMode)99);
                break;
            case 2:
                await Send(room, Write(room, text, "not a key", RejectReason.Invalid), 1);
                break;
            case 3:
                await Send(room, Write(room, $"{text}\u0007", null, RejectReason.Invalid), 1);
                break;
            case 4:
                await Send(room, Write(room, new string(' ', 1 + random.Next(5)), null, RejectReason.Empty), 1);
                break;
            case 5:
                await Send(room, Write(room, text.PadRight(201, '!'), null, RejectReason.TooLong), 1);
                break;
            case 6:
                await Send(room, Like(room, random.Chance(0.5) ? 51 : 0, $"{Name}-bad", RejectReason.Invalid), 1);
                break;
            default:
                var nowhere = new RoomId(999);
                var answer = await cast.Submit(
                    nowhere, new SendDanmaku(Name, text, DanmakuMode.Scroll, Color) { User = id }, random);
                world.Require(
                    answer is null or Verdict
                    {
                        Reason: RejectReason.NotFound or RejectReason.TryAgain or RejectReason.RateLimited,
                    },
                    $"A room that does not exist answers {answer}.");
                break;
        }
    }

    private string? NewKey() => _keys < MostKeys ? $"{Name}-{_keys++}" : null;

    private Task Rest() => Task.Delay(RoomCast.Pause(random), cast.Node.Time);
}
