using System.Diagnostics;
using RedNote.Load.Measure;
using Spectre.Console;

namespace RedNote.Load.Journal;

/// <summary>Durable events a second: our journal and one transaction per event, in turn on the same database.</summary>
public sealed class JournalScenario : IScenario
{
    private static readonly TimeSpan Warmup = TimeSpan.FromSeconds(1);

    public string Name => "journal";

    public string Summary => "group commit and one transaction per event: how many events are durable, and how soon?";

    public string Help => JournalLoadOptions.Help;

    public async Task<int> Run(Arguments arguments, CancellationToken cancellationToken)
    {
        var options = JournalLoadOptions.Parse(arguments);
        var results = new List<JournalResult>();
        await ProgressBoard.Show(async board =>
        {
            foreach (var store in options.Stores)
            {
                await using var bench = await Open(store, options, cancellationToken);
                await MeasureAll(bench, options, results, board, cancellationToken);
            }
        });

        ProgressBoard.WidenRedirectedOutput();
        var report = new JournalReport(options, results);
        report.Print(AnsiConsole.Console);
        await report.ToJson().Write(options.Json, cancellationToken);
        return report.IsKept ? 0 : 1;
    }

    private static async Task<IBench> Open(string store, JournalLoadOptions options, CancellationToken ct)
        => store == JournalLoadOptions.Sqlite
            ? await SqliteBench.Open(options, ct)
            : await PostgresBench.Open(options, ct);

    /// <summary>The sides take turns, so that a slow minute of the machine does not hit only one of them.</summary>
    private static async Task MeasureAll(
        IBench bench,
        JournalLoadOptions options,
        List<JournalResult> results,
        ProgressBoard board,
        CancellationToken ct)
    {
        var acknowledged = 0L;
        for (var round = 1; round <= options.Rounds; round++)
        {
            foreach (var (role, side) in bench.Sides.Where(side => options.Asks(side.Role)))
            {
                using var line = board.Begin(
                    $"{bench.Store}, round {round} of {options.Rounds}, {side.Name}, {side.Callers} at the same time");
                await bench.Settle(ct);
                var (result, count) = await Measure(bench.Store, role, side, round, options, ct);
                results.Add(result);
                acknowledged += count;
            }
        }

        var stored = await bench.CountStored(ct);
        if (stored != acknowledged)
        {
            throw new LoadException(
                $"{bench.Store}: {acknowledged} events were acknowledged and {stored} are stored.");
        }
    }

    private static async Task<(JournalResult Result, long Acknowledged)> Measure(
        string store, Role role, ISide side, int round, JournalLoadOptions options, CancellationToken ct)
    {
        var log = new CallerLog(side.Callers);
        using var stop = new CancellationTokenSource();
        var running = side.Run(log, stop.Token);
        try
        {
            await Task.WhenAny(running, Task.Delay(Warmup, ct));
            var (events, transactions, since) = (log.Acknowledged, side.Transactions, Stopwatch.GetTimestamp());
            log.BeginMeasuring();
            await Task.WhenAny(running, Task.Delay(TimeSpan.FromSeconds(options.Seconds), ct));
            log.EndMeasuring();
            var elapsed = Stopwatch.GetElapsedTime(since);
            var measured = log.Acknowledged - events;
            var batches = side.Transactions - transactions ?? measured;
            await stop.CancelAsync();
            await running;
            ct.ThrowIfCancellationRequested();
            var latency = log.Latency();
            var result = new JournalResult(
                store, side.Name, role, side.Callers, round, measured / elapsed.TotalSeconds,
                latency.Percentile(0.5) / 1_000.0, latency.Percentile(0.99) / 1_000.0,
                latency.MaxMicroseconds / 1_000.0, (double)measured / Math.Max(1, batches),
                side.Batches?.ToString());
            return (result, log.Acknowledged);
        }
        finally
        {
            await stop.CancelAsync();
        }
    }
}
