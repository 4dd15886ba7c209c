using System.Diagnostics;
using Orleans;
using Orleans.Runtime;
using Orleans.Serialization.Invocation;
using Orleans.Storage;

namespace RedNote.Embedded;

/// <summary>The turns: which request may run, and running it on this scheduler, one turn at a time.</summary>
internal sealed partial class Activation
{
    private static readonly Action<object?> RunBurstAction = static state => ((Activation)state!).RunBurst();

    private readonly WaitingRequests _waiting = new();
    private GrainRequest? _runningFirst;
    private int _running;
    private int _runningWriters;
    private int _runningReaders;
    private bool _lookAtWaiting;
    private long _lastUsedMs;
    private Func<GrainRequest, bool>? _mayRun;

    internal long LastUsedMs => Volatile.Read(ref _lastUsedMs);

    /// <summary>A burst: one task of this scheduler, in which requests run as plain calls and tasks as tasks.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        var outer = RuntimeContext.Current;
        var outerContext = SynchronizationContext.Current;
        if (outerContext is not null) SynchronizationContext.SetSynchronizationContext(null);
        RuntimeContext.Current = this;
        try
        {
            new Task(RunBurstAction, this, CancellationToken.None, TaskCreationOptions.DenyChildAttach)
                .RunSynchronously(this);
        }
        finally
        {
            RuntimeContext.Current = outer;
            if (outerContext is not null) SynchronizationContext.SetSynchronizationContext(outerContext);
        }
    }

    protected override void QueueTask(Task task) => Push(new TaskNode(task));

    void IWorkItemScheduler.QueueTask(Task task) => task.Start(this);

    // Inlining is right only inside a turn of this very activation.
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued)
        => !taskWasPreviouslyQueued && ReferenceEquals(RuntimeContext.Current, this) && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks() => [];

    public override int MaximumConcurrencyLevel => 1;

    internal void RunTask(Task task) => TryExecuteTask(task);

    internal void OnRequest(GrainRequest request)
    {
        if (!IsDue(request)) return;
        switch (State)
        {
            case ActivationState.Created:
                // Among those that wait: when the activation fails, this call fails with it and is not tried again.
                Wait(request);
                Activate();
                break;
            case ActivationState.Valid when MayRun(request) && (_waiting.Count == 0 || MayOvertake(request)):
                Run(request);
                break;
            case ActivationState.Ended:
                SendOn(request);
                break;
            default:
                Wait(request);
                break;
        }
    }

    void IRequestHost.OnRequestDone(GrainRequest request)
    {
        lock (_waiting)
        {
            if (request.RunningPrevious is { } previous) previous.RunningNext = request.RunningNext;
            else _runningFirst = request.RunningNext;
            if (request.RunningNext is { } next) next.RunningPrevious = request.RunningPrevious;
            request.RunningNext = request.RunningPrevious = null;
        }

        _running--;
        if (request.Is(RequestFlags.Gating))
        {
            request.Flags &= ~RequestFlags.Gating;
            if (request.Is(RequestFlags.ReadOnly)) _runningReaders--;
            else _runningWriters--;
        }

        // Never run the next request from here: this may be in the middle of somebody's turn.
        _lookAtWaiting = true;
        AfterRequest(request);
    }

    /// <summary>False: the caller has an answer, or gets its timeout now; the call is not made.</summary>
    private bool IsDue(GrainRequest request)
    {
        if (request.IsAnswered) return false;
        if (request.Deadline > Silo.CoarseNowMs) return true;
        Silo.TimeOut(request);
        return false;
    }

    private void RunBurst()
    {
        var requests = 0;
        for (var turns = Silo.TurnsPerBurst; turns > 0; turns--)
        {
            CleanContext.Enter();
            if (Silo.IsKilled)
            {
                Kill(EmbeddedSilo.Killed());
                _taken = Interlocked.Exchange(ref _inbox, Idle);
                Kill(EmbeddedSilo.Killed());
                return;
            }

            if (State == ActivationState.Deactivating && _running == 0) BeginDeactivation();
            if (_lookAtWaiting && TakeWaiting() is { } waiting)
            {
                _current = waiting;
                if (IsDue(waiting)) RunSafely(static (activation, request) => activation.Run(request), waiting);
                requests++;
            }
            else if (NextNode() is { } node)
            {
                _current = node;
                RunSafely(static (activation, item) => item.RunTurn(activation), node);
                if (node is GrainRequest) requests++;
            }
            else if (TryGoIdle())
            {
                _current = null;
                Silo.Metrics.Calls(requests);
                Workers?.OnIdle(this);
                return;
            }
        }

        Silo.Metrics.Calls(requests);
        Silo.Scheduler.Yield(this);
    }

    // Whatever escapes from a turn must not end the burst: the mailbox would never go idle again.
    private void RunSafely<TNode>(Action<Activation, TNode> turn, TNode node) where TNode : WorkNode
    {
        try
        {
            turn(this, node);
        }
        catch (Exception exception)
        {
            Silo.Log.TurnFailed(exception, GrainId);
            (node as GrainRequest)?.Fail(exception);
        }
    }

    /// <summary>The next request that had to wait and may run now; null when there is none.</summary>
    private GrainRequest? TakeWaiting()
    {
        _lookAtWaiting = false;
        if (State != ActivationState.Valid || _waiting.Count == 0) return null;
        GrainRequest? request;
        lock (_waiting) request = _waiting.TakeFirst(_mayRun ??= MayRun);
        if (request is null) return null;
        _backlog--;
        _lookAtWaiting = true;
        return request;
    }

    private void Wait(GrainRequest request)
    {
        lock (_waiting) _waiting.Add(request);
        _backlog++;
    }

    private bool Interleaves(GrainRequest request)
        => Class.IsReentrant || request.Is(RequestFlags.AlwaysInterleave)
            || (Class.MayInterleave is { } predicate && Allows(predicate, request));

    private bool Allows(Func<object, IInvokable, bool> predicate, GrainRequest request)
    {
        try
        {
            return predicate(GrainInstance!, request);
        }
        catch (Exception exception)
        {
            Silo.Log.TurnFailed(exception, GrainId);
            return false;
        }
    }

    private bool MayOvertake(GrainRequest request) => request.Is(RequestFlags.ReadOnly) || Interleaves(request);

    private bool MayRun(GrainRequest request)
    {
        if (_runningWriters == 0 && _runningReaders == 0) return true;
        return (request.Is(RequestFlags.ReadOnly) && _runningWriters == 0) || Interleaves(request);
    }

    private void Run(GrainRequest request)
    {
        if (!request.Is(RequestFlags.NoKeepAlive)) _lastUsedMs = Silo.CoarseNowMs;
        if (request.Context is { } context) RequestContext.Current = context;
        if (Resolve(request) is not { } target) return;
        request.Target = target;
        request.Host = this;
        var done = Silo.IncomingFilters.Length == 0 && !Class.FiltersItself
            ? request.Invoke(target, this, this)
            : FilteredCall.Invoke(request, target, this);
        if (done)
        {
            AfterRequest(request);
            return;
        }

        lock (_waiting)
        {
            request.RunningNext = _runningFirst;
            if (_runningFirst is { } first) first.RunningPrevious = request;
            _runningFirst = request;
        }

        _running++;
        if (Interleaves(request)) return;
        request.Flags |= RequestFlags.Gating;
        if (request.Is(RequestFlags.ReadOnly)) _runningReaders++;
        else _runningWriters++;
    }

    private object? Resolve(GrainRequest request)
    {
        var extension = request.Method.IsExtension;
        var target = extension ? GetComponent(request.Method.InterfaceType) : GrainInstance;
        if (target is null)
        {
            request.Fail(extension
                ? NoExtension(request.Method.InterfaceType)
                : new UnreachableException($"{this} has no grain object."));
        }

        return target;
    }

    private void AfterRequest(GrainRequest request)
    {
        if (request.Failure is not { } failure) return;
        Silo.Metrics.Failed();
        if (request.Is(RequestFlags.OneWay)) Silo.Log.OneWayFailed(failure, request);
        if (failure is not InconsistentStateException { IsSourceActivation: true } stale) return;

        // Only the grain whose state is stale starts anew, not those that the exception passes on its way.
        stale.IsSourceActivation = false;
        Deactivate(new DeactivationReason(
            DeactivationReasonCode.ApplicationError, failure, "The stored state is not the one this grain knows."));
    }

    private void SendOn(GrainRequest request)
    {
        if (!request.Is(RequestFlags.LocalOnly)) Silo.SendOn(request);
    }
}
