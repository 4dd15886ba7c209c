using RedNote.Load.Measure;

namespace RedNote.Load.Journal;

/// <summary>A way to write events, with a number of callers that each wait for one event before the next.</summary>
public interface ISide
{
    /// <summary>Its name in the report.</summary>
    string Name { get; }

    /// <summary>How many write at the same time.</summary>
    int Callers { get; }

    /// <summary>Writes until told to stop; every caller has an end of its own.</summary>
    Task Run(CallerLog log, CancellationToken stop);

    /// <summary>Transactions up to now, where several events share one; null: one event each.</summary>
    long? Transactions { get; }

    /// <summary>What became of every transaction; null: each is one event.</summary>
    BatchLog? Batches => null;
}

/// <summary>
/// Takes down when events were acknowledged: those of the warm-up are only counted. Each caller has a histogram of its
/// own, so that callers do not wait for each other here.
/// </summary>
public sealed class CallerLog
{
    private readonly Histogram[] _latencies;
    private readonly long[] _counts;
    private volatile bool _isMeasuring;

    public CallerLog(int callers)
    {
        _latencies = [.. Enumerable.Range(0, callers).Select(_ => new Histogram())];
        _counts = new long[callers];
    }

    /// <summary>Every acknowledged event, those of the warm-up too.</summary>
    public long Acknowledged => _counts.Sum();

    public void BeginMeasuring() => _isMeasuring = true;

    public void EndMeasuring() => _isMeasuring = false;

    public void Record(int caller, TimeSpan latency)
    {
        _counts[caller]++;
        if (_isMeasuring)
        {
            _latencies[caller].Record((long)latency.TotalMicroseconds);
        }
    }

    /// <summary>What was measured, all callers together; to be asked when they have stopped.</summary>
    public Histogram Latency()
    {
        var all = new Histogram();
        foreach (var latency in _latencies)
        {
            all.Add(latency);
        }

        return all;
    }
}
