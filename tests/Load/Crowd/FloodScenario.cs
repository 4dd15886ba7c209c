using System.Text.Json;
using System.Text.Json.Serialization;
using RedNote.Load.Measure;
using RedNote.Load.Servers;
using Spectre.Console;

namespace RedNote.Load.Crowd;

/// <summary>Far more danmaku than anybody can read: has every send its verdict, and do the totals add up?</summary>
public sealed class FloodScenario : IScenario
{
    private static readonly TimeSpan Warmup = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public string Name => "flood";

    public string Summary => "one room, many senders: every verdict, the totals, the display budget, memory over time";

    public string Help => """
          --rate N         danmaku a second, 1 to 100,000; default 10000
          --senders N      connections that send, 1 to 5,000; default 500
          --viewers N      connections that watch, 1 to 5,000; default 1000
          --seconds N      5 to 600; default 60
          --budget N       danmaku a second that viewers are shown, 0: all; default 30
          --text-bytes N   16 to 200; default 24
          --apart N        1: the server has one core and this program another; default 0: both take what they need
          --server FILE    RedNote.Frontend.dll; default: beside this program
          --json FILE      also write the figures there
        """;

    public Task<int> Run(Arguments arguments, CancellationToken cancellationToken)
    {
        var plan = new Plan(
            arguments.Int("rate", 10_000, 1, 100_000), arguments.Int("senders", 500, 1, 5_000),
            arguments.Int("viewers", 1_000, 1, 5_000), arguments.Int("seconds", 60, 5, 600),
            arguments.Int("budget", 30, 0, 100_000), arguments.Int("text-bytes", 24, 16, 200),
            arguments.Int("apart", 0, 0, 1) == 1,
            arguments.Text("server") ?? RedNoteTarget.BesideThisProgram, arguments.OutputFile("json"));
        arguments.RefuseUnknown();
        return Measure(plan, cancellationToken);
    }

    private static async Task<int> Measure(Plan plan, CancellationToken ct)
    {
        await using var server = await new RedNoteTarget(plan.Server, plan.Budget).Start(plan.Apart ? 0 : null, ct);
        var paths = await server.OpenAccounts(plan.Senders + plan.Viewers, ct);
        using var loop = new CrowdLoop(server.RoomId, plan.TextBytes, ct) { Senders = plan.Senders };
        var memory = new List<long>();
        Usage.Share used = default;
        await ProgressBoard.Show(board => OwnThread.Run(
            () =>
            {
                using var line = board.Begin($"{plan.Rate} danmaku a second");
                used = Drive(plan, server, loop, paths, memory, line);
            },
            ct));
        var stats = await server.Stats(ct);
        var problems = Report(plan, loop, memory, used, stats.GetProperty("verdicts"));
        var report = new JsonReport("flood", plan)
        {
            Runs = FiguresOf(loop, memory, used, stats.GetProperty("verdicts")),
            Limits = [StrainOf(plan, loop, used).LimitedBy],
            Problems = [.. problems],
        };
        await report.Write(plan.Json, ct);
        return Figures.Judge(problems);
    }

    private static Usage.Share Drive(
        Plan plan, IRoomServer server, CrowdLoop loop, string[] paths, List<long> memory, ProgressBoard.Line line)
    {
        if (plan.Apart)
        {
            Cores.PinThisThread(1);
        }

        loop.Open(server.Process.EndPoint, paths, share => line.Report("join", share));
        loop.Run(Warmup, plan.Rate, share => line.Report("warm up", share));
        loop.BeginCount();
        var before = Usage.Take(server.Process);
        loop.Run(TimeSpan.FromSeconds(plan.Seconds), plan.Rate, share =>
        {
            memory.Add(server.Process.Memory);
            line.Report("measure", share);
        });
        var used = Usage.Take(server.Process).Since(before);
        loop.Await(() => loop.Answered == loop.Sent, Patience);

        // What a front end refused by itself is told within half a second, and so are the senders of what was left out.
        loop.Await(() => false, TimeSpan.FromSeconds(2));
        return used;
    }

