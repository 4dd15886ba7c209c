using System.Diagnostics;
using RedNote.Journal;
using RedNote.Load.Measure;
using RedNote.Testing;

namespace RedNote.Load.Journal;

/// <summary>Takes down how many transactions go into a store, how long each took and how big it was.</summary>
public sealed class CountingStore(IJournalStore store) : JournalStoreOver(store)
{
    private long _batches;

    public long Batches => Interlocked.Read(ref _batches);

    /// <summary>Of the side that is running; set before it starts.</summary>
    public BatchLog Log { get; set; } = new();

    public override async Task<AppendOutcome[]> AppendAsync(
        IReadOnlyList<JournalAppend> batch, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _batches);
        var started = Stopwatch.GetTimestamp();
        var outcomes = await base.AppendAsync(batch, cancellationToken).ConfigureAwait(false);
        Log.Record(batch.Count, Stopwatch.GetElapsedTime(started));
        return outcomes;
    }
}

/// <summary>Transactions of a measurement. One is under way at a time, so that nothing here is locked.</summary>
public sealed class BatchLog
{
    private const int KeptSlowest = 5;

    private readonly PriorityQueue<(int Rows, double AtMs, double Ms), double> _slowest = new();
    private readonly Histogram _rows = new();
    private readonly long _started = Stopwatch.GetTimestamp();

    public Histogram Durations { get; } = new();

    public void Record(int rows, TimeSpan duration)
    {
        Durations.Record((long)duration.TotalMicroseconds);
        _rows.Record(rows);
        var at = Stopwatch.GetElapsedTime(_started).TotalMilliseconds;
        _slowest.Enqueue((rows, at, duration.TotalMilliseconds), duration.TotalMilliseconds);
        if (_slowest.Count > KeptSlowest)
        {
            _slowest.Dequeue();
        }
    }

    /// <summary>In a line: durations, sizes, and the slowest with the moment they ended.</summary>
    public override string ToString()
    {
        var slowest = string.Join(", ", _slowest.UnorderedItems.OrderByDescending(item => item.Priority).Select(
            item => $"{item.Element.Ms:F1} ms ({item.Element.Rows} rows, at {item.Element.AtMs:F0} ms)"));
        return $"{Durations.Count} transactions; ms p50 {Ms(0.5)}, p90 {Ms(0.9)}, p99 {Ms(0.99)}; rows p50 "
            + $"{_rows.Percentile(0.5)}, p99 {_rows.Percentile(0.99)}; slowest {slowest}";
    }

    private string Ms(double share) => $"{Durations.Percentile(share) / 1_000.0:F1}";
}
