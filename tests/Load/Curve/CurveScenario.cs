using System.Diagnostics;
using RedNote.Load.Measure;
using RedNote.Load.Servers;
using Spectre.Console;
using static RedNote.Load.Measure.Figures;

namespace RedNote.Load.Curve;

/// <summary>The same viewers in one room and in many: does an interaction cost the same?</summary>
public sealed class CurveScenario : IScenario
{
    private const double MostRatio = 1.5;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public string Name => "curve";

    public string Summary => "the same viewers in one room or spread over many: what does an interaction cost?";

    public string Help => CurveOptions.Help;

    public async Task<int> Run(Arguments arguments, CancellationToken cancellationToken)
    {
        var options = CurveOptions.Parse(arguments);
        var results = new List<CurveResult>();
        await ProgressBoard.Show(async board =>
        {
            // The display budget is off: what is said is what is received, so that deliveries can be counted.
            await using var server =
                await new RedNoteTarget(options.Server, displayBudget: 0).Start(core: null, cancellationToken);
            var paths = await server.OpenAccounts(options.Viewers, cancellationToken);
            for (var run = 1; run <= options.Runs; run++)
            {
                foreach (var rooms in options.Rooms)
                {
                    using var line = board.Begin($"{rooms} x {options.Viewers / rooms}, run {run}");
                    results.Add(await Measure(options, server, paths, rooms, run, line.Report, cancellationToken));
                }
            }
        });
        return await Report(options, results, cancellationToken);
    }

    private static async Task<CurveResult> Measure(
        CurveOptions options, IRoomServer server, string[] paths, int rooms, int run, Action<string, double> progress,
        CancellationToken ct)
    {
        var ids = await RoomMaker.OpenRooms(server.Process.Address, rooms, 1, static _ => { }, ct);
        return await OwnThread.Run(
            () =>
            {
                using var loop = new CurveLoop(options, ids, ct);
                return Drive(options, server, loop, paths, rooms, run, progress);
            },
            ct);
    }

    private static CurveResult Drive(
        CurveOptions options, IRoomServer server, CurveLoop loop, string[] paths, int rooms, int run,
        Action<string, double> progress)
    {
        loop.Open(server.Process.EndPoint, paths, share => progress("join", share));
        progress("warm up", 0.5);
        loop.Start();
        loop.Run(TimeSpan.FromSeconds(options.Warmup));
        loop.BeginCount();
        progress("measure", 0.5);
        using var self = Process.GetCurrentProcess();
        var (cpu, own, began) = (server.Process.Cpu, self.TotalProcessorTime, Stopwatch.GetTimestamp());
        var (calls, deliveries, frames) = (loop.Calls, loop.Deliveries, loop.Frames);
        loop.Run(TimeSpan.FromSeconds(options.Seconds));
        self.Refresh();
        var took = Stopwatch.GetElapsedTime(began);
        var used = server.Process.Cpu - cpu;
        (calls, deliveries, frames) = (loop.Calls - calls, loop.Deliveries - deliveries, loop.Frames - frames);
        var result = new CurveResult(
            rooms, options.Viewers / rooms, run, calls / took.TotalSeconds, deliveries / took.TotalSeconds,
            frames / took.TotalSeconds / options.Viewers, used.TotalMicroseconds / (calls + deliveries),
            used.TotalMicroseconds / calls, used.TotalMicroseconds / frames, Latency.Of(loop.Latency), used / took,
            (self.TotalProcessorTime - own) / took, null);
        loop.Drain(Patience);
        return result with { Problem = loop.Problem };
    }

    private static async Task<int> Report(CurveOptions options, List<CurveResult> results, CancellationToken ct)
    {
        ProgressBoard.WidenRedirectedOutput();
        AnsiConsole.WriteLine(
            $"{options.Viewers:N0} viewers, {options.Rate} danmaku a second in every room, {options.Likes} calls of "
            + "Like a second in all. An interaction is a call or a danmaku that a viewer receives: every viewer "
            + "receives the same at each point. CPU of the server in us; latency of verdicts from when a call was due, "
            + "in ms.");
        AnsiConsole.Write(Table(results));
        var costs = results.GroupBy(r => r.Rooms).OrderBy(group => group.Key)
            .Select(group => new PlotPoint(
                group.Key, Median(group.Select(r => r.PerInteraction)), $"{group.Key} x {group.First().Viewers:N0}"))
            .ToList();
        Promise[] promises = costs.Count < 2 ? [] :
        [
            Promise.AtMost($"cost at {costs[^1].Name} / at {costs[0].Name}", costs[^1].Y / costs[0].Y, MostRatio),
        ];
        if (options.Svg is { } file)
        {
            await File.WriteAllTextAsync(file, Plot(costs).Write(), ct);
        }

        List<string> problems = [.. results.Select(r => r.Problem).OfType<string>()];
        var limits = results.Select(r => $"{r.Rooms} x {r.Viewers}: {r.LimitedBy}").Distinct().ToList();
        limits.ForEach(AnsiConsole.WriteLine);
        await new JsonReport("curve", options)
        {
            Runs = results,
            Medians = costs,
            Promises = promises,
            Limits = limits,
            Problems = problems,
        }.Write(options.Json, ct);
        return Math.Max(Promise.Judge(promises), Judge(problems));
    }

    private static Table Table(List<CurveResult> results)
    {
        var table = new Table().MinimalBorder().AddFigures(
            "rooms", "viewers", "run", "calls/s", "deliveries/s", "frames/s of one", "us/interaction", "us/call",
            "us/frame", "p50", "p99", "server", "gen.");

        foreach (var r in results)
        {
            table.AddRow(
                Number(r.Rooms, 0), Number(r.Viewers, 0), Number(r.Run, 0), Number(r.CallsPerSecond, 0),
                Number(r.DeliveriesPerSecond, 0), Number(r.FramesOfOne, 1), Number(r.PerInteraction, 2),
                Number(r.PerCall, 0), Number(r.PerFrame, 2), Number(r.Verdicts.P50Ms, 1), Number(r.Verdicts.P99Ms, 1),
                Number(r.ServerCores, 2), Number(r.GeneratorCores, 2));
        }

        return table;
    }

    private static SvgPlot Plot(List<PlotPoint> costs) => new(
        "What an interaction costs the server", "rooms x viewers in each", "CPU, µs",
        [new PlotLine("calls and what viewers receive", costs)],
        (costs[0].Y * MostRatio, $"{MostRatio} times one room's"));
}

/// <summary>One point of one run. CPU of the server in microseconds.</summary>
internal sealed record CurveResult(
    int Rooms, int Viewers, int Run, double CallsPerSecond, double DeliveriesPerSecond, double FramesOfOne,
    double PerInteraction, double PerCall, double PerFrame, Latency Verdicts, double ServerCores,
    double GeneratorCores, string? Problem)
{
    private const double Full = 0.9;

    public string LimitedBy => this switch
    {
        { GeneratorCores: > Full } => "the generator's one thread was busy all the time",
        _ when ServerCores + GeneratorCores > Full * Environment.ProcessorCount => "all cores were full",
        _ => "nothing: what was asked for was offered",
    };
}
