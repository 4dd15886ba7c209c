using RedNote.Embedded.Simulation;

namespace RedNote.Simulation;

/// <summary>Runs one seed of one workload.</summary>
public static class SeedRun
{
    /// <summary>Virtual time that a run may take, all told; one that takes longer does not settle.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromHours(2);

    public static SeedResult Execute(
        string name, Func<IWorkload> create, ulong seed, SimulationOptions? options = null, WorldOptions? bounds = null)
    {
        var workload = create();
        using var world = new SimulatedWorld(seed, options ?? new SimulationOptions(), workload, bounds ?? Vary(seed));
        SimulationViolationException? violation = null;
        try
        {
            world.Cluster.Run(() => Live(world, workload), Limit);
        }
        catch (SimulationViolationException found)
        {
            violation = found;
        }

        var cluster = world.Cluster;
        return new SeedResult(
            name, seed, world.Commands, world.CommandsGiven, cluster.Loop.Turns,
            TimeSpan.FromTicks(cluster.Loop.Now), cluster.Trace.Hash,
            [.. Enum.GetValues<FaultKind>().Select(cluster.Faults.Count)], cluster.Faults.Numbered, violation,
            cluster.Trace.Lines);
    }

    /// <summary>Bounds that differ from run to run.</summary>
    public static WorldOptions Vary(ulong seed)
    {
        var random = new SimulationRandom(seed).Fork("bounds");
        return new WorldOptions
        {
            SnapshotEvents = 1 + random.Next(40),
            SnapshotIntervalMs = random.Chance(0.5) ? 0 : random.Next(2_000),
            ReplayRows = 1 + random.Next(20),
            PendingEffects = 1 + random.Next(20),
            QueuedAppends = random.Chance(0.2) ? 1 + random.Next(4) : 1_000,
            BatchAppends = random.Chance(0.3) ? 1 + random.Next(4) : 1_000,
        };
    }

    private static async Task Live(SimulatedWorld world, IWorkload workload)
    {
        await world.Cluster.StartSilo();
        world.Cluster.StartChaos();
        await workload.Run(world);
        await world.Cluster.Calm();
        await workload.Check(world);
    }
}

/// <summary>What became of a seed.</summary>
/// <param name="Workload">Its name.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Commands">Commands, which have numbers, by which they can be left out.</param>
/// <param name="CommandsGiven">Commands given.</param>
/// <param name="Turns">Turns run.</param>
/// <param name="Time">Virtual time it took.</param>
/// <param name="Hash">Of all that happened, in order.</param>
/// <param name="Faults">How many of each <see cref="FaultKind"/>.</param>
/// <param name="FaultsNumbered">Faults that have a number, by which they can be left out.</param>
/// <param name="Violation">What went wrong that must not; null: nothing.</param>
/// <param name="Lines">The recorded trace.</param>
public sealed record SeedResult(
    string Workload,
    ulong Seed,
    int Commands,
    int CommandsGiven,
    long Turns,
    TimeSpan Time,
    ulong Hash,
    IReadOnlyList<int> Faults,
    int FaultsNumbered,
    SimulationViolationException? Violation,
    IReadOnlyCollection<string> Lines)
{
    public int FaultCount => Faults.Sum();

    public int Crashes => Faults[(int)FaultKind.Crash];
}
