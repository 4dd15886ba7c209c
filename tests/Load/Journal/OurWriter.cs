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

    public Task Run(CallerLog log, CancellationToken stop)
    {
        var run = ++_run;
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

/// <summary>Counts transactions on their way into a store.</summary>
public sealed class CountingStore(IJournalStore store) : IJournalStore
{
    private long _batches;

    public long Batches => Interlocked.Read(ref _batches);

    public Task StartAsync(CancellationToken cancellationToken) => store.StartAsync(cancellationToken);

    public Task<AppendOutcome[]> AppendAsync(IReadOnlyList<JournalAppend> batch, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _batches);
        return store.AppendAsync(batch, cancellationToken);
    }

    public Task<IReadOnlyList<JournalRow>> ReadAsync(
        LogId id, VersionRange range, int maxRows, CancellationToken cancellationToken)
        => store.ReadAsync(id, range, maxRows, cancellationToken);

    public Task<long> ReadHeadAsync(LogId id, CancellationToken cancellationToken)
        => store.ReadHeadAsync(id, cancellationToken);

    public Task<int> TrimAsync(LogId id, long upTo, long before, CancellationToken cancellationToken)
        => store.TrimAsync(id, upTo, before, cancellationToken);

    public Task<IReadOnlyList<ProjectionRow>> QueryAsync(ProjectionQuery query, CancellationToken cancellationToken)
        => store.QueryAsync(query, cancellationToken);

    public Task<IReadOnlyList<LogId>> ListAsync(LogId? after, int limit, CancellationToken cancellationToken)
        => store.ListAsync(after, limit, cancellationToken);

    public Task ProbeAsync(CancellationToken cancellationToken) => store.ProbeAsync(cancellationToken);
}
