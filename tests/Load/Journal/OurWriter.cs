using System.Diagnostics;
using System.Text;
using RedNote.Journal;

namespace RedNote.Load.Journal;

/// <summary>Our journal writer: callers append to a log of their own each, and wait until it is durable.</summary>
public sealed class OurWriter(
    JournalWriter writer, CountingStore store, int callers, string name, string payload) : ISide
{
    // Ours are arrays of events, theirs one event; the two brackets are on us.
    private readonly byte[] _payload = Encoding.UTF8.GetBytes($"[{payload}]");
    private int _run;

    public string Name => "our journal";

    public int Callers => callers;

    public long? Transactions => store.Batches;

    public BatchLog? Batches => store.Log;

    public Task Run(CallerLog log, CancellationToken stop)
    {
        var run = ++_run;
        store.Log = new BatchLog();
        return Task.WhenAll(Enumerable.Range(0, callers).Select(caller
            => Task.Run(() => Append(new LogId(name, $"{run}-{caller}"), caller, log, stop))));
    }

    private async Task Append(LogId id, int caller, CallerLog log, CancellationToken stop)
    {
        var session = new JournalSession(id);
        for (var version = 1L; !stop.IsCancellationRequested; version++)
        {
            var started = Stopwatch.GetTimestamp();
            await writer.AppendAsync(session, new JournalAppend
            {
                Id = id,
                FirstVersion = version,
                Count = 1,
                At = started,
                Payload = _payload,
            });
            log.Record(caller, Stopwatch.GetElapsedTime(started));
        }
    }
}
