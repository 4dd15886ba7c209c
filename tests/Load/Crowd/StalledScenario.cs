using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Serialization;
using RedNote.Load.Measure;
using RedNote.Load.Servers;
using Spectre.Console;

namespace RedNote.Load.Crowd;

/// <summary>Some viewers stop reading their sockets: what do they cost, and who feels it?</summary>
public sealed class StalledScenario : IScenario
{
    private const double MostKibibytesPerClient = 256;
    private const double MostSlower = 1.2;
    private static readonly TimeSpan MostCatchUp = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Warmup = TimeSpan.FromSeconds(5);

    public string Name => "stalled";

    public string Summary => "one room, some viewers stop reading: the others' latency, memory, and the way back";

    public string Help => """
          --viewers N      10 to 5,000; default 1000
          --stalled N      of them, 1 to 1,000; default 10
          --rounds N       1 to 20; default 5
          --settle N       seconds before the first, in which a fresh server takes its memory, 0 to 600; default 60
          --rate N         danmaku a second, 1 to 10,000; default 200
          --seconds N      of each part of a round, 5 to 300; default 10
          --text-bytes N   16 to 200; default 120
          --budget N       danmaku a second that viewers are shown, 0: all; default 0, which fills buffers sooner
          --server FILE    RedNote.Frontend.dll; default: beside this program
          --json FILE      also write every round there
        """;

    public Task<int> Run(Arguments arguments, CancellationToken cancellationToken)
    {
        var plan = new Plan(
            arguments.Int("viewers", 1_000, 10, 5_000), arguments.Int("stalled", 10, 1, 1_000),
            arguments.Int("rounds", 5, 1, 20), arguments.Int("settle", 60, 0, 600),
            arguments.Int("rate", 200, 1, 10_000),
            arguments.Int("seconds", 10, 5, 300), arguments.Int("text-bytes", 120, 16, 200),
            arguments.Int("budget", 0, 0, 100_000), arguments.Text("server") ?? RedNoteTarget.BesideThisProgram,
            arguments.OutputFile("json"));
        arguments.RefuseUnknown();
        return Measure(plan, cancellationToken);
    }

    private static async Task<int> Measure(Plan plan, CancellationToken ct)
    {
        await using var server = await new RedNoteTarget(plan.Server, plan.Budget).Start(0, ct);
        var paths = await server.OpenAccounts(1 + plan.Viewers, ct);
        using var loop = new CrowdLoop(server.RoomId, plan.TextBytes, ct) { Senders = 1, Stallers = plan.Stalled };
        List<Round> rounds = [];
        await ProgressBoard.Show(board => OwnThread.Run(
            () =>
            {
                using var line = board.Begin($"{plan.Viewers} viewers");
                rounds = Drive(plan, server, loop, paths, line);
            },
            ct));
        List<string> problems = [.. Report(plan, loop, rounds).OfType<string>()];
        await new JsonReport("stalled", plan) { Runs = rounds, Problems = problems }.Write(plan.Json, ct);
        return Figures.Judge(problems);
    }

    /// <summary>Both in turn, several times: a machine has moods, and a server that has just started takes more memory
    /// from minute to minute, whoever reads.</summary>
    private static List<Round> Drive(
        Plan plan, IRoomServer server, CrowdLoop loop, string[] paths, ProgressBoard.Line line)
    {
        Cores.PinThisThread(1);
        loop.Open(server.Process.EndPoint, paths, _ => { });
        var stalled = Enumerable.Range(paths.Length - plan.Stalled, plan.Stalled).ToArray();
        var rounds = new List<Round>();
        loop.Run(TimeSpan.FromSeconds(plan.Settle), plan.Rate, share => line.Report("settle", share));
        var before = Watch(plan, server, loop);
        for (var round = 0; round < plan.Rounds; round++)
        {
            line.Report("measure", (double)round / plan.Rounds);
            Array.ForEach(stalled, loop.Pause);
            var during = Watch(plan, server, loop);
            var behind = loop.NewestSeq - stalled.Max(viewer => loop.Seqs[viewer]);
            var since = Stopwatch.GetTimestamp();
            Array.ForEach(stalled, loop.Resume);

            // In step: what they were sent last is what the others were sent last, while it goes on.
            var isBack = loop.Await(
                () => stalled.All(viewer => loop.Seqs[viewer] >= loop.NewestSeq), TimeSpan.FromSeconds(10));
            var back = isBack ? Stopwatch.GetElapsedTime(since) : TimeSpan.MaxValue;
            var after = Watch(plan, server, loop);
            rounds.Add(new Round(before, during, after, behind, back));
            before = after;
        }

        return rounds;
    }