    /// <summary>Server and generator may take both cores; only a share of a machine that is all theirs is a limit.
    /// </summary>
    private static Strain StrainOf(Plan plan, CrowdLoop loop, Usage.Share used) => new(
        used.Server / (plan.Apart ? 1 : Environment.ProcessorCount), used.Generator, used.Others,
        loop.Lateness.Percentile(0.99) / 1000.0, loop.Sent - loop.Answered);

    private static object FiguresOf(CrowdLoop loop, List<long> memory, Usage.Share used, JsonElement totals) => new
    {
        loop.Sent,
        loop.Answered,
        loop.Verdicts,
        totals,
        frames = Latency.Of(loop.FrameLatency),
        verdictLatency = Latency.Of(loop.VerdictLatency),
        serverCores = used.Server,
        generatorCores = used.Generator,
        memoryMiB = memory.Select(bytes => bytes >> 20),
    };

    private static List<string> Report(
        Plan plan, CrowdLoop loop, List<long> memory, Usage.Share used, JsonElement totals)
    {
        var rejected = totals.GetProperty("rejected").EnumerateObject().Sum(reason => reason.Value.GetInt64());
        var parts = new[] { "pending", "shown", "merged", "sampled", "held" }
            .Select(name => totals.GetProperty(name).GetInt64()).Sum() + rejected;
        var received = totals.GetProperty("received").GetInt64();
        var verdicts = loop.Verdicts.Values.Sum();
        var seconds = loop.ShownPerSecond.Skip(1).SkipLast(1).DefaultIfEmpty().ToList();
        var late = loop.FrameLatency;
        var (p50, p99) = (late.Percentile(0.5) / 1000.0, late.Percentile(0.99) / 1000.0);
        var answers = Latency.Of(loop.VerdictLatency);
        AnsiConsole.WriteLine($"""
            of a core: server {used.Server:P0}, this program {used.Generator:P0}
            sent {loop.Sent:N0}, answered {loop.Answered:N0}: {string.Join(", ", loop.Verdicts)}
            totals {totals}
            told as sampled {loop.ToldSampled:N0}
            frames {loop.Frames:N0}, latency p50 {p50:N1} ms, p99 {p99:N1} ms, max {late.MaxMicroseconds / 1000.0:N1} ms
            verdicts, from the scheduled send: p50 {answers.P50Ms:N1}, p99 {answers.P99Ms:N1}, max {answers.MaxMs:N1} ms
            limited by: {StrainOf(plan, loop, used).LimitedBy}
            shown a second: {seconds.Min()} to {seconds.Max()}, on average {seconds.Average():N1}
            memory MiB: {string.Join(' ', memory.Where((_, i) => i % 10 == 0).Select(bytes => bytes >> 20))}
            """);
        string?[] problems =
        [
            loop.Problem, loop.Closed > 0 ? "connections were lost" : null,
            loop.Answered == loop.Sent ? null : "not every send got its verdict",
            received == parts ? null : $"received {received} is not {parts}",
            received == verdicts ? null : $"received {received}, and {verdicts} verdicts were given",
            totals.GetProperty("shown").GetInt64() + totals.GetProperty("sampled").GetInt64()
                == loop.Verdicts.GetValueOrDefault("accepted") ? null : "what was accepted is not what was shown",
            // Frames are up to half a second apart: what a second's budget paid for may arrive in the next one.
            plan.Budget == 0 || (seconds.Average() <= plan.Budget + 1 && seconds.Max() <= 2 * plan.Budget)
                ? null : "more was shown than the budget",
            loop.FrameLatency.Percentile(0.99) < 500_000 ? null : "frames were late",
        ];
        return [.. problems.OfType<string>()];
    }

    private sealed record Plan(
        int Rate, int Senders, int Viewers, int Seconds, int Budget, int TextBytes, bool Apart, string Server,
        [property: JsonIgnore] string? Json);
}
