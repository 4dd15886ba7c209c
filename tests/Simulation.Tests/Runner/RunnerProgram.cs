using System.Globalization;
using Spectre.Console;

namespace RedNote.Simulation.Runner;

/// <summary>Runs seeds from the command line. Exit: 0 well, 1 a violation, 2 bad arguments, 130 stopped.</summary>
internal static class RunnerProgram
{
    public static bool IsAsked(IEnumerable<string> args)
        => args.Any(arg => arg is "--seeds" or "--replay" or "--list");

    public static int Run(IReadOnlyList<string> args)
    {
        RunnerOptions options;
        try
        {
            options = RunnerOptions.Parse(args);
        }
        catch (RunnerException error)
        {
            Console.Error.WriteLine(error.Message);
            Console.Error.WriteLine(RunnerOptions.Usage);
            return 2;
        }

        using var stop = new CancellationTokenSource();
        ConsoleCancelEventHandler onCancel = (_, cancel) =>
        {
            cancel.Cancel = true;
            stop.Cancel();
        };
        Console.CancelKeyPress += onCancel;
        try
        {
            if (options.Search is { } search) return Search(search, stop.Token);
            return options.Replay is { } replay ? Replay(replay) : List();
        }
        finally
        {
            Console.CancelKeyPress -= onCancel;
        }
    }

    private static int List()
    {
        foreach (var name in WorkloadCatalog.All.Keys) Console.WriteLine(name);
        return 0;
    }

    private static int Replay(ReplayOptions options)
    {
        var result = options.Run.Run(isRecorded: true);
        WriteTrace(result, options.Turns);
        return result.Violation is null ? 0 : 1;
    }

    private static int Search(SearchOptions options, CancellationToken stop)
    {
        // Tables are not to be broken up for a file or a pipe.
        if (Console.IsOutputRedirected) AnsiConsole.Profile.Width = 120;
        var tallies = new List<CampaignTally>();
        AnsiConsole.Progress()
            .Columns(
                new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(),
                new RemainingTimeColumn())
            .Start(context =>
            {
                foreach (var workload in options.Workloads)
                {
                    var task = context.AddTask(workload, maxValue: options.Seeds);
                    var campaign = new Campaign(workload, options.From, options.Seeds, options.Threads, stop);
                    tallies.Add(campaign.Run(tally => Show(task, tally)));
                }
            });
        CampaignReport.Write(tallies);
        var failed = tallies.Where(tally => tally.Failed is not null).ToList();
        foreach (var tally in failed) Explain(tally.Failed!, stop);
        var missing = CampaignReport.MissingFaults(tallies).ToList();
        foreach (var line in missing) Console.WriteLine(line);
        if (failed.Count + missing.Count > 0) return 1;
        if (!stop.IsCancellationRequested) return 0;
        Console.WriteLine("Stopped before the end.");
        return 130;
    }

    private static void Show(ProgressTask task, CampaignTally tally)
    {
        task.Value = tally.Seeds;
        task.Description = string.Create(
            CultureInfo.InvariantCulture, $"{tally.Workload} {tally.TurnsPerCpuSecond,9:n0} turns/s of a core");
    }

    /// <summary>Makes a failed run small, and says how to repeat it and what happened in it.</summary>
    private static void Explain(SeedResult failed, CancellationToken stop)
    {
        Console.WriteLine();
        Console.WriteLine($"{failed.Workload}: seed {failed.Seed} FAILED: {failed.Violation!.Message}");
        Console.WriteLine($"whole:  {new SeedRequest(failed.Workload, failed.Seed).CommandLine}");
        var shrinker = Shrinker.Shrink(failed, static request => request.Run(), Shrinker.MaxRuns, stop);
        var small = shrinker.Smallest.Run(isRecorded: true);
        Console.WriteLine($"shrunk: {shrinker.Smallest.CommandLine}");
        Console.WriteLine(
            $"from {failed.Commands} commands, {failed.FaultCount} faults and {failed.Turns} turns"
            + $" to {small.CommandsGiven}, {small.FaultCount} and {small.Turns}, in {shrinker.Runs} runs");
        Console.WriteLine();
        WriteTrace(small, TraceView.UsualTurns);
    }

    private static void WriteTrace(SeedResult result, int turns)
    {
        foreach (var line in TraceView.Select(result.Lines, turns)) Console.WriteLine(line);
        Console.WriteLine();
        Console.WriteLine(
            $"{result.Workload}:{result.Seed} {result.CommandsGiven} commands, {result.Turns} turns,"
            + $" {result.FaultCount} faults, {result.Crashes} crashes, {result.Time} of virtual time");
        Console.WriteLine($"hash {result.Hash:x16}");
        if (result.Violation is { } violation) Console.WriteLine($"VIOLATION: {violation}");
        else Console.WriteLine("no violation");
    }
}
