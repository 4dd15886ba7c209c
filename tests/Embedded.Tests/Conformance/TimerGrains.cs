namespace RedNote.Embedded.Tests.Conformance;

/// <summary>What a timer of <see cref="ITimerGrain"/> does.</summary>
[GenerateSerializer, Immutable, Alias("conformance.timer-plan")]
public sealed record TimerPlan
{
    /// <summary>Its callback notes "{Name} in" and "{Name} out".</summary>
    [Id(0)]
    public required string Name { get; init; }

    [Id(1)]
    public int DueMs { get; init; }

    /// <summary>0: it fires once.</summary>
    [Id(2)]
    public int PeriodMs { get; init; }

    [Id(3)]
    public bool Interleave { get; init; }

    [Id(4)]
    public bool KeepAlive { get; init; }

    /// <summary>The callback passes the gate {key}/{Name}.</summary>
    [Id(5)]
    public bool Gated { get; init; }

    /// <summary>The callback throws after its first note.</summary>
    [Id(6)]
    public bool Throws { get; init; }

    /// <summary>The callback opens the gate {key}/{Opens}.</summary>
    [Id(7)]
    public string? Opens { get; init; }
}

[Alias("conformance.timer")]
public interface ITimerGrain : IGrainWithStringKey
{
    /// <summary>Starts a timer; the number of the activation.</summary>
    Task<int> Start(TimerPlan plan);

    /// <summary>Starts a timer and passes a gate before it returns.</summary>
    Task StartAndStay(TimerPlan plan, string gate);

    /// <summary>Changes the due time of the timer that was started last, which then fires once.</summary>
    Task Hasten(int dueMs);

    /// <summary>Disposes all timers.</summary>
    Task Stop();

    /// <summary>Deactivates the grain, its timers still set.</summary>
    Task Leave();

    Task<int> Activation();

    /// <summary>For each callback of "measured" after the first, the milliseconds since the one before it ended.
    /// </summary>
    Task<double[]> Pauses();

    /// <summary>Whether every callback ran on the grain's scheduler.</summary>
    Task<bool> CallbacksWereTurns();
}

public sealed class TimerGrain(Signals signals) : Grain, ITimerGrain
{
    private static int _activations;

    private readonly int _activation = Interlocked.Increment(ref _activations);
    private readonly List<IGrainTimer> _timers = [];
    private readonly List<double> _pauses = [];
    private TaskScheduler _scheduler = TaskScheduler.Default;
    private long _ended;
    private bool _strayed;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _scheduler = TaskScheduler.Current;
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        signals.Note(this.GetPrimaryKeyString(), "deactivated");
        return Task.CompletedTask;
    }

    public Task<int> Start(TimerPlan plan)
    {
        _timers.Add(this.RegisterGrainTimer(Fire, plan, new()
        {
            DueTime = TimeSpan.FromMilliseconds(plan.DueMs),
            Period = plan.PeriodMs == 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(plan.PeriodMs),
            Interleave = plan.Interleave,
            KeepAlive = plan.KeepAlive,
        }));
        return Activation();
    }

    public async Task StartAndStay(TimerPlan plan, string gate)
    {
        await Start(plan);
        signals.Note(this.GetPrimaryKeyString(), "call in");
        await signals.Pass(gate);
        signals.Note(this.GetPrimaryKeyString(), "call out");
    }

    public Task Hasten(int dueMs)
    {
        _timers[^1].Change(TimeSpan.FromMilliseconds(dueMs), Timeout.InfiniteTimeSpan);
        return Task.CompletedTask;
    }

    public Task Stop()
    {
        foreach (var timer in _timers)
            timer.Dispose();
        return Task.CompletedTask;
    }

    public Task Leave()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task<int> Activation() => Task.FromResult(_activation);

    public Task<double[]> Pauses() => Task.FromResult(_pauses.ToArray());

    public Task<bool> CallbacksWereTurns() => Task.FromResult(!_strayed);

    private async Task Fire(TimerPlan plan, CancellationToken stop)
    {
        var key = this.GetPrimaryKeyString();
        _strayed |= TaskScheduler.Current != _scheduler;
        if (plan.Name == "measured" && _ended != 0)
            _pauses.Add(TimeProvider.System.GetElapsedTime(_ended).TotalMilliseconds);
        signals.Note(key, plan.Name + " in");
        if (plan.Throws)
            throw new InvalidOperationException("The callback fails.");
        if (plan.Opens is { } gate)
            signals.Open($"{key}/{gate}");
        if (plan.Gated)
            await signals.Pass($"{key}/{plan.Name}");
        signals.Note(key, plan.Name + " out");
        if (plan.Name == "measured")
            _ended = TimeProvider.System.GetTimestamp();
    }
}
