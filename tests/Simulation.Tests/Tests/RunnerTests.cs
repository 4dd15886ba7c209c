using RedNote.Embedded.Simulation;
using RedNote.Simulation.Runner;

namespace RedNote.Simulation.Tests;

public sealed class RunnerTests
{
    [Theory]
    [InlineData("--seeds", "--seeds needs a value")]
    [InlineData("--seeds 0", "from 1 to")]
    [InlineData("--seeds x", "from 1 to")]
    [InlineData("--seeds 5 --seeds 6", "given twice")]
    [InlineData("--seeds 5 --workload nothing", "There is no workload 'nothing'; there are")]
    [InlineData("--seeds 5 --from -1", "A seed is a number")]
    [InlineData("--seeds 5 --from 18446744073709551615", "not so many seeds")]
    [InlineData("--seeds 5 --threads 0", "from 1 to")]
    [InlineData("--seeds 5 --turns 3", "--turns does not go with --seeds")]
    [InlineData("--seeds 5 --list", "Give one of")]
    [InlineData("--replay ledger", "NAME:SEED")]
    [InlineData("--replay ledger:x", "A seed is a number")]
    [InlineData("--replay ledger:1 --turns some", "--turns has to be a number")]
    [InlineData("--replay ledger:1 --without-faults 3-1", "rising numbers")]
    [InlineData("--replay ledger:1 --from 3", "--from does not go with --replay")]
    [InlineData("--list --speed 3", "'--speed' is unknown")]
    public void Arguments_ThatAreWrong_AreRefusedWithAReason(string line, string reason)
    {
        var error = Assert.Throws<RunnerException>(() => RunnerOptions.Parse(line.Split(' ')));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Arguments_OfASearch_AreUnderstood()
    {
        var all = RunnerOptions.Parse(["--seeds", "5"]).Search!;
        var one = RunnerOptions.Parse("--seeds 5 --from 9 --workload ledger --threads 3".Split(' ')).Search!;

        Assert.Equal((5, 1ul, Environment.ProcessorCount), (all.Seeds, all.From, all.Threads));
        Assert.Equal(WorkloadCatalog.All.Keys, all.Workloads);
        Assert.Equal((5, 9ul, 3), (one.Seeds, one.From, one.Threads));
        Assert.Equal(["ledger"], one.Workloads);
    }

    [Fact]
    public void CommandLine_OfARun_NamesExactlyThatRun()
    {
        var run = new SeedRequest("ledger", 12)
        {
            WithoutFaults = NumberSet.AllBut([0, 3, 4]),
            WithoutCommands = NumberSet.AllBut([]),
        };

        var line = run.CommandLine;
        var read = RunnerOptions.Parse(line.Split(" -- ")[1].Split(' ')).Replay!;

        Assert.EndsWith(
            "--replay ledger:12 --without-faults 1-2,5- --without-commands 0-", line, StringComparison.Ordinal);
        Assert.Equal(line, read.Run.CommandLine);
        Assert.Equal(run.Run().Hash, read.Run.Run().Hash);
    }

    [Fact]
    public async Task Program_WithBadArguments_SaysSoAndExitsWithTwo()
    {
        var output = await Replays.Start("--replay", "nothing:1");

        Assert.Equal(2, output.ExitCode);
        Assert.StartsWith("There is no workload 'nothing'", output.Errors, StringComparison.Ordinal);
        Assert.Contains("usage:", output.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Program_WithFewSeeds_WritesATableAndExitsWithZero()
    {
        var output = await Replays.Start("--seeds", "2", "--workload", "ledger", "--threads", "2");

        Assert.Equal((0, ""), (output.ExitCode, output.Errors));
        Assert.Contains("commands/seed", output.Text, StringComparison.Ordinal);
        Assert.All(Enum.GetNames<FaultKind>(), kind => Assert.Contains(kind, output.Text, StringComparison.Ordinal));
    }

    [Fact]
    public void FaultsThatNeverHappened_OverManySeeds_AreNamed()
    {
        var kinds = Enum.GetValues<FaultKind>();
        var tally = new CampaignTally("ledger");
        for (ulong seed = 1; seed < CampaignReport.SeedsForEveryFault; seed++) tally.Add(Result(seed));
        Assert.Empty(CampaignReport.MissingFaults([tally]));

        tally.Add(Result(CampaignReport.SeedsForEveryFault));

        var line = Assert.Single(CampaignReport.MissingFaults([tally]));
        Assert.StartsWith("ledger: no StaleSilo in 1000 seeds", line, StringComparison.Ordinal);

        SeedResult Result(ulong seed) => new(
            "ledger", seed, 1, 1, 1, TimeSpan.Zero, 0,
            [.. kinds.Select(kind => kind == FaultKind.StaleSilo ? 0 : 1)], 0, null, []);
    }

    [Fact]
    public void Trace_ForReaders_HasAllNotesAndTheLastTurns()
    {
        string[] lines = ["000.000001 note 1", "000.000002   turn 1", "000.000003 note 2", "000.000004   turn 2"];

        Assert.Equal([lines[0], lines[2], lines[3]], TraceView.Select(lines, turns: 1));
        Assert.Equal([lines[0], lines[2]], TraceView.Select(lines, turns: 0));
        Assert.Equal(lines, TraceView.Select(lines, turns: int.MaxValue));
    }
}
