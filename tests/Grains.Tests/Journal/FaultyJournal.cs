using System.Collections.Concurrent;
using RedNote.Journal;
using RedNote.Testing;

namespace RedNote.Grains.Tests.Journal;

/// <summary>
/// The journal in memory; a test can make the next batch with a log in it fail before or after it took effect, or hold
/// batches up. It outlives the silo, so that a test can look at what is stored.
/// </summary>
public sealed class FaultyJournal(IReadOnlyList<ProjectionTable> tables)
    : JournalStoreOver(new MemoryJournalStore(tables))
{
    private readonly ConcurrentDictionary<LogId, (Fault Fault, long Version)> _faults = [];
    private readonly ConcurrentDictionary<LogId, bool> _markFaults = [];
    private readonly ConcurrentQueue<JournalAppend> _appends = [];
    private volatile TaskCompletionSource? _gate;
    private int _batches;

    private enum Fault
    {
        Before,
        After,
    }

    /// <summary>Called at the beginning of every batch.</summary>
    public Action Begins { get; set; } = () => { };

    /// <summary>Awaited before anything is read of a log.</summary>
    public Func<Task> Reads { get; set; } = () => Task.CompletedTask;

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

    /// <summary>The next batch fails in which that log only marks what was delivered.</summary>
    public void FailNextMark(LogId id) => _markFaults[id] = true;

    /// <summary>Appends as another silo would, past the writer.</summary>
    public async Task<AppendOutcome> AppendElsewhere(JournalAppend append)
        => (await base.AppendAsync([append], CancellationToken.None))[0];

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

    public override async Task<IReadOnlyList<JournalRow>> ReadAsync(
        LogId id, VersionRange range, int maxRows, CancellationToken cancellationToken)
    {
        await Reads();
        return await base.ReadAsync(id, range, maxRows, cancellationToken);
    }

    public override async Task<AppendOutcome[]> AppendAsync(
        IReadOnlyList<JournalAppend> batch, CancellationToken cancellationToken)
    {
        Begins();
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

        foreach (var append in batch.Where(append => append.Count == 0))
        {
            if (_markFaults.TryRemove(append.Id, out _))
            {
                fault = Fault.Before;
            }
        }

        if (fault == Fault.Before)
        {
            throw new JournalUnavailableException("The disk is full.");
        }

        var outcomes = await base.AppendAsync(batch, cancellationToken);
        return fault is null ? outcomes : throw new JournalUnavailableException("The answer was lost.");
    }

    private sealed class Release(Action release) : IDisposable
    {
        public void Dispose() => release();
    }
}
