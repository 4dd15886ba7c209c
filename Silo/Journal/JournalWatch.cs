using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RedNote.Journal;

namespace RedNote.Silo.Journal;

/// <summary>When the journal counts as out of order; configuration section <c>RedNote:Journal:Watch</c>.</summary>
public sealed class JournalWatchOptions
{
    /// <summary>How often a little is written to see whether that works, in milliseconds. Default 10,000.</summary>
    [Range(100, 3_600_000)]
    public int ProbeMs { get; set; } = 10_000;

    /// <summary>How often that is tried after a write failed, in milliseconds. Default 1,000.</summary>
    [Range(10, 600_000)]
    public int RetryMs { get; set; } = 1_000;

    /// <summary>How long the oldest append may have waited, in milliseconds. Default 2,000.</summary>
    [Range(10, 600_000)]
    public int WaitMs { get; set; } = 2_000;
}

/// <summary>
/// Knows whether the journal can be written: the last commit failed, an append waits too long, or a probe failed. The
/// first probe that succeeds ends it, so that a silo takes part again without a restart when its database is back.
/// </summary>
public sealed partial class JournalWatch(
    IJournalStore store,
    JournalWriter writer,
    IOptions<JournalWatchOptions> options,
    TimeProvider time,
    ILogger<JournalWatch> logger) : BackgroundService
{
    private JournalFailure? _failedProbe;

    /// <summary>What is wrong, in words without names of files and hosts, as anybody may ask; null: nothing.</summary>
    public string? Problem()
    {
        var status = writer.Status();
        if (status.Failure is { } failed)
        {
            return $"the last commit failed, {Seconds(time.GetUtcNow() - failed.At)} s ago";
        }

        if (Volatile.Read(ref _failedProbe) is { } probe)
        {
            return $"a probe failed, {Seconds(time.GetUtcNow() - probe.At)} s ago";
        }

        return status.OldestWait.TotalMilliseconds > options.Value.WaitMs
            ? $"an append has been waiting for {Seconds(status.OldestWait)} s"
            : null;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(options.Value.RetryMs), time);
        var probed = time.GetTimestamp();
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var isDue = time.GetElapsedTime(probed).TotalMilliseconds >= options.Value.ProbeMs;
            if (isDue || _failedProbe is not null || writer.Status().Failure is not null)
            {
                await ProbeAsync(stoppingToken);
                probed = time.GetTimestamp();
            }
        }
    }

    private async Task ProbeAsync(CancellationToken cancellationToken)
    {
        var known = writer.Status().Failure;
        try
        {
            await store.ProbeAsync(cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            if (_failedProbe is null)
            {
                LogFailed(logger, failure);
            }

            Volatile.Write(ref _failedProbe, new JournalFailure(time.GetUtcNow(), failure.Message));
            return;
        }

        if (_failedProbe is not null || known is not null)
        {
            LogWorks(logger);
        }

        Volatile.Write(ref _failedProbe, null);
        // A batch that failed since the probe began still counts.
        if (ReferenceEquals(writer.Status().Failure, known))
        {
            writer.ClearFailure();
        }
    }

    private static long Seconds(TimeSpan span) => (long)Math.Max(0, span.TotalSeconds);

    [LoggerMessage(LogLevel.Error, "The journal cannot be written")]
    private static partial void LogFailed(ILogger logger, Exception failure);

    [LoggerMessage(LogLevel.Information, "The journal can be written again")]
    private static partial void LogWorks(ILogger logger);
}
