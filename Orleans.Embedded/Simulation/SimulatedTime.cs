namespace RedNote.Embedded.Simulation;

/// <summary>
/// The clock of one node. Timestamps and timers are those of the loop and never go back; the clock on the wall can be
/// moved (<see cref="SimulationCluster.MoveWallClock"/>), as real ones are.
/// </summary>
internal sealed class SimulatedTime(SimulationNode node) : TimeProvider
{
    /// <summary>When every simulation begins; any day would do.</summary>
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long GetTimestamp()
    {
        node.Loop.IsOwn("The clock");
        return node.Loop.Now;
    }

    public override DateTimeOffset GetUtcNow()
    {
        node.Loop.IsOwn("The clock");
        return Start + TimeSpan.FromTicks(node.Loop.Now + node.Loop.WallOffset);
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new SimulatedTimer(node, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }
}

/// <summary>A timer of a node; its callback is a turn like any other, picked when chance picks it.</summary>
internal sealed class SimulatedTimer(SimulationNode node, TimerCallback callback, object? state) : ITimer
{
    private TimeSpan _period;
    private bool _isDisposed;

    public long Due { get; private set; }

    /// <summary>Which arming is the current one, and the order among timers due at the same time.</summary>
    public long Number { get; private set; }

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        if (!node.Loop.IsOwn("A timer") || _isDisposed) return false;
        _period = period;
        Number = 0;
        if (dueTime < TimeSpan.Zero || !node.IsAlive) return true;
        Arm(node.Loop.Now + dueTime.Ticks);
        return true;
    }

    /// <summary>Whether this arming still stands.</summary>
    public bool IsDue((long Due, long Number) arming) => arming.Number == Number && !_isDisposed && node.IsAlive;

    public void Fire()
    {
        if (_period > TimeSpan.Zero) Arm(Due + _period.Ticks);
        else Number = 0;
        node.PostTimer(callback, state);
    }

    public void Dispose() => _isDisposed = true;

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private void Arm(long due)
    {
        Due = due;
        Number = node.Loop.NextTimerNumber();
        node.Loop.Arm(this);
    }
}
