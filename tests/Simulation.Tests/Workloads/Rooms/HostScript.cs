using System.Collections.Immutable;
using RedNote.Embedded.Simulation;
using RedNote.Live;

namespace RedNote.Simulation.Rooms;

/// <summary>What the host of a room does: makes it, goes live, changes the rules, mutes, maybe ends the show.</summary>
internal sealed class HostScript(SimulatedWorld world, RoomCast cast, RoomRecord room, SimulationRandom random)
{
    private static readonly ImmutableArray<string> Spam = ["spam"];

    private readonly RoomClerk _clerk = new(world, cast, room, $"host of {room.Id}", random);

    private readonly CreateRoom _create = new(
        room.HostId, "host", $"room {room.Id}", null, null, $"token-{room.Id}");

    private ILiveRoomGrain Grain => cast.Grains.LiveRoom(room.Id);

    /// <summary>Gives so many commands.</summary>
    public async Task Play(int commands)
    {
        await Open();
        for (var i = 2; i < commands; i++)
        {
            await Task.Delay(random.Delay(TimeSpan.Zero, TimeSpan.FromSeconds(2)), cast.Node.Time);
            await Act();
        }

        if (random.Chance(0.3))
            await _clerk.Command("end", () => Grain.End(room.HostId), 4, Done(RoomState.Ended));
    }

    /// <summary>Makes the room and goes live, however long that takes.</summary>
    public async Task Open()
    {
        await _clerk.Rest();
        await _clerk.Command("create", () => Grain.Create(_create), RoomClerk.Patience, Done(RoomState.Scheduled));
        await _clerk.Rest();
        await _clerk.Command("start", () => Grain.Start(room.HostId), RoomClerk.Patience, Done(RoomState.Live));
    }

    /// <summary>Lets everybody speak who is not muted, mutes one and gives another the word back; until it is done.
    /// </summary>
    public async Task Rule(UserId muted, UserId unmuted)
    {
        await Change(new RoomSettingsChange(0, false, Spam), RoomClerk.Patience);
        await Mute(muted, true, RoomClerk.Patience);
        await Mute(unmuted, false, RoomClerk.Patience);
    }

    private Task Act() => random.Next(20) switch
    {
        < 3 => Change(new RoomSettingsChange(random.Chance(0.5) ? 0 : 1 + random.Next(4), null, null), 4),
        < 6 => Change(new RoomSettingsChange(null, random.Chance(0.3), null), 4),
        < 8 => Change(new RoomSettingsChange(null, null, random.Chance(0.5) ? Spam : []), 4),
        < 15 => Mute(random.Pick(cast.People).Id, random.Chance(0.5), 4),
        < 16 => _clerk.Command("start", () => Grain.Start(room.HostId), 4, Done(RoomState.Live)),
        < 17 => ReadSettings(),
        < 18 => ReadStats(),
        _ => Overstep(),
    };

    public Task Change(RoomSettingsChange change, int attempts) => _clerk.Command(
        $"settings {change.SlowModeSeconds} {change.FollowersOnly} {change.BlockedWords?.Length}",
        () => Grain.ChangeSettings(room.HostId, change), attempts,
        (outcome, known) =>
        {
            if (RoomClerk.IsOpen(outcome.Status)) return false;
            if (outcome is not { Status: CommandStatus.Done, Settings: { } settings })
                return WasEnded(outcome.Status, known);
            room.Show(settings, known);
            _clerk.Require(
                (change.SlowModeSeconds ?? settings.SlowModeSeconds) == settings.SlowModeSeconds
                    && (change.FollowersOnly ?? settings.FollowersOnly) == settings.FollowersOnly
                    && (change.BlockedWords ?? settings.BlockedWords).SequenceEqual(settings.BlockedWords)
                    && (change.Hold ?? settings.Hold) == settings.Hold
                    && (change.Shield ?? settings.Shield) == settings.Shield,
                $"{change} made {settings}");
            room.Know(room.Stored.Rules.Last(rules => RoomRecord.Equals(settings, rules)));
            return true;
        });

