using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Storage;

namespace RedNote.Journal;

/// <summary>
/// The one writer of a silo: gathers what its grains append and stores it in one transaction after the other. While one
/// is under way the next batch grows; when nothing is under way an append starts at once, so that group commit adds no
/// delay to a quiet silo. Safe to call from any thread.
/// </summary>
/// <remarks>
/// Appends of one log enter in the order of the calls. Those of one session that meet in a batch become one row; those
/// of another session of the same log wait for the next batch.
/// </remarks>
public sealed partial class JournalWriter
{
    private static readonly TimeSpan WatchPeriod = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly IJournalStore _store;
    private readonly JournalOptions _options;
    private readonly TimeProvider _time;
    private readonly TaskScheduler _scheduler;
    private readonly JournalMetrics _metrics;
    private readonly ILogger<JournalWriter> _logger;
    private readonly ITimer _watch;
    private readonly JournalQueue _queue;
    private JournalBatch? _inFlight;
    private bool _isWriting;
    private bool _isWatching;
    private TaskCompletionSource? _idle;
    private JournalFailure? _failure;

    /// <param name="store">Where it writes; only this writer appends to it.</param>
    /// <param name="options">Bounds and times.</param>
    /// <param name="time">The clock.</param>
    /// <param name="metrics">Where it counts.</param>
    /// <param name="logger">Where failures are told.</param>
    /// <param name="scheduler">Where it runs, so that a simulation can drive it. Default: the thread pool.</param>
    public JournalWriter(
        IJournalStore store,
        IOptions<JournalOptions> options,
        TimeProvider time,
        JournalMetrics metrics,
        ILogger<JournalWriter> logger,
        TaskScheduler? scheduler = null)
    {
        _store = store;
        _options = options.Value;
        _time = time;
        _metrics = metrics;
        _logger = logger;
        _scheduler = scheduler ?? TaskScheduler.Default;
        _queue = new JournalQueue(_options);
        using (ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow())
        {
            _watch = time.CreateTimer(
                static writer => ((JournalWriter)writer!).Watch(), this, Timeout.InfiniteTimeSpan, WatchPeriod);
        }

        metrics.Observe(() => Status().Queued);
    }

    /// <summary>Whether an append would be taken now; decide so before state is changed.</summary>
    public bool HasRoom
    {
        get
        {
            lock (_gate)
            {
                return _queue.HasRoom;
            }
        }
    }

    /// <summary>
    /// Completes when there is room for an append; at once in the ordinary case. Throws
    /// <see cref="TryAgainException"/> when there is none for as long as an append may take.
    /// </summary>
    public Task WhenRoom()
    {
        lock (_gate)
        {
            return _queue.WhenRoom(_time.GetTimestamp());
        }
    }

    /// <summary>
    /// Stores events; completes when they are durable. Fails with <see cref="InconsistentStateException"/> when the
    /// session was refused (another activation appends to the log), with <see cref="JournalUnavailableException"/> when
    /// the outcome is unknown. Either ends the session.
    /// </summary>
    public Task AppendAsync(JournalSession session, JournalAppend append)
    {
        var pending = new PendingAppend(session, append, _time.GetTimestamp());
        lock (_gate)
        {
            _queue.Add(pending);
            if (!_isWatching)
            {
                _isWatching = true;
                _watch.Change(WatchPeriod, WatchPeriod);
            }

            if (_isWriting)
            {
                return pending.Task;
            }

            _isWriting = true;
        }

        Start();
        return pending.Task;
    }

    /// <summary>How the writer is doing.</summary>
    public JournalStatus Status()
    {
        lock (_gate)
        {
            var oldest = _inFlight?.OldestAt ?? _queue.OldestAt;
            return new JournalStatus(
                _queue.Count,
                oldest is { } since ? _time.GetElapsedTime(since) : TimeSpan.Zero,
                _failure);
        }
    }

    /// <summary>Says that a write outside of the batches succeeded, so that an old failure no longer counts.</summary>
    public void ClearFailure()
    {
        lock (_gate)
        {
            _failure = null;
        }
    }

