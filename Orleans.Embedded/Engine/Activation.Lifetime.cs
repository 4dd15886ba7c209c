using Orleans;

namespace RedNote.Embedded;

/// <summary>From the first request to the last: activation and deactivation, as turns of the activation.</summary>
internal sealed partial class Activation
{
    private DeactivationReason? _reason;
    private long _deactivateByMs = long.MaxValue;
    private long _keepUntilMs;
    private bool _isEnding;

    /// <summary>Whether an idle collection at this time would take it.</summary>
    internal bool IsCollectable(long nowMs)
        => State == ActivationState.Valid && IsQuiet && IsOld(nowMs) && nowMs >= Volatile.Read(ref _keepUntilMs);

    internal void DelayDeactivation(TimeSpan timeSpan)
        => Volatile.Write(
            ref _keepUntilMs,
            timeSpan <= TimeSpan.Zero ? 0
                : timeSpan == TimeSpan.MaxValue ? long.MaxValue
                : Silo.CoarseNowMs + Silo.SweepPeriodMs + (long)timeSpan.TotalMilliseconds);

    public void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default)
    {
        // In a turn of this activation the effect is immediate: what is queued behind goes to the next activation.
        if (ReferenceEquals(Orleans.Runtime.RuntimeContext.Current, this)) RequestDeactivation(deactivationReason);
        else Push(new ActionNode(activation => activation.RequestDeactivation(deactivationReason)));
    }

    internal void CollectIfIdle(long nowMs)
        => Push(new ActionNode(activation =>
        {
            // A request may have come since the sweep looked; this node itself keeps the mailbox from being quiet.
            if (activation.State == ActivationState.Valid && activation._running == 0 && activation._waiting.Count == 0
                && activation.IsOld(nowMs))
            {
                activation.RequestDeactivation(
                    new DeactivationReason(DeactivationReasonCode.ActivationIdle, "The grain was idle."));
            }
        }));

    // The time of the last use may lag by a sweep.
    private bool IsOld(long nowMs)
        => Class.CollectionAgeMs != long.MaxValue && nowMs - LastUsedMs >= Class.CollectionAgeMs + Silo.SweepPeriodMs;

    internal void AddTimer(ActivationTimer timer)
    {
        lock (Extras) (Extras.Timers ??= []).Add(timer);
    }

    internal void RemoveTimer(ActivationTimer timer)
    {
        lock (Extras) Extras.Timers?.Remove(timer);
    }

    private void RequestDeactivation(DeactivationReason reason)
    {
        if (State is ActivationState.Deactivating or ActivationState.Ended) return;
        _reason ??= reason;
        if (State == ActivationState.Activating) return;
        if (State == ActivationState.Created)
        {
            // It was never used: nothing to tell the grain.
            End();
            return;
        }

        _deactivateByMs = Silo.CoarseNowMs + Silo.DeactivationTimeoutMs + Silo.SweepPeriodMs;
        _state = (int)ActivationState.Deactivating;
    }

    private void Activate()
    {
        _state = (int)ActivationState.Activating;
        try
        {
            GrainInstance = Class.CreateInstance(this);
            Silo.GrainCreated?.Invoke(GrainInstance);
            (GrainInstance as ILifecycleParticipant<Orleans.Runtime.IGrainLifecycle>)?.Participate(Lifecycle);
            if (LifecycleIfAny is null && !Class.HasOnActivate)
            {
                Activated();
                return;
            }

            var activation = ActivateAsync();
            if (activation.IsCompletedSuccessfully) Activated();
            else _ = FinishActivation(activation);
        }
        catch (Exception exception)
        {
            FailActivation(exception);
        }
    }

    private async Task ActivateAsync()
    {
        using var timeout = new CancellationTokenSource(Silo.ActivationTimeout, Silo.Time);
        if (LifecycleIfAny is { } lifecycle) await lifecycle.OnStart(timeout.Token);
        if (GrainInstance is IGrainBase grain) await grain.OnActivateAsync(timeout.Token);
    }

    private async Task FinishActivation(Task activation)
    {
        try
        {
            await activation;
        }
        catch (Exception exception)
        {
            FailActivation(exception);
            return;
        }

        Activated();
    }

    private void Activated()
    {
        _lastUsedMs = Silo.CoarseNowMs;
        _lookAtWaiting = true;
        _state = (int)ActivationState.Valid;
        Silo.Metrics.Activated();
        if (_reason is { } reason) RequestDeactivation(reason);
    }

    private void FailActivation(Exception exception)
    {
        Silo.Log.ActivationFailed(exception, GrainId);
        _isEnding = true;
        _ = EndFailed(exception);
    }

    private async Task EndFailed(Exception exception)
    {
        StopTimers();
        await StopLifecycle(CancellationToken.None);
        await DisposeOwned();
        FailWaiting(exception);
        End();
    }

    private void FailWaiting(Exception exception)
    {
        while (TakeAnyWaiting() is { } request) request.Fail(exception);
    }

    private static void ForceDeactivation(Activation activation) => activation.BeginDeactivation();

    private void BeginDeactivation()
    {
        if (_isEnding) return;
        _isEnding = true;
        StopTimers();
        _ = EndGracefully();
    }

    private async Task EndGracefully()
    {
        using var timeout = new CancellationTokenSource(Silo.DeactivationTimeout, Silo.Time);
        if (GrainInstance is IGrainBase grain)
        {
            try
            {
                await grain.OnDeactivateAsync(_reason!.Value, timeout.Token);
            }
            catch (Exception exception)
            {
                Silo.Log.DeactivationFailed(exception, GrainId);
            }
        }

        await StopLifecycle(timeout.Token);
        await DisposeOwned();
        Silo.Metrics.Deactivated();
        End();
    }

    private async Task StopLifecycle(CancellationToken token)
    {
        if (LifecycleIfAny is not { } lifecycle) return;
        foreach (var exception in await lifecycle.OnStop(token)) Silo.Log.DeactivationFailed(exception, GrainId);
    }

    private async Task DisposeOwned()
    {
        try
        {
            if (GrainInstance is IAsyncDisposable asyncDisposable) await asyncDisposable.DisposeAsync();
            else if (GrainInstance is IDisposable disposable) disposable.Dispose();
            if (_extras?.Scope is { } scope) await scope.DisposeAsync();
        }
        catch (Exception exception)
        {
            Silo.Log.DeactivationFailed(exception, GrainId);
        }
    }

    private void End()
    {
        Silo.Remove(this);
        _state = (int)ActivationState.Ended;
        GrainInstance = null;
        while (TakeAnyWaiting() is { } request) SendOn(request);
        _extras?.Forget();
        _extras?.Deactivated?.TrySetResult();
    }

    private GrainRequest? TakeAnyWaiting()
    {
        GrainRequest? request;
        lock (_waiting) request = _waiting.TakeFirst();
        if (request is not null) _backlog--;
        return request;
    }

    private void StopTimers()
    {
        if (_extras is not { Timers: not null } extras) return;
        ActivationTimer[] timers;
        lock (extras) timers = [.. extras.Timers];
        foreach (var timer in timers) timer.Dispose();
    }
}
