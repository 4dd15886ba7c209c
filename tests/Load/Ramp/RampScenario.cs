using System.Diagnostics;
using RedNote.Load.Measure;
using RedNote.Load.Servers;
using RedNote.Load.Servers.Baselines;
using Spectre.Console;
using static RedNote.Load.Measure.Figures;

namespace RedNote.Load.Ramp;

/// <summary>Everybody comes at once: how soon are they in, and who waits for it?</summary>
public sealed class RampScenario : IScenario
{
    private const double MostSeconds = 10;
    private const double MostMs = 1_000;
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AtMost = TimeSpan.FromSeconds(120);

    public string Name => "ramp";

    public string Summary => "a storm of viewers joins one room: how soon are they in, and what do others notice?";

    public string Help => """
          --viewers N      10 to 19,000; default 10000
          --talk N         danmaku a second in the room, and as many in another, 1 to 200; default 20
          --parallel N     viewers between opening and snapshot at a time, 1 to 19,000; default 500 (a server's listen
                           queue holds 512: what is more may wait a second for the kernel to try again)
          --runs N         of each server, 1 to 10; default 1
          --target WHICH   rednote, baseline (a plain SignalR hub and a group), or both; default both
          --budget N       danmaku a second that viewers are shown, 0: all; default 30, the server's own
          --server FILE    RedNote.Frontend.dll; default: beside this program
          --json FILE      also write everything there
        """;

    public async Task<int> Run(Arguments arguments, CancellationToken cancellationToken)
    {
        var options = new RampOptions(
            arguments.Int("viewers", 10_000, 10, 19_000), arguments.Int("talk", 20, 1, 200),
            arguments.Int("parallel", 500, 1, 19_000), arguments.Int("runs", 1, 1, 10),
            arguments.Words("target", ["rednote", "baseline"], "rednote", "baseline", "both"),
            arguments.Int("budget", 30, 0, 100_000), arguments.Text("server") ?? RedNoteTarget.BesideThisProgram,
            arguments.OutputFile("json"));
        arguments.RefuseUnknown();
        FileLimit.Check("viewers", options.Viewers);
        var results = new List<RampResult>();
        await ProgressBoard.Show(async board =>
        {
            for (var run = 1; run <= options.Runs; run++)
            {
                foreach (var target in options.Targets())
                {
                    using var line = board.Begin($"{target.Name}, run {run}");
                    results.Add(await Measure(options, target, run, line.Report, cancellationToken));
                }
            }
        });
        return await Report(options, results, cancellationToken);
    }

    private static async Task<RampResult> Measure(
        RampOptions options, ITarget target, int run, Action<string, double> progress, CancellationToken ct)
    {
        await using var server = await target.Start(core: null, ct);
        progress("accounts", 0);
        var paths = await server.OpenAccounts(options.Viewers + 2, ct);
        var other = server is IRoomServer
            ? (await RoomMaker.OpenRooms(server.Process.Address, 1, 1, static _ => { }, ct))[0]
            : "2";
        using var loop = new RampLoop(server.RoomId, other, options, Quiet, AtMost, ct);
        return await OwnThread.Run(() => Drive(target.Name, run, server, loop, paths, progress), ct);
    }

    private static RampResult Drive(
        string name, int run, ITargetServer server, RampLoop loop, string[] paths, Action<string, double> progress)
    {
        using var self = Process.GetCurrentProcess();
        var (cpu, own, memory) = (TimeSpan.Zero, TimeSpan.Zero, 0L);
        loop.Run(server.Process.EndPoint, paths, OnStorm, progress);
        self.Refresh();
        var viewers = paths.Length - 2;
        return new RampResult(
            name, run, viewers, loop.Took.TotalSeconds, viewers / loop.Took.TotalSeconds,
            Latency.Of(loop.Before.Theirs), Latency.Of(loop.Meanwhile.Theirs), Latency.Of(loop.Meanwhile.Other),
            (server.Process.Cpu - cpu) / loop.Took, (self.TotalProcessorTime - own) / loop.Took,
            (server.Process.Memory - memory) / 1024.0 / viewers,
            loop.Problem
                ?? (loop.Unanswered == 0 ? null : $"{loop.Unanswered} danmaku have no verdict")
                ?? (loop.Refused == 0 ? null : $"{loop.Refused} danmaku were refused"));

        void OnStorm()
        {
            self.Refresh();
            (cpu, own, memory) = (server.Process.Cpu, self.TotalProcessorTime, server.Process.Memory);
        }
    }

