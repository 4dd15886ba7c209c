using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RedNote.Journal;

namespace RedNote.Silo.Journal;

/// <summary>When grains are woken that owe effects; configuration section <c>RedNote:Journal:Effects</c>.</summary>
public sealed class EffectWakerOptions
{
    /// <summary>How often the outbox is looked through, in milliseconds. Default 10,000.</summary>
    [Range(100, 3_600_000)]
    public int PeriodMs { get; set; } = 10_000;

    /// <summary>How long an effect may lie there before its grain is woken, in milliseconds. Default 10,000.</summary>
    [Range(0, 3_600_000)]
    public int AgeMs { get; set; } = 10_000;

    /// <summary>Effects read at once. Default 1,000.</summary>
    [Range(1, 100_000)]
    public int PageRows { get; set; } = 1_000;

    /// <summary>Pages read each time; the oldest effects come first. Default 100.</summary>
    [Range(1, 10_000)]
    public int Pages { get; set; } = 100;

    /// <summary>Grains woken at once. Default 32.</summary>
    [Range(1, 1_000)]
    public int AtOnce { get; set; } = 32;
}

/// <summary>
/// Wakes the grains whose effects were left in the outbox, by a crash or because nobody has called them since: a grain
/// delivers what it owes as soon as it is active. Waking one that is active already costs a call.
/// </summary>
public sealed partial class EffectWaker(
    IJournalStore store,
    IEnumerable<IEventLogKind> kinds,
    IGrainFactory grains,
    IOptions<EffectWakerOptions> options,
    TimeProvider time,
    ILogger<EffectWaker> logger) : BackgroundService
{
    private const int MaxPageRows = 1_000_000;

    private readonly Dictionary<string, IEventLogKind> _kinds =
        kinds.Where(kind => kind.HasEffects).ToDictionary(kind => kind.Name);

    private readonly EffectWakerOptions _options = options.Value;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // At the start nobody delivers yet, so that nothing is too young.
        var age = TimeSpan.Zero;
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(_options.PeriodMs), time);
        do
        {
            try
            {
                await WakeAsync((time.GetUtcNow() - age).ToUnixTimeMilliseconds(), stoppingToken);
                age = TimeSpan.FromMilliseconds(_options.AgeMs);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                LogCannotLook(logger, failure);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task WakeAsync(long owedAt, CancellationToken cancellationToken)
    {
        var woken = new HashSet<LogId>();
        var from = long.MinValue;
        var limit = _options.PageRows;
        for (var page = 0; page < _options.Pages; page++)
        {
            var rows = await store.QueryAsync(Outbox.OwedSince(owedAt, limit, from), cancellationToken);
            var sources = rows.Select(row => Outbox.Read(row).Source).Where(woken.Add).ToList();
            foreach (var some in sources.Chunk(_options.AtOnce))
            {
                await Task.WhenAll(some.Select(WakeAsync));
                cancellationToken.ThrowIfCancellationRequested();
            }

            if (rows.Count < limit)
            {
                return;
            }

            // The next page begins with the time this one ended with; if all of it was of one time, it has to grow.
            var last = Outbox.OwedAt(rows[^1]);
            limit = last == Outbox.OwedAt(rows[0]) ? Math.Min(limit * 2, MaxPageRows) : _options.PageRows;
            from = last;
        }
    }

    private async Task WakeAsync(LogId id)
    {
        if (!_kinds.TryGetValue(id.Log, out var kind))
        {
            LogUnknown(logger, id);
            return;
        }

        try
        {
            await kind.Wake(grains, id.Key);
        }
        catch (Exception failure)
        {
            // The others have to be woken all the same; this one's turn comes again.
            LogCannotWake(logger, id, failure);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The outbox could not be looked through")]
    private static partial void LogCannotLook(ILogger logger, Exception failure);

    [LoggerMessage(LogLevel.Warning, "The grain of log {Log} owes effects and could not be woken")]
    private static partial void LogCannotWake(ILogger logger, LogId log, Exception failure);

    [LoggerMessage(LogLevel.Warning, "Log {Log} owes effects, and this program has no such kind of log")]
    private static partial void LogUnknown(ILogger logger, LogId log);
}
