using System.Globalization;
using RedNote.Embedded.Simulation;

namespace RedNote.Simulation.Runner;

/// <summary>What the command line asks the runner for; exactly one of the three.</summary>
internal sealed record RunnerOptions(SearchOptions? Search, ReplayOptions? Replay, bool IsList)
{
    public const string Usage = """
        usage: dotnet run -c Release --project tests/Simulation.Tests -- <one of these>
          --seeds N [--from 1] [--workload NAME] [--threads N]
              runs N seeds of every workload, or of one; shrinks the first that fails
          --replay NAME:SEED [--without-faults 0-4,9,12-] [--without-commands ...] [--turns all|N]
              runs one seed and prints what happened: commands, answers, faults, and the last N turns (60)
          --list
              names the workloads
        without any of them: the tests, with the options of xunit
        """;

    public static RunnerOptions Parse(IReadOnlyList<string> args)
    {
        var values = Pairs(args);
        var modes = new[] { "--seeds", "--replay", "--list" }.Where(values.ContainsKey).ToArray();
        if (modes.Length != 1) throw new RunnerException("Give one of --seeds, --replay and --list.");
        var options = modes[0] switch
        {
            "--seeds" => new RunnerOptions(ParseSearch(values), null, false),
            "--replay" => new RunnerOptions(null, ParseReplay(values), false),
            _ => new RunnerOptions(null, null, values.Remove("--list")),
        };
        if (values.Count > 0) throw new RunnerException($"{values.Keys.First()} does not go with {modes[0]}.");
        return options;
    }

    private static SearchOptions ParseSearch(Dictionary<string, string> values)
    {
        var seeds = Int(values, "--seeds", fallback: 0, min: 1, max: 100_000_000);
        var from = Take(values, "--from") is { } text ? Seed("--from", text) : 1;
        if (from > ulong.MaxValue - (ulong)seeds) throw new RunnerException("There are not so many seeds.");
        var workload = Take(values, "--workload");
        var workloads = workload is null ? WorkloadCatalog.All.Keys.ToArray() : [Known(workload)];
        return new SearchOptions(
            seeds, from, workloads, Int(values, "--threads", Environment.ProcessorCount, min: 1, max: 1_024));
    }

    private static ReplayOptions ParseReplay(Dictionary<string, string> values)
    {
        var text = Take(values, "--replay")!;
        var colon = text.LastIndexOf(':');
        if (colon < 0) throw new RunnerException($"--replay has to be NAME:SEED, as in ledger:17, not '{text}'.");
        var seed = Seed("--replay", text[(colon + 1)..]);
        var run = new SeedRequest(
            Known(text[..colon]), seed, Numbers(values, "--without-faults"), Numbers(values, "--without-commands"));
        var turns = values.GetValueOrDefault("--turns") == "all" && values.Remove("--turns")
            ? int.MaxValue
            : Int(values, "--turns", TraceView.UsualTurns, min: 0, max: int.MaxValue);
        return new ReplayOptions(run, turns);
    }

    private static Dictionary<string, string> Pairs(IReadOnlyList<string> args)
    {
        string[] known =
        [
            "--seeds", "--from", "--workload", "--threads", "--replay", "--without-faults", "--without-commands",
            "--turns", "--list",
        ];
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < args.Count; i++)
        {
            var name = args[i];
            if (!known.Contains(name))
                throw new RunnerException($"'{name}' is unknown; known are {string.Join(", ", known)}.");
            var value = "";
            if (name != "--list" && (++i == args.Count || (value = args[i]).StartsWith("--", StringComparison.Ordinal)))
                throw new RunnerException($"{name} needs a value.");
            if (!values.TryAdd(name, value)) throw new RunnerException($"{name} is given twice.");
        }

        return values;
    }

    private static string Known(string workload)
        => WorkloadCatalog.All.ContainsKey(workload)
            ? workload
            : throw new RunnerException(
                $"There is no workload '{workload}'; there are {string.Join(", ", WorkloadCatalog.All.Keys)}.");

    private static ulong Seed(string name, string text)
        => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seed)
            ? seed
            : throw new RunnerException($"A seed is a number from 0 to {ulong.MaxValue}; '{text}' in {name} is not.");

    private static NumberSet Numbers(Dictionary<string, string> values, string name)
        => NumberSet.TryParse(Take(values, name) ?? "", out var numbers)
            ? numbers
            : throw new RunnerException($"{name} takes rising numbers and ranges, as in 0-4,9,12-");

    private static int Int(Dictionary<string, string> values, string name, int fallback, int min, int max)
    {
        if (Take(values, name) is not { } text) return fallback;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            && value >= min && value <= max
            ? value
            : throw new RunnerException($"{name} has to be a number from {min} to {max}, not '{text}'.");
    }

    private static string? Take(Dictionary<string, string> values, string name)
        => values.Remove(name, out var value) ? value : null;
}

/// <summary>Many seeds, of some workloads.</summary>
internal sealed record SearchOptions(int Seeds, ulong From, IReadOnlyList<string> Workloads, int Threads);

/// <summary>One seed, to be looked at.</summary>
internal sealed record ReplayOptions(SeedRequest Run, int Turns);

/// <summary>The command line does not say what to do.</summary>
internal sealed class RunnerException(string message) : Exception(message);