    private static async Task<int> Report(RampOptions options, List<RampResult> results, CancellationToken ct)
    {
        ProgressBoard.WidenRedirectedOutput();
        AnsiConsole.WriteLine(
            $"{options.Viewers:N0} viewers join one room, {options.Parallel:N0} on their way at a time; {options.Talk} "
            + "danmaku a second in it and in another. ms from when a danmaku was due to its verdict; cores: while they "
            + "came, of the server and of this program.");
        var table = new Table().MinimalBorder().AddColumn("server").AddFigures(
            "run", "seconds", "joins/s", "p99 before", "p50", "p99", "max", "p99 other", "server", "gen.", "KiB each");

        foreach (var r in results)
        {
            table.AddRow(
                r.Target, Number(r.Run, 0), Number(r.Seconds, 2), Number(r.JoinsPerSecond, 0),
                Number(r.Before.P99Ms, 1), Number(r.Meanwhile.P50Ms, 1), Number(r.Meanwhile.P99Ms, 1),
                Number(r.Meanwhile.MaxMs, 0), Number(r.MeanwhileOther.P99Ms, 1), Number(r.ServerCores, 2),
                Number(r.GeneratorCores, 2), Number(r.KibibytesEach, 1));
        }

        AnsiConsole.Write(table);
        var ratios = Ratios(results);
        var promises = Promises(results);
        var limits = results.Select(r => $"{r.Target}: {r.LimitedBy}").Distinct().ToList();
        limits.ForEach(AnsiConsole.WriteLine);
        List<string> problems = [.. results.Where(r => r.Target == "rednote").Select(r => r.Problem).OfType<string>()];
        await new JsonReport("ramp", options)
        {
            Runs = results,
            Ratios = ratios,
            Promises = promises,
            Limits = limits,
            Problems = problems,
        }.Write(options.Json, ct);
        return Math.Max(Promise.Judge(promises), Judge(problems));
    }

    private static Promise[] Promises(List<RampResult> results)
    {
        var ours = results.Where(r => r.Target == "rednote").ToList();
        return ours.Count == 0 ? [] :
        [
            Promise.AtMost("seconds until all are in", Median(ours.Select(r => r.Seconds)), MostSeconds),
            Promise.AtMost("p99 in their room meanwhile, ms", Median(ours.Select(r => r.Meanwhile.P99Ms)), MostMs),
            Promise.AtMost("p99 in another meanwhile, ms", Median(ours.Select(r => r.MeanwhileOther.P99Ms)), MostMs),
        ];
    }

    private static object? Ratios(List<RampResult> results)
    {
        var sides = results.ToLookup(r => r.Target == "rednote");
        if (!sides[true].Any() || !sides[false].Any())
        {
            return null;
        }

        double Ratio(Func<RampResult, double> of) => Median(sides[true].Select(of)) / Median(sides[false].Select(of));
        var (seconds, p99) = (Ratio(r => r.Seconds), Ratio(r => r.Meanwhile.P99Ms));
        var memory = Ratio(r => r.KibibytesEach);
        AnsiConsole.WriteLine(
            $"ours / plain SignalR: seconds {Number(seconds, 2)}, p99 meanwhile {Number(p99, 2)}, "
            + $"memory {Number(memory, 2)}");
        return new { seconds, p99, memory };
    }
}

/// <summary>What is asked for; see the scenario's help.</summary>
internal sealed record RampOptions(
    int Viewers, int Talk, int Parallel, int Runs, string[] Which, int Budget, string Server, string? Json)
{
    public IEnumerable<ITarget> Targets()
    {
        if (Which is not ["baseline"])
        {
            yield return new RedNoteTarget(Server, Budget);
        }

        if (Which is not ["rednote"])
        {
            yield return new BaselineTarget(new BaselineOptions(BaselineKind.Plain));
        }
    }
}

/// <summary>One storm. Memory is what the server has more, for each viewer, right after.</summary>
internal sealed record RampResult(
    string Target, int Run, int Viewers, double Seconds, double JoinsPerSecond, Latency Before, Latency Meanwhile,
    Latency MeanwhileOther, double ServerCores, double GeneratorCores, double KibibytesEach, string? Problem)
{
    private const double Full = 0.9;

    public string LimitedBy => this switch
    {
        { GeneratorCores: > Full } => "the generator: its one thread was busy all the time",
        _ when ServerCores + GeneratorCores > Full * Environment.ProcessorCount => "the machine: all cores were full",
        _ => "the server, though cores were free",
    };
}