    /// <summary>Completes when nothing is queued or under way.</summary>
    public Task WhenIdle()
    {
        lock (_gate)
        {
            return _isWriting
                ? (_idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task
                : Task.CompletedTask;
        }
    }

    /// <summary>
    /// Begins to write, before the caller goes on if the scheduler lets it: to change threads first costs a lone caller
    /// a tenth of its append.
    /// </summary>
    private void Start()
    {
        // As a task of the writer's scheduler and without the caller's context: the caller may be a turn of a grain,
        // and neither the grain's scheduler nor its call may be what the store's code goes on in.
        using (ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow())
        {
            Task.CompletedTask.ContinueWith(
                static (_, writer) => ((JournalWriter)writer!).WriteNext(),
                this,
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously | TaskContinuationOptions.DenyChildAttach,
                _scheduler);
        }
    }

    private void WriteNext()
    {
        JournalBatch batch;
        lock (_gate)
        {
            batch = _queue.Take();
            if (batch.IsEmpty)
            {
                _isWriting = false;
                _idle?.SetResult();
                _idle = null;
                return;
            }

            _inFlight = batch;
        }

        var started = _time.GetTimestamp();
        Task<AppendOutcome[]> write;
        try
        {
            write = _store.AppendAsync(batch.Appends, CancellationToken.None);
        }
        catch (Exception error)
        {
            write = Task.FromException<AppendOutcome[]>(error);
        }

        // The continuation may run on the store's own thread: it only hands results out and takes the next batch. After
        // a store that answered at once it is a step of its own, so that a caller never gets to write for others.
        write.ContinueWith(
            (done, state) => ((JournalWriter)state!).Finish(batch, done, started),
            this,
            CancellationToken.None,
            write.IsCompleted
                ? TaskContinuationOptions.DenyChildAttach
                : TaskContinuationOptions.ExecuteSynchronously | TaskContinuationOptions.DenyChildAttach,
            _scheduler);
    }

    private void Finish(JournalBatch batch, Task<AppendOutcome[]> write, long started)
    {
        var error = write.Exception?.InnerException
            ?? (write.IsCanceled ? new OperationCanceledException("The store gave up.") : null);
        lock (_gate)
        {
            _inFlight = null;
            _failure = error is null ? null : new JournalFailure(_time.GetUtcNow(), error.Message);
        }

        if (error is null)
        {
            _metrics.Committed(batch.Events, batch.Bytes, _time.GetElapsedTime(started));
            batch.Complete(write.Result);
        }
        else
        {
            _metrics.Failed();
            LogFailed(_logger, batch.Appends.Count, error);
            batch.Fail(error as JournalUnavailableException
                ?? new JournalUnavailableException("The journal could not be written.", error));
        }

        WriteNext();
    }

    /// <summary>Ends the wait of those who waited too long; the store may still answer later.</summary>
    private void Watch()
    {
        JournalBatch? late = null;
        List<PendingAppend> waiting;
        lock (_gate)
        {
            if (!_isWriting && _queue.Count == 0)
            {
                _isWatching = false;
                _watch.Change(Timeout.InfiniteTimeSpan, WatchPeriod);
                return;
            }

            if (_inFlight is { } batch && IsLate(batch.OldestAt))
            {
                late = batch;
                _failure ??= new JournalFailure(_time.GetUtcNow(), "The database does not answer.");
            }

            // Before room is made for them by what is given up.
            _queue.GiveUp(IsLate, new TryAgainException("The journal is behind; nothing was changed."));
            waiting = _queue.TakeWhile(pending => IsLate(pending.At));
        }

        var error = new JournalUnavailableException(
            $"The journal did not answer within {_options.AppendTimeoutMs} ms.");
        late?.Fail(error);
        foreach (var pending in waiting)
        {
            pending.Fail(error);
        }
    }

    private bool IsLate(long since) => _time.GetElapsedTime(since).TotalMilliseconds >= _options.AppendTimeoutMs;

    [LoggerMessage(LogLevel.Error, "A batch of {Appends} appends failed; its grains rebuild from the log")]
    private static partial void LogFailed(ILogger logger, int appends, Exception error);
}

/// <summary>How a <see cref="JournalWriter"/> is doing.</summary>
/// <param name="Queued">Appends that wait for a batch.</param>
/// <param name="OldestWait">How long the oldest unanswered append has waited.</param>
/// <param name="Failure">The last batch's failure; null when it was stored.</param>
public sealed record JournalStatus(int Queued, TimeSpan OldestWait, JournalFailure? Failure);

/// <summary>Why and when a batch failed.</summary>
public sealed record JournalFailure(DateTimeOffset At, string Message);