    private Task Mute(UserId user, bool muted, int attempts) => _clerk.Command(
        $"{user} muted {muted}",
        () => muted ? Grain.Mute(room.HostId, user) : Grain.Unmute(room.HostId, user), attempts,
        (status, known) =>
        {
            if (RoomClerk.IsOpen(status)) return false;
            if (status == CommandStatus.NotFound) return WasEnded(status, known);
            if (user == room.HostId && muted) return _clerk.Is(status, CommandStatus.Invalid);
            var timeline = room.Stored.MutedOf(user);
            _clerk.Require(
                status == CommandStatus.Done
                    && timeline.Held(room.From(known), room.Stored.Head, until => until > 0 == muted),
                $"{user} muted {muted} is {status}, and stored is {timeline.Now}");
            room.Know(timeline.Last(until => until > 0 == muted));
            return true;
        });

    private Task ReadSettings() => _clerk.Command(
        "settings?", () => Grain.Settings(room.HostId), 1,
        (outcome, known) =>
        {
            if (outcome is { Status: CommandStatus.Done, Settings: { } settings }) room.Show(settings, known);
            else if (outcome.Status == CommandStatus.NotFound) room.CheckAbsent(known);
            else _clerk.Require(false, $"settings are {outcome.Status}");
            return true;
        });

    private Task ReadStats() => _clerk.Command(
        "stats?", () => Grain.Stats(room.HostId), 1,
        (outcome, known) =>
        {
            if (outcome is { Status: CommandStatus.Done, Stats: { } stats }) room.Show(stats);
            else if (outcome.Status == CommandStatus.NotFound) room.CheckAbsent(known);
            else _clerk.Require(false, $"stats are {outcome.Status}");
            return true;
        });

    /// <summary>What nobody may do changes nothing.</summary>
    private Task Overstep()
    {
        var stranger = new UserId(77);
        return random.Next(5) switch
        {
            0 => _clerk.Command("start by another", () => Grain.Start(stranger), 1, Refused(CommandStatus.Forbidden)),
            1 => _clerk.Command(
                "mute by another", () => Grain.Mute(stranger, stranger), 1, RefusedAs(CommandStatus.Forbidden)),
            2 => _clerk.Command(
                "long slow mode", () => Grain.ChangeSettings(room.HostId, new RoomSettingsChange(9_999, null, null)), 1,
                (outcome, _) => RoomClerk.IsOpen(outcome.Status) || WasRefused(outcome.Status, CommandStatus.Invalid)),
            3 => _clerk.Command("create again", () => Grain.Create(_create), 1, Done(RoomState.Scheduled)),
            _ => _clerk.Command(
                "create another", () => Grain.Create(_create with { Token = "other" }), 1,
                (outcome, _) => RoomClerk.IsOpen(outcome.Status)
                    || _clerk.Is(outcome.Status, CommandStatus.Conflict)),
        };
    }

    private Func<RoomOutcome, long, bool> Refused(CommandStatus status)
        => (outcome, _) => RoomClerk.IsOpen(outcome.Status) || WasRefused(outcome.Status, status);

    private Func<CommandStatus, long, bool> RefusedAs(CommandStatus status)
        => (answer, _) => RoomClerk.IsOpen(answer) || WasRefused(answer, status);

    /// <summary>Done means that the room got that far.</summary>
    public Func<RoomOutcome, long, bool> Done(RoomState state) => (outcome, known) =>
    {
        if (RoomClerk.IsOpen(outcome.Status)) return false;
        if (outcome is not { Status: CommandStatus.Done, Room: { } card })
            return WasEnded(outcome.Status, known);
        _clerk.Require(
            room.Stored.State.Last(stored => stored >= state) > 0,
            $"{state} is acknowledged, and stored is {room.Stored.State.Now}");
        room.Show(card, known);
        room.Know(room.Stored.State.Last(stored => stored == card.State));
        return true;
    };

    /// <summary>Refused as the room is not there, or its show is over.</summary>
    public bool WasEnded(CommandStatus status, long known)
    {
        var state = status switch
        {
            CommandStatus.WrongState => RoomState.Ended,
            CommandStatus.NotFound => (RoomState?)null,
            _ => throw new NotSupportedException($"Host of {room.Id} got {status}."),
        };
        _clerk.Require(
            room.Stored.State.Held(room.From(known), room.Stored.Head, stored => stored == state),
            $"{status}, and stored is {room.Stored.State.Now}");

        // Who asked an activation that was overtaken asks again.
        return state is not null || !world.Cluster.WasShared;
    }

    private bool WasRefused(CommandStatus status, CommandStatus expected)
        => status is CommandStatus.WrongState or CommandStatus.NotFound || _clerk.Is(status, expected);
}
