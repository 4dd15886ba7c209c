using System.Collections.Concurrent;
using RedNote.Journal;

namespace RedNote.Grains.Tests.Journal;

/// <summary>
/// The journal in memory; a test can make the next batch with a log in it fail before or after it took effect, or hold
/// batches up. It outlives the silo, so that a test can look at what is stored.
/// </summary>
public sealed class FaultyJournal(IReadOnlyList<ProjectionTable> tables) : IJournalStore
{
    private readonly MemoryJournalStore _store = new(tables);
    private readonly ConcurrentDictionary<LogId, (Fault Fault, long Version)> _faults = [];
    private readonly ConcurrentQueue<JournalAppend> _appends = [];
    private volatile TaskCompletionSource? _gate;
    private int _batches;

    private enum Fault
    {
        Before,
        After,
    }

    /// <summary>Batches that were asked for.</summary>
    public int Batches => Volatile.Read(ref _batches);

    /// <summary>Everything that was asked to be stored, in order.</summary>
    public IReadOnlyList<JournalAppend> Appends => [.. _appends];

    /// <summary>
    /// The next batch with that log fails as a whole, before anything of it was stored, or after; the next one in which
    /// a version is, if that is given.
    /// </summary>
    public void FailNext(LogId id, bool afterTakingEffect, long version = 0)
        => _faults[id] = (afterTakingEffect ? Fault.After : Fault.Before, version);

    /// <summary>Appends as another silo would, past the writer.</summary>
    public async Task<AppendOutcome> AppendElsewhere(JournalAppend append)
        => (await _store.AppendAsync([append], CancellationToken.None))[0];

    /// <summary>Holds batches up until the answer is disposed of.</summary>
    public IDisposable Hold()
    {
        var gate = _gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return new Release(() =>
        {
            _gate = null;
            gate.TrySetResult();
        });
    }

    public Task StartAsync(CancellationToken cancellationToken) => _store.StartAsync(cancellationToken);

    public async Task<AppendOutcome[]> AppendAsync(
        IReadOnlyList<JournalAppend> batch, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _batches);
        foreach (var append in batch)
        {
            _appends.Enqueue(append);
        }

        if (_gate is { } gate)
        {
            await gate.Task;
        }

        Fault? fault = null;
        foreach (var append in batch.Where(append => append.Count > 0))
        {
            if (_faults.TryGetValue(append.Id, out var one) && append.LastVersion >= one.Version)
            {
                _faults.TryRemove(append.Id, out _);
                fault = one.Fault;
            }
        }

        if (fault == Fault.Before)
        {
            throw new JournalUnavailableException("The disk is full.");
        }

        var outcomes = await _store.AppendAsync(batch, cancellationToken);
        return fault is null ? outcomes : throw new JournalUnavailableException("The answer was lost.");
    }

    public Task<IReadOnlyList<JournalRow>> ReadAsync(
        LogId id, VersionRange range, int maxRows, CancellationToken cancellationToken)
        => _store.ReadAsync(id, range, maxRows, cancellationToken);

    public Task<long> ReadHeadAsync(LogId id, CancellationToken cancellationToken)
        => _store.ReadHeadAsync(id, cancellationToken);

    public Task<int> TrimAsync(LogId id, long upTo, long before, CancellationToken cancellationToken)
        => _store.TrimAsync(id, upTo, before, cancellationToken);

    public Task<IReadOnlyList<ProjectionRow>> QueryAsync(ProjectionQuery query, CancellationToken cancellationToken)
        => _store.QueryAsync(query, cancellationToken);

    public Task<IReadOnlyList<LogId>> ListAsync(LogId? after, int limit, CancellationToken cancellationToken)
        => _store.ListAsync(after, limit, cancellationToken);

    public Task ProbeAsync(CancellationToken cancellationToken) => _store.ProbeAsync(cancellationToken);

    private sealed class Release(Action release) : IDisposable
    {
        public void Dispose() => release();
    }
}
