using System.Collections.Immutable;
using RedNote.Embedded.Simulation;
using RedNote.Live;

namespace RedNote.Simulation.Rooms;

/// <summary>What the host of a room does: makes it, goes live, changes the rules, mutes, maybe ends the show.</summary>
internal sealed class HostScript(SimulatedWorld world, RoomCast cast, RoomModel room, SimulationRandom random)
{
    private const int Patience = 200;

    private static readonly ImmutableArray<string> Spam = ["spam"];

    private readonly CreateRoom _create = new(
        room.HostId, "host", $"room {room.Id}", null, null, $"token-{room.Id}");

    private ILiveRoomGrain Grain => cast.Grains.LiveRoom(room.Id);

    /// <summary>Gives so many commands.</summary>
    public async Task Play(int commands)
    {
        await Rest();
        await Command("create", () => Grain.Create(_create), Patience, Done(RoomState.Scheduled));
        await Rest();
        await Command("start", () => Grain.Start(room.HostId), Patience, Done(RoomState.Live));
        for (var i = 2; i < commands; i++)
        {
            await Task.Delay(random.Delay(TimeSpan.Zero, TimeSpan.FromSeconds(2)), cast.Node.Time);
            await Act();
        }

        if (random.Chance(0.3))
            await Command("end", () => Grain.End(room.HostId), 4, Done(RoomState.Ended));
    }

    /// <summary>Lets everybody speak who is not muted, mutes one and gives another the word back; until it is done.
    /// </summary>
    public async Task Rule(UserId muted, UserId unmuted)
    {
        await Change(new RoomSettingsChange(0, false, Spam), Patience);
        await Mute(muted, true, Patience);
        await Mute(unmuted, false, Patience);
    }

    private Task Act() => random.Next(20) switch
    {
        < 3 => Change(new RoomSettingsChange(random.Chance(0.5) ? 0 : 1 + random.Next(4), null, null), 4),
        < 6 => Change(new RoomSettingsChange(null, random.Chance(0.3), null), 4),
        < 8 => Change(new RoomSettingsChange(null, null, random.Chance(0.5) ? Spam : []), 4),
        < 15 => Mute(random.Pick(cast.People).Id, random.Chance(0.5), 4),
        < 16 => Command("start", () => Grain.Start(room.HostId), 4, Done(RoomState.Live)),
        < 17 => ReadSettings(),
        < 18 => ReadStats(),
        _ => Overstep(),
    };

    private Task Change(RoomSettingsChange change, int attempts) => Command(
        $"settings {change.SlowModeSeconds} {change.FollowersOnly} {change.BlockedWords?.Length}",
        () => Grain.ChangeSettings(room.HostId, change), attempts,
        (outcome, known) =>
        {
            if (IsOpen(outcome.Status)) return false;
            if (outcome is not { Status: CommandStatus.Done, Settings: { } settings })
                return WasEnded(outcome.Status, known);
            room.Show(settings, known);
            Require(
                (change.SlowModeSeconds ?? settings.SlowModeSeconds) == settings.SlowModeSeconds
                    && (change.FollowersOnly ?? settings.FollowersOnly) == settings.FollowersOnly
                    && (change.BlockedWords ?? settings.BlockedWords).SequenceEqual(settings.BlockedWords),
                $"{change} made {settings}");
            room.Know(room.Stored.Rules.Last(rules => RoomModel.Equals(settings, rules)));
            return true;
        });

    private Task Mute(UserId user, bool muted, int attempts) => Command(
        $"{user} muted {muted}",
        () => muted ? Grain.Mute(room.HostId, user) : Grain.Unmute(room.HostId, user), attempts,
        (status, known) =>
        {
            if (IsOpen(status)) return false;
            if (status == CommandStatus.NotFound) return WasEnded(status, known);
            if (user == room.HostId && muted) return Is(status, CommandStatus.Invalid);
            var timeline = room.Stored.MutedOf(user);
            Require(
                status == CommandStatus.Done
                    && timeline.Held(room.From(known), room.Stored.Head, held => held == muted),
                $"{user} muted {muted} is {status}, and stored is {timeline.Now}");
            room.Know(timeline.Last(held => held == muted));
            return true;
        });

    private Task ReadSettings() => Command(
        "settings?", () => Grain.Settings(room.HostId), 1,
        (outcome, known) =>
        {
            if (outcome is { Status: CommandStatus.Done, Settings: { } settings }) room.Show(settings, known);
            else if (outcome.Status == CommandStatus.NotFound) room.CheckAbsent(known);
            else Require(false, $"settings are {outcome.Status}");
            return true;
        });

