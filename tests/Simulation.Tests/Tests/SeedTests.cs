using RedNote.Embedded.Simulation;
using RedNote.Simulation.Runner;

namespace RedNote.Simulation.Tests;

/// <summary>A bounded number of seeds of every workload; the runner has as many as one likes.</summary>
public sealed class SeedTests
{
    private const int Seeds = 60;

    public static TheoryData<string> Workloads { get; } = [.. WorkloadCatalog.All.Keys];

    [Theory]
    [MemberData(nameof(Workloads))]
    public void Workload_WithManySeeds_KeepsItsPromisesAtRealWork(string workload)
    {
        var stop = TestContext.Current.CancellationToken;

        var tally = new Campaign(workload, from: 1, Seeds, Environment.ProcessorCount, stop).Run(static _ => { });

        if (tally.Failed is { } failed)
        {
            Assert.Fail(
                $"{failed.Violation!.Message}\nrepeat it with\n"
                + $"{new SeedRequest(workload, failed.Seed).CommandLine}\nor make it small with\n"
                + $"dotnet run -c Release --project tests/Simulation.Tests -- --seeds 1 --from {failed.Seed}"
                + $" --workload {workload}");
        }

        Assert.Equal(Seeds, tally.Seeds);
        Assert.True(tally.Commands >= 500L * Seeds, $"{tally.Commands} commands in {Seeds} seeds");
        Assert.True(tally.Crashes >= 2L * Seeds, $"{tally.Crashes} crashes in {Seeds} seeds");
        Assert.True(tally.FaultCount >= 10L * Seeds, $"{tally.FaultCount} faults in {Seeds} seeds");
    }

    [Theory]
    [MemberData(nameof(Workloads))]
    public void Workload_WithSameSeed_RepeatsItself(string workload)
    {
        var first = new SeedRequest(workload, 7).Run();
        var second = new SeedRequest(workload, 7).Run(isRecorded: true);
        var other = new SeedRequest(workload, 8).Run();

        Assert.Equal((first.Hash, first.Turns, first.Time), (second.Hash, second.Turns, second.Time));
        Assert.Equal(first.Faults, second.Faults);
        Assert.NotEqual(first.Hash, other.Hash);
    }

    [Theory]
    [MemberData(nameof(Workloads))]
    public async Task Workload_InTwoProcesses_RepeatsItself(string workload)
    {
        var here = new SeedRequest(workload, 3).Run();
        var outputs = await Task.WhenAll(Replays.Start(workload, 3), Replays.Start(workload, 3));

        var expected = $"hash {here.Hash:x16}";
        Assert.All(outputs, output => Assert.Contains(expected, output.Text.Split('\n')));
        Assert.All(outputs, output => Assert.Equal(0, output.ExitCode));
    }

    [Fact]
    public void Run_WithoutAnyFault_HasNone()
    {
        var request = new SeedRequest("ledger", 5) { WithoutFaults = NumberSet.AllBut([]) };

        var result = request.Run();

        Assert.Null(result.Violation);
        Assert.Equal(0, result.FaultCount);
        Assert.True(result.FaultsNumbered > 10, $"{result.FaultsNumbered} faults would have happened.");
    }

    [Fact]
    public void Run_WithoutAnyCommand_GivesNone()
    {
        var request = new SeedRequest("ledger", 5) { WithoutCommands = NumberSet.AllBut([]) };

        var result = request.Run(isRecorded: true);

        Assert.Null(result.Violation);
        Assert.Equal(0, result.CommandsGiven);
        Assert.True(result.Commands >= 500);
        Assert.DoesNotContain(result.Lines, line => line.Contains(" command ", StringComparison.Ordinal));
    }

    [Fact]
    public void Run_WithoutOneFault_IsTheSameUpToIt()
    {
        var whole = new SeedRequest("ledger", 5).Run(isRecorded: true);
        var left = whole.FaultsNumbered / 2;
        Assert.True(NumberSet.TryParse($"{left}", out var without));

        var result = new SeedRequest("ledger", 5) { WithoutFaults = without }.Run(isRecorded: true);

        var common = whole.Lines.Zip(result.Lines).TakeWhile(pair => pair.First == pair.Second).Count();
        Assert.Contains($" fault {left}: ", whole.Lines.ElementAt(common), StringComparison.Ordinal);
        Assert.DoesNotContain(result.Lines, line => line.Contains($" fault {left}: ", StringComparison.Ordinal));
        Assert.True(common > 100, $"only {common} lines in common");
    }
}
