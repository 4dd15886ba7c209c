using System.Reflection;
using Orleans.Runtime;
using Orleans.Timers;

namespace RedNote.Embedded;

/// <summary>
/// A grain timer. It is itself the request that it sends to its activation at each tick: there is never more than one
/// tick at a time, since the next is set when the last has ended.
/// </summary>
internal abstract class ActivationTimer : GrainRequest, IGrainTimer
{
    private static readonly MethodDescriptor Tick = new(
        typeof(IGrainTimer),
        typeof(ActivationTimer).GetMethod(nameof(InvokeCallback), BindingFlags.Instance | BindingFlags.NonPublic)!);

    private readonly Activation _activation;
    private readonly CancellationTokenSource _stopped = new();
    private readonly ITimer _timer;
    private TimeSpan _dueTime;
    private TimeSpan _period;
    private bool _isTicking;
    private bool _isChanged;

    protected ActivationTimer(Activation activation, GrainTimerCreationOptions options) : base(Tick)
    {
        _activation = activation;
        _dueTime = options.DueTime;
        _period = options.Period;
        Flags = RequestFlags.OneWay | RequestFlags.LocalOnly;
        if (!options.KeepAlive) Flags |= RequestFlags.NoKeepAlive;
        if (options.Interleave) Flags |= RequestFlags.AlwaysInterleave;
        using (ExecutionContext.SuppressFlow())
        {
            _timer = activation.Silo.Time.CreateTimer(
                static state => ((ActivationTimer)state!).OnDue(), this, Timeout.InfiniteTimeSpan,
                Timeout.InfiniteTimeSpan);
        }

        activation.AddTimer(this);
        _timer.Change(_dueTime, Timeout.InfiniteTimeSpan);
    }

    internal sealed override bool IsAnswered => _stopped.IsCancellationRequested;

    public void Change(TimeSpan dueTime, TimeSpan period)
    {
        ObjectDisposedException.ThrowIf(_stopped.IsCancellationRequested, this);
        Check(dueTime, nameof(dueTime));
        Check(period, nameof(period));
        _dueTime = dueTime;
        _period = period;
        _isChanged = true;
        if (!_isTicking) _timer.Change(_dueTime, Timeout.InfiniteTimeSpan);
    }

    public new void Dispose()
    {
        if (_stopped.IsCancellationRequested) return;
        _stopped.Cancel();
        _timer.Dispose();
        _activation.RemoveTimer(this);
    }

    void IDisposable.Dispose() => Dispose();

    internal static void Check(TimeSpan time, string name)
    {
        if (time < TimeSpan.Zero && time != Timeout.InfiniteTimeSpan)
            throw new ArgumentOutOfRangeException(name, time, "The time is negative and not infinite.");
    }

    internal sealed override bool Fail(Exception exception) => false;

    internal sealed override void CancelCaller(CancellationToken token)
    {
    }

    internal sealed override Task<object?> CallBoxed(object target) => throw new NotSupportedException();

    internal sealed override void AnswerBoxed(object? result) => throw new NotSupportedException();

    internal sealed override bool Invoke(object target, IRequestHost host, TaskScheduler scheduler)
    {
        _isTicking = true;
        _isChanged = false;
        try
        {
            var callback = InvokeCallback(_stopped.Token);
            if (!callback.IsCompleted)
            {
                Host = host;
                callback.ContinueWith(
                    static (done, state) => ((ActivationTimer)state!).OnAsyncDone(done), this, CancellationToken.None,
                    TaskContinuationOptions.ExecuteSynchronously | TaskContinuationOptions.DenyChildAttach, scheduler);
                return false;
            }

            Finish(callback);
        }
        catch (Exception exception)
        {
            OnFailed(exception);
            SetNext();
        }

        return true;
    }

    protected abstract Task InvokeCallback(CancellationToken token);

    private void OnDue()
    {
        // The node is this object: a second push while it is queued would break the mailbox.
        if (_stopped.IsCancellationRequested || _isTicking) return;
        _isTicking = true;
        _activation.Push(this);
    }

    private void OnAsyncDone(Task callback)
    {
        Finish(callback);
        Host!.OnRequestDone(this);
    }

    private void Finish(Task callback)
    {
        if (callback.IsFaulted) OnFailed(callback.Exception.InnerException!);
        SetNext();
    }

    private void OnFailed(Exception exception)
    {
        if (!_stopped.IsCancellationRequested) _activation.Silo.Log.TimerFailed(exception, _activation.GrainId);
    }

    private void SetNext()
    {
        _isTicking = false;
        if (!_stopped.IsCancellationRequested)
            _timer.Change(_isChanged ? _dueTime : _period, Timeout.InfiniteTimeSpan);
    }
}

internal sealed class ActivationTimer<TState>(
    Activation activation, Func<TState, CancellationToken, Task> callback, TState state,
    GrainTimerCreationOptions options)
    : ActivationTimer(activation, options)
{
    protected override Task InvokeCallback(CancellationToken token) => callback(state, token);
}

/// <summary>Makes timers for the activation whose turn it is.</summary>
internal sealed class TimerRegistry : ITimerRegistry
{
    public IGrainTimer RegisterGrainTimer<TState>(
        IGrainContext grainContext, Func<TState, CancellationToken, Task> callback, TState state,
        GrainTimerCreationOptions options)
    {
        ArgumentNullException.ThrowIfNull(callback);
        ActivationTimer.Check(options.DueTime, nameof(options));
        ActivationTimer.Check(options.Period, nameof(options));
        if (grainContext is not Activation activation || !ReferenceEquals(RuntimeContext.Current, activation))
            throw new InvalidOperationException("A grain's timer can only be made in a turn of that grain.");
        return new ActivationTimer<TState>(activation, callback, state, options);
    }
}
