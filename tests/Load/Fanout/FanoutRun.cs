using System.Diagnostics;
using RedNote.Load.Measure;
using RedNote.Load.Servers;

namespace RedNote.Load.Fanout;

/// <summary>One server, one rate, once: start, join, warm up, measure, drain, stop.</summary>
public sealed class FanoutRun(FanoutOptions options, ITarget target, int rate, int run)
{
    /// <summary>Runs it; <paramref name="progress"/> hears the phase and the share of it that is done.</summary>
    public async Task<FanoutResult> Measure(Action<string, double> progress, CancellationToken ct)
    {
        progress("start", 0);
        await using var server = await target.Start(options.ServerCore, ct);
        progress("accounts", 0);
        var paths = await server.OpenAccounts(options.Viewers, ct);
        try
        {
            return await OwnThread.Run(() => Drive(server, paths, progress, ct), ct);
        }
        catch (LoadException e)
        {
            throw new LoadException($"{target.Name}: {e.Message}\n{server.Process.LastOutput()}", e);
        }
    }

    private FanoutResult Drive(
        ITargetServer server, string[] paths, Action<string, double> progress, CancellationToken ct)
    {
        Cores.PinThisThread(options.GeneratorCore);
        var warmup = rate * options.WarmupSeconds;
        var schedule = new OpenLoop(
            new OpenLoop.Phase(TimeSpan.FromSeconds(options.WarmupSeconds + options.Seconds), rate));
        var log = new DeliveryLog(options.Viewers, warmup, schedule);
        using var loop = new FanoutLoop(server.RoomId, options.TextBytes, options.Senders, schedule, log, ct);
        loop.JoinAll(server.Process.EndPoint, paths, share => progress("join", share));

        schedule.Start(Stopwatch.GetTimestamp());
        loop.Send(warmup, share => progress("warm up", share));
        var before = new Reading(Usage.Take(server.Process), log.Deliveries, loop.Frames);
        loop.Send(log.Total, share => progress("measure", share));
        loop.Drain(TimeSpan.FromSeconds(options.DrainSeconds), share => progress("drain", share));
        var after = new Reading(Usage.Take(server.Process), log.Deliveries, loop.Frames);
        return Result(loop, log, before, after, server) with
        {
            VerdictP99Ms = loop.Verdicts.Percentile(0.99) / 1000.0,
            SendLateP99Ms = schedule.Lateness.Percentile(0.99) / 1000.0,
        };
    }

    private FanoutResult Result(
        FanoutLoop loop, DeliveryLog log, Reading before, Reading after, ITargetServer server)
    {
        var used = after.Usage.Since(before.Usage);
        var deliveries = after.Deliveries - before.Deliveries;
        return new FanoutResult
        {
            Target = target.Name,
            Rate = rate,
            Run = run,
            Viewers = options.Viewers,
            Sent = rate * options.Seconds,
            Accepted = loop.Accepted,
            Refused = loop.Refused,
            Expected = log.Expected,
            Lost = log.Expected - log.Distinct,
            Skipped = loop.Skipped,
            Resyncs = loop.Resyncs,
            Duplicates = log.Duplicates,
            DeliveriesPerSecond = deliveries / used.Wall.TotalSeconds,
            DanmakuPerFrame = (double)deliveries / Math.Max(1, after.Frames - before.Frames),
            ServerCpuPerMillion = used.ServerCpu.TotalSeconds * 1_000_000 / Math.Max(1, deliveries),
            ServerBusy = used.Server,
            GeneratorBusy = used.Generator,
            OthersBusy = used.Others,
            P50Ms = log.Latency.Percentile(0.5) / 1000.0,
            P99Ms = log.Latency.Percentile(0.99) / 1000.0,
            MaxMs = log.Latency.MaxMicroseconds / 1000.0,
            PeakMemoryMiB = server.Process.PeakMemory / (1024.0 * 1024.0),
            ClosedConnections = loop.Closed,
            Problem = loop.Problem ?? (loop.Resyncs > 0 ? "viewers were told to join again (resync)" : null),
        };
    }

    private readonly record struct Reading(Usage Usage, long Deliveries, long Frames);
}
