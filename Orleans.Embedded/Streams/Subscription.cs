using Microsoft.Extensions.Logging;
using Orleans.Streams;

namespace RedNote.Embedded.Streams;

/// <summary>
/// One subscriber's queue and its delivery: one event at a time, in order, on the engine's scheduler. An idle
/// subscriber is scheduled by the event that comes; a busy one takes the next when its task completes. Only its own
/// queue waits for it.
/// </summary>
internal abstract partial class Subscription : IThreadPoolWorkItem
{
    private const int EventsPerBurst = 64;

    private readonly Lock _gate = new();
    private readonly StreamHub _hub;
    private readonly EventQueue _queue;
    private readonly Action _resume;
    private bool _isActive;
    private volatile bool _isClosed;

    // What follows belongs to the delivery, of which there is one at a time.
    private Step _step;
    private Task? _pending;
    private StreamEvent _current;
    private int _failures;
    private long _firstFailure;
    private ITimer? _retry;

    protected Subscription(StreamHub hub, Guid id)
    {
        _hub = hub;
        Id = id;
        _queue = new EventQueue(hub.Options.QueueCapacity);
        _resume = () => _hub.Scheduler.Schedule(this);
    }

    private enum Step
    {
        Idle,
        Delivering,
        Pausing,
        Reporting,
    }

    public Guid Id { get; }

    public StreamHub Hub => _hub;

    public bool IsClosed => _isClosed;

    public bool IsIdle
    {
        get
        {
            lock (_gate)
            {
                return !_isActive;
            }
        }
    }

    /// <summary>For logs.</summary>
    protected abstract string Description { get; }

    public void Enqueue(in StreamEvent added)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return;
            }

            if (!_queue.Add(added))
            {
                StreamMetrics.Dropped(_hub.ProviderName);
            }

            if (_isActive)
            {
                return;
            }

            _isActive = true;
        }

        _hub.Scheduler.Schedule(this);
    }

    /// <summary>Drops what is queued. What is being delivered may still finish.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            _queue.Clear();
        }
    }

    public void Execute()
    {
        for (var taken = 0; ; taken++)
        {
            if (taken == EventsPerBurst)
            {
                // Others want the thread too; this one stays active, so nobody else schedules it.
                _resume();
                return;
            }

            if (_step == Step.Idle && !TryStartNext())
            {
                return;
            }

            if (_step == Step.Pausing)
            {
                _retry?.Dispose();
                _retry = null;
                _step = Step.Delivering;
                _pending = Start(_current);
            }

            var pending = _pending!;
            if (!pending.IsCompleted)
            {
                // From here on another thread may be in this method; nothing may be touched after it. A simulation's
                // context is captured: it has the completion come back to its thread.
                pending.GetAwaiter().UnsafeOnCompleted(_resume);
                return;
            }

            _pending = null;
            if (!Finish(pending))
            {
                return;
            }
        }
    }

    protected abstract Task Deliver(StreamEvent delivered);

    protected abstract Task Report(Exception exception);

    private bool TryStartNext()
    {
        lock (_gate)
        {
            if (!_queue.TryTake(out _current))
            {
                _isActive = false;
                return false;
            }
        }

        _step = Step.Delivering;
        _pending = Start(_current);
        return true;
    }

    private Task Start(StreamEvent started)
    {
        try
        {
            return Deliver(started);
        }
        catch (Exception exception)
        {
            // An observer that throws before its first await fails like one that throws later.
            return Task.FromException(exception);
        }
    }

    /// <summary>Deals with a completed task; answers false if there is a pause before the next step.</summary>
    private bool Finish(Task completed)
    {
        if (_step == Step.Reporting || completed.IsCompletedSuccessfully || _isClosed)
        {
            // Whether the observer liked to hear of its failure is its own affair.
            _ = completed.Exception;
            _failures = 0;
            _current = default;
            _step = Step.Idle;
            return true;
        }

        var exception = completed.Exception?.InnerException ?? new TaskCanceledException(completed);
        StreamMetrics.Failed(_hub.ProviderName);
        LogFailed(_hub.Logger, Description, exception);
        if (_failures++ == 0)
        {
            _firstFailure = _hub.Time.GetTimestamp();
        }

        if (_hub.Time.GetElapsedTime(_firstFailure) < _hub.Delivery.MaxEventDeliveryTime)
        {
            Pause();
            return false;
        }

        StreamMetrics.GivenUp(_hub.ProviderName);
        _step = Step.Reporting;
        _pending = StartReport(new StreamEventDeliveryFailureException(
            $"An event was given up after {_failures} tries, for {Description}.", exception));
        return true;
    }

    private Task StartReport(Exception exception)
    {
        try
        {
            return Report(exception);
        }
        catch (Exception thrown)
        {
            return Task.FromException(thrown);
        }
    }

    private void Pause()
    {
        var delay = _hub.Options.MinRetryDelay * Math.Pow(2, Math.Min(_failures - 1, 16));
        delay = delay < _hub.Options.MaxRetryDelay ? delay : _hub.Options.MaxRetryDelay;
        _step = Step.Pausing;
        // Made unarmed: it could fire before the field is set.
        var timer = _hub.Time.CreateTimer(
            static state => ((Subscription)state!)._resume(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _retry = timer;
        timer.Change(delay, Timeout.InfiniteTimeSpan);
    }

    [LoggerMessage(LogLevel.Warning, "An observer failed to take an event: {Subscription}")]
    private static partial void LogFailed(ILogger logger, string subscription, Exception exception);
}
