using System.Diagnostics;
using RedNote.Load.Measure;
using RedNote.Load.Servers;
using Spectre.Console;

namespace RedNote.Load.Crowd;

/// <summary>Some viewers stop reading their sockets: what do they cost, and who feels it?</summary>
public sealed class StalledScenario : IScenario
{
    private const long MostBytesPerClient = 256 * 1024;
    private static readonly TimeSpan MostCatchUp = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Warmup = TimeSpan.FromSeconds(5);

    public string Name => "stalled";

    public string Summary => "one room, some viewers stop reading: the others' latency, memory, and the way back";

    public string Help => """
          --viewers N      10 to 5,000; default 1000
          --stalled N      of them, 1 to 1,000; default 10
          --rate N         danmaku a second, 1 to 10,000; default 200
          --seconds N      of each half, 5 to 300; default 20
          --text-bytes N   16 to 200; default 120
          --budget N       danmaku a second that viewers are shown, 0: all; default 0, which fills buffers sooner
          --server FILE    RedNote.Frontend.dll; default: beside this program
        """;

    public Task<int> Run(Arguments arguments, CancellationToken cancellationToken)
    {
        var plan = new Plan(
            arguments.Int("viewers", 1_000, 10, 5_000), arguments.Int("stalled", 10, 1, 1_000),
            arguments.Int("rate", 200, 1, 10_000), arguments.Int("seconds", 20, 5, 300),
            arguments.Int("text-bytes", 120, 16, 200), arguments.Int("budget", 0, 0, 100_000),
            arguments.Text("server") ?? RedNoteTarget.BesideThisProgram);
        arguments.RefuseUnknown();
        return Measure(plan, cancellationToken);
    }

    private static async Task<int> Measure(Plan plan, CancellationToken ct)
    {
        await using var server = await new RedNoteTarget(plan.Server, plan.Budget).Start(0, ct);
        var paths = await server.OpenAccounts(1 + plan.Viewers, ct);
        using var loop = new CrowdLoop(server.RoomId, plan.TextBytes, ct) { Senders = 1, Stallers = plan.Stalled };
        return await Task.Factory.StartNew(
            () => Drive(plan, server, loop, paths), ct, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private static int Drive(Plan plan, IRoomServer server, CrowdLoop loop, string[] paths)
    {
        Cores.PinThisThread(1);
        loop.Open(server.Process.EndPoint, paths, _ => { });
        var half = TimeSpan.FromSeconds(plan.Seconds);
        loop.Run(Warmup, plan.Rate, _ => { });
        loop.BeginCount();
        loop.Run(half, plan.Rate, _ => { });
        var (before, memoryBefore) = (loop.FrameLatency, server.Process.Memory);

        var stalled = Enumerable.Range(paths.Length - plan.Stalled, plan.Stalled).ToArray();
        foreach (var viewer in stalled)
        {
            loop.Pause(viewer);
        }

        loop.Run(Warmup, plan.Rate, _ => { });
        loop.BeginCount();
        loop.Run(half, plan.Rate, _ => { });
        var (during, memoryDuring) = (loop.FrameLatency, server.Process.Memory);

        var since = Stopwatch.GetTimestamp();
        var behind = loop.NewestSeq - stalled.Max(viewer => loop.Seqs[viewer]);
        foreach (var viewer in stalled)
        {
            loop.Resume(viewer);
        }

        // In step: what they were sent last is what the others were sent last, while it goes on.
        var isBack = loop.Await(
            () => stalled.All(viewer => loop.Seqs[viewer] >= loop.NewestSeq), TimeSpan.FromSeconds(10));
        return Report(
            plan, loop, before, during, (memoryDuring - memoryBefore) / plan.Stalled, behind,
            isBack ? Stopwatch.GetElapsedTime(since) : TimeSpan.MaxValue);
    }

    private static int Report(
        Plan plan, CrowdLoop loop, Histogram before, Histogram during, long bytes, long behind, TimeSpan back)
    {
        var (p99Before, p99During) = (before.Percentile(0.99) / 1000.0, during.Percentile(0.99) / 1000.0);
        var (p50Before, p50During) = (before.Percentile(0.5) / 1000.0, during.Percentile(0.5) / 1000.0);
        AnsiConsole.WriteLine($"""
            {plan.Viewers} viewers, {plan.Stalled} stalled, {plan.Rate} danmaku a second
            others' frames: p50 {p50Before:N1} and then {p50During:N1} ms, p99 {p99Before:N1} and then {p99During:N1} ms
            memory per stalled client: {bytes / 1024.0:N0} KiB
            behind by {behind} frames, in step again after {back.TotalMilliseconds:N0} ms, resyncs {loop.Resyncs}
            """);
        string?[] problems =
        [
            loop.Problem, loop.Closed > 0 ? "connections were lost" : null,
            behind < 5 ? "nobody was stalled" : null,
            p99During <= (p99Before * 1.2) + 2 ? null : "the others felt it",
            bytes < MostBytesPerClient ? null : "a stalled client costs too much",
            back < MostCatchUp ? null : "they were not back in time",
        ];
        foreach (var problem in problems.Where(problem => problem is not null))
        {
            AnsiConsole.WriteLine($"NOT RIGHT: {problem}");
        }

        return problems.All(problem => problem is null) ? 0 : 1;
    }

    private sealed record Plan(
        int Viewers, int Stalled, int Rate, int Seconds, int TextBytes, int Budget, string Server);
}
