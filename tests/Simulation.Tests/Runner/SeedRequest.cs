using RedNote.Embedded.Simulation;

namespace RedNote.Simulation.Runner;

/// <summary>Names one run exactly: a seed of a workload, and what it does without.</summary>
internal sealed record SeedRequest(
    string Workload, ulong Seed, NumberSet WithoutFaults, NumberSet WithoutCommands)
{
    public SeedRequest(string workload, ulong seed)
        : this(workload, seed, NumberSet.None, NumberSet.None)
    {
    }

    /// <summary>The command that repeats exactly this run, anywhere.</summary>
    public string CommandLine
        => $"dotnet run -c Release --project tests/Simulation.Tests -- --replay {Workload}:{Seed}"
            + (WithoutFaults.IsEmpty ? "" : $" --without-faults {WithoutFaults}")
            + (WithoutCommands.IsEmpty ? "" : $" --without-commands {WithoutCommands}");

    /// <summary>Runs it on the calling thread.</summary>
    public SeedResult Run(bool isRecorded = false) => Run(WorkloadCatalog.All[Workload], isRecorded);

    public SeedResult Run(Func<IWorkload> create, bool isRecorded = false)
    {
        var bounds = SeedRun.Vary(Seed);
        bounds.CommandsLeftOut = WithoutCommands;
        var options = new SimulationOptions { FaultsLeftOut = WithoutFaults, IsRecorded = isRecorded };
        return SeedRun.Execute(Workload, create, Seed, options, bounds);
    }
}
