using System.Diagnostics.Metrics;

namespace RedNote.Journal;

/// <summary>Counters of the journal: meter <c>RedNote.Journal</c>.</summary>
public sealed class JournalMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _events;
    private readonly Counter<long> _failures;
    private readonly Histogram<int> _batchEvents;
    private readonly Histogram<int> _batchBytes;
    private readonly Histogram<double> _duration;

    public JournalMetrics(IMeterFactory? meters = null)
    {
        _meter = meters?.Create("RedNote.Journal") ?? new Meter("RedNote.Journal");
        _events = _meter.CreateCounter<long>("rednote.journal.events", "{event}", "Events stored");
        _failures = _meter.CreateCounter<long>("rednote.journal.failed_batches", "{batch}", "Batches that failed");
        _batchEvents = _meter.CreateHistogram<int>("rednote.journal.batch.events", "{event}", "Events in a batch");
        _batchBytes = _meter.CreateHistogram<int>("rednote.journal.batch.size", "By", "Payload of a batch");
        _duration = _meter.CreateHistogram<double>(
            "rednote.journal.commit.duration", "s", "Time from the start of a batch to its commit");
    }

    public void Dispose() => _meter.Dispose();

    internal void Observe(Func<int> queued)
        => _meter.CreateObservableGauge("rednote.journal.queued", queued, "{append}", "Appends waiting for a batch");

    internal void Committed(int events, int bytes, TimeSpan duration)
    {
        _events.Add(events);
        _batchEvents.Record(events);
        _batchBytes.Record(bytes);
        _duration.Record(duration.TotalSeconds);
    }

    internal void Failed() => _failures.Add(1);
}