    private static Reading Watch(Plan plan, IRoomServer server, CrowdLoop loop)
    {
        loop.Run(Warmup, plan.Rate, _ => { });
        loop.BeginCount();
        var memory = new List<double>();
        loop.Run(TimeSpan.FromSeconds(plan.Seconds), plan.Rate, _ => memory.Add(server.Process.Memory / 1024.0));
        return new Reading(
            loop.FrameLatency.Percentile(0.5) / 1000.0, loop.FrameLatency.Percentile(0.99) / 1000.0,
            Figures.Median(memory));
    }

    private static string?[] Report(Plan plan, CrowdLoop loop, List<Round> rounds)
    {
        var p99Before = Median(rounds, it => (it.Before.P99 + it.After.P99) / 2);
        var p99During = Median(rounds, it => it.During.P99);
        var (p50Before, p50During) = (Median(rounds, it => it.Before.P50), Median(rounds, it => it.During.P50));
        var kibibytes = Median(rounds, it => it.Growth / plan.Stalled);
        var back = rounds.Max(it => it.Back);
        foreach (var it in rounds)
        {
            AnsiConsole.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"p99 {it.Before.P99:N1}, {it.During.P99:N1} and {it.After.P99:N1} ms, "
                + $"memory {it.Before.Memory / 1024:N1}, {it.During.Memory / 1024:N1} and "
                + $"{it.After.Memory / 1024:N1} MiB, {it.Behind} frames behind, "
                + $"back after {it.Back.TotalMilliseconds:N0} ms"));
        }

        AnsiConsole.WriteLine($"""
            {plan.Viewers} viewers, {plan.Stalled} stalled, {plan.Rate} danmaku a second, medians of {rounds.Count}
            others' frames: p50 {p50Before:N1} and then {p50During:N1} ms, p99 {p99Before:N1} and then {p99During:N1} ms
            memory per stalled client: {kibibytes:N0} KiB
            in step again after {back.TotalMilliseconds:N0} ms at most, resyncs {loop.Resyncs}
            """);
        return
        [
            loop.Problem, loop.Closed > 0 ? "connections were lost" : null,
            rounds.All(it => it.Behind >= 5) ? null : "nobody was stalled",
            p99During <= p99Before * MostSlower ? null : "the others felt it",
            kibibytes < MostKibibytesPerClient ? null : "a stalled client costs too much",
            back < MostCatchUp ? null : "they were not back in time",
        ];
    }

    private static double Median(List<Round> rounds, Func<Round, double> of) => Figures.Median(rounds.Select(of));

    private sealed record Plan(
        int Viewers, int Stalled, int Rounds, int Settle, int Rate, int Seconds, int TextBytes, int Budget,
        string Server, [property: JsonIgnore] string? Json);

    /// <summary>Latency in ms, memory in KiB.</summary>
    private sealed record Reading(double P50, double P99, double Memory);

    /// <summary>Before somebody stalled, meanwhile, and after.</summary>
    private sealed record Round(Reading Before, Reading During, Reading After, long Behind, TimeSpan Back)
    {
        /// <summary>What the time in between took beside the times on either side of it, in KiB.</summary>
        public double Growth => During.Memory - ((Before.Memory + After.Memory) / 2);
    }
}
