using RedNote.Embedded.Simulation;

namespace RedNote.Simulation.Rooms;

/// <summary>Gives the commands of somebody with a say in a room, past the front ends, and has their outcomes judged.
/// </summary>
internal sealed class RoomClerk(
    SimulatedWorld world, RoomCast cast, RoomRecord room, string name, SimulationRandom random)
{
    /// <summary>Attempts after which a command has to have come to something.</summary>
    public const int Patience = 200;

    public static bool IsOpen(CommandStatus status) => status == CommandStatus.TryAgain;

    /// <summary>Gives a command until its outcome is known, at most so often.</summary>
    public async Task Command<T>(string what, Func<Task<T>> give, int attempts, Func<T, long, bool> judge)
    {
        if (!world.Take($"{name}: {what}")) return;
        for (var attempt = 1; ; attempt++)
        {
            var known = room.Known;
            try
            {
                var outcome = await give();
                room.Stored.Refresh();
                world.Cluster.Note($"{name}: {what}: {outcome}");
                if (judge(outcome, known)) return;
            }
            catch (Exception failure) when (RoomCast.IsExpected(failure))
            {
                world.Cluster.Note($"{name}: {what}: {failure.Message}");
            }

            if (attempt == attempts)
            {
                if (attempts == Patience) world.Violate($"{name}: {what} has no end.");
                return;
            }

            await Rest();
        }
    }

    public bool Is(CommandStatus status, CommandStatus expected)
    {
        Require(status == expected, $"{status} instead of {expected}");
        return true;
    }

    public void Require(bool condition, string otherwise)
    {
        if (!condition) world.Violate($"{name}: {otherwise}.");
    }

    public Task Rest() => Task.Delay(RoomCast.Pause(random), cast.Node.Time);
}
