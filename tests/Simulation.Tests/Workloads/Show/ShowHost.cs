using RedNote.Embedded.Simulation;
using RedNote.Live;
using RedNote.Simulation.Rooms;

namespace RedNote.Simulation.Show;

/// <summary>The host, with helpers who may be moderators at the time or not: opens things, keeps order, looks at the
/// totals.</summary>
internal sealed class ShowHost(SimulatedWorld world, ShowStage stage, SimulationRandom random)
{
    private readonly ShowModel _room = stage.Room;
    private readonly HostScript _script = new(world, stage.Cast, stage.Room, random.Fork("script"));

    private StoredRoom Stored => _room.Stored;

    /// <summary>The host's own hand.</summary>
    public Steward Hand { get; } = new(world, stage, stage.Room.HostId, "host", random.Fork("hand"));

    /// <summary>Gives so many commands.</summary>
    public async Task Play(int commands)
    {
        await _script.Open();
        for (var i = 2; i < commands; i++)
        {
            await Task.Delay(random.Delay(TimeSpan.Zero, TimeSpan.FromSeconds(2)), stage.Cast.Node.Time);
            await Act();
        }
    }

    /// <summary>Everybody may say everything; until it is done.</summary>
    public async Task Relax()
    {
        await _script.Change(
            new RoomSettingsChange(0, false, ["spam"], HoldMode.Off, Shield: false), RoomClerk.Patience);
        foreach (var guest in stage.Guests)
            await new Steward(world, stage, _room.HostId, "host", random, RoomClerk.Patience).Unmute(guest.Id);
    }

    /// <summary>New rules, until they hold.</summary>
    public Task Change(RoomSettingsChange change) => _script.Change(change, RoomClerk.Patience);

    private Task Act() => random.Next(100) switch
    {
        < 14 => Hand.OpenPoll(Seconds()),
        < 18 => random.Chance(0.7) ? Hand.OpenPk(Seconds()) : Helper().OpenPk(Seconds()),
        < 28 => Hand.OpenDraw(Seconds(), Condition()),
        < 31 => Pick(Stored.Polls.Values.Where(poll => poll.ClosedBy == 0), Helper().ClosePoll),
        < 32 => Pick(Stored.Pks.Values.Where(pk => pk.ClosedBy == 0), Hand.ClosePk),
        < 38 => Pick(Stored.OpenQuestions, Helper().Answer),
        < 41 => Pick(Stored.Questions.Values.TakeLast(8), Helper().Dismiss),
        < 47 => Pin(),
        < 60 => Pick(Stored.Held.Values.TakeLast(6), held => Helper().Review(held, random.Chance(0.7))),
        < 64 => Pick(Stored.Danmaku.Values.TakeLast(12), Helper().Recall),
        < 72 => Mute(),
        < 84 => Rule(),
        < 88 => Helper().Shield(random.Chance(0.3)),
        < 91 => Hand.Appoint(Someone(), random.Chance(0.7)),
        < 97 => Hand.Stats(),
        _ => Helper().Held(),
    };

    private int Seconds() => 1 + random.Next(20);

    private Steward Helper() => random.Chance(0.6)
        ? Hand
        : new Steward(world, stage, Someone(), "helper", random.Fork($"helper {stage.NextKey()}"));

    private UserId Someone() => stage.Guests[random.Next(Math.Min(3, stage.Guests.Count))].Id;

    private DrawCondition Condition() => random.Next(6) switch
    {
        0 => new DrawCondition(DrawConditionKind.Password, random.Pick(Phrases.Passwords), null),
        1 => new DrawCondition(DrawConditionKind.Voted, null, null),
        2 => new DrawCondition(DrawConditionKind.Followed, null, null),
        3 => new DrawCondition(DrawConditionKind.Watched, null, 1 + random.Next(20)),
        _ => DrawCondition.None,
    };

    private Task Pin() => random.Next(4) switch
    {
        0 => Helper().Unpin(),
        1 => Pick(Stored.Polls.Values, poll => Helper().Pin(new PinItem(null, poll.Id, null))),
        2 => Pick(Stored.OpenQuestions, question => Helper().Pin(new PinItem(null, null, question.Id))),
        _ => Helper().Pin(new PinItem($"pin {random.Next(3)}", null, null)),
    };

    private Task Mute()
    {
        var user = random.Pick(stage.Guests).Id;
        return random.Chance(0.3) ? Helper().Unmute(user)
            : Helper().Mute(user, random.Chance(0.8) ? 1 + random.Next(8) : null);
    }

    private Task Rule() => random.Next(4) switch
    {
        0 => _script.Change(new RoomSettingsChange(random.Chance(0.7) ? 0 : 1 + random.Next(2), null, null), 4),
        1 => _script.Change(new RoomSettingsChange(null, random.Chance(0.2), null), 4),
        2 => _script.Change(new RoomSettingsChange(null, null, random.Chance(0.6) ? ["spam"] : []), 4),
        _ => _script.Change(new RoomSettingsChange(null, null, null, (HoldMode)random.Next(4)), 4),
    };

    private Task Pick<T>(IEnumerable<T> items, Func<T, Task> act)
        => items.ToList() is { Count: > 0 } list ? act(random.Pick(list)) : Task.CompletedTask;
}