    private Task ReadStats() => Command(
        "stats?", () => Grain.Stats(room.HostId), 1,
        (outcome, known) =>
        {
            if (outcome is { Status: CommandStatus.Done, Stats: { } stats }) room.Show(stats);
            else if (outcome.Status == CommandStatus.NotFound) room.CheckAbsent(known);
            else Require(false, $"stats are {outcome.Status}");
            return true;
        });

    /// <summary>What nobody may do changes nothing.</summary>
    private Task Overstep()
    {
        var stranger = new UserId(77);
        return random.Next(5) switch
        {
            0 => Command("start by another", () => Grain.Start(stranger), 1, Refused(CommandStatus.Forbidden)),
            1 => Command(
                "mute by another", () => Grain.Mute(stranger, stranger), 1, RefusedAs(CommandStatus.Forbidden)),
            2 => Command(
                "long slow mode", () => Grain.ChangeSettings(room.HostId, new RoomSettingsChange(9_999, null, null)), 1,
                (outcome, _) => IsOpen(outcome.Status) || WasRefused(outcome.Status, CommandStatus.Invalid)),
            3 => Command("create again", () => Grain.Create(_create), 1, Done(RoomState.Scheduled)),
            _ => Command(
                "create another", () => Grain.Create(_create with { Token = "other" }), 1,
                (outcome, known) => IsOpen(outcome.Status) || Is(outcome.Status, CommandStatus.Conflict)),
        };
    }

    private Func<RoomOutcome, long, bool> Refused(CommandStatus status)
        => (outcome, _) => IsOpen(outcome.Status) || WasRefused(outcome.Status, status);

    private Func<CommandStatus, long, bool> RefusedAs(CommandStatus status)
        => (answer, _) => IsOpen(answer) || WasRefused(answer, status);

    /// <summary>Done means that the room got that far.</summary>
    private Func<RoomOutcome, long, bool> Done(RoomState state) => (outcome, known) =>
    {
        if (IsOpen(outcome.Status)) return false;
        if (outcome is not { Status: CommandStatus.Done, Room: { } card })
            return WasEnded(outcome.Status, known);
        Require(
            room.Stored.State.Last(stored => stored >= state) > 0,
            $"{state} is acknowledged, and stored is {room.Stored.State.Now}");
        room.Show(card, known);
        room.Know(room.Stored.State.Last(stored => stored == card.State));
        return true;
    };

    /// <summary>Gives a command until its outcome is known, at most so often.</summary>
    private async Task Command<T>(string what, Func<Task<T>> give, int attempts, Func<T, long, bool> judge)
    {
        if (!world.Take($"host of {room.Id}: {what}")) return;
        for (var attempt = 1; ; attempt++)
        {
            var known = room.Known;
            try
            {
                var outcome = await give();
                room.Stored.Refresh();
                world.Cluster.Note($"host of {room.Id}: {what}: {outcome}");
                if (judge(outcome, known)) return;
            }
            catch (Exception failure) when (RoomCast.IsExpected(failure))
            {
                world.Cluster.Note($"host of {room.Id}: {what}: {failure.Message}");
            }

            if (attempt == attempts)
            {
                if (attempts == Patience) world.Violate($"Host of {room.Id}: {what} has no end.");
                return;
            }

            await Rest();
        }
    }

    private bool WasEnded(CommandStatus status, long known)
    {
        var state = status switch
        {
            CommandStatus.WrongState => RoomState.Ended,
            CommandStatus.NotFound => (RoomState?)null,
            _ => throw new NotSupportedException($"Host of {room.Id} got {status}."),
        };
        Require(
            room.Stored.State.Held(room.From(known), room.Stored.Head, stored => stored == state),
            $"{status}, and stored is {room.Stored.State.Now}");

        // Who asked an activation that was overtaken asks again.
        return state is not null || !world.Cluster.WasShared;
    }

    private bool WasRefused(CommandStatus status, CommandStatus expected)
        => status is CommandStatus.WrongState or CommandStatus.NotFound || Is(status, expected);

    private bool Is(CommandStatus status, CommandStatus expected)
    {
        Require(status == expected, $"{status} instead of {expected}");
        return true;
    }

    private static bool IsOpen(CommandStatus status) => status == CommandStatus.TryAgain;

    private void Require(bool condition, string otherwise)
    {
        if (!condition) world.Violate($"Host of {room.Id}: {otherwise}.");
    }

    private Task Rest() => Task.Delay(RoomCast.Pause(random), cast.Node.Time);
}
