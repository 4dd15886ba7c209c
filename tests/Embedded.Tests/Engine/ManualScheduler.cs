using System.Collections.Concurrent;

namespace RedNote.Embedded.Tests.Engine;

/// <summary>
/// Runs everything on the thread of the test: turns in an order that a seed picks, then the test's own continuations,
/// and when nothing is left to run it moves the clock to the next timer.
/// </summary>
internal sealed class ManualScheduler(int seed) : SynchronizationContext, IWorkScheduler
{
    private readonly Random _random = new(seed);
    private readonly List<IThreadPoolWorkItem> _work = [];
    private readonly ConcurrentQueue<(SendOrPostCallback Callback, object? State)> _posts = new();
    private readonly int _thread = Environment.CurrentManagedThreadId;

    public ManualTime Time { get; } = new();

    public int Turns { get; private set; }

    public void Schedule(IThreadPoolWorkItem work)
    {
        Assert.Equal(_thread, Environment.CurrentManagedThreadId);
        _work.Add(work);
    }

    public void Yield(IThreadPoolWorkItem work) => Schedule(work);

    public override void Post(SendOrPostCallback d, object? state) => _posts.Enqueue((d, state));

    /// <summary>Runs a scenario to its end, in virtual time.</summary>
    public void Run(Func<Task> scenario)
    {
        var outer = Current;
        SetSynchronizationContext(this);
        try
        {
            var running = scenario();
            while (!running.IsCompleted)
            {
                if (!Step() && !Time.MoveToNextTimer())
                    throw new InvalidOperationException("Nothing is left to run, and the scenario is not at its end.");
            }

            running.GetAwaiter().GetResult();
        }
        finally
        {
            SetSynchronizationContext(outer);
        }
    }

    private bool Step()
    {
        if (_posts.TryDequeue(out var post))
        {
            post.Callback(post.State);
            return true;
        }

        if (_work.Count == 0) return false;
        var index = _random.Next(_work.Count);
        var work = _work[index];
        _work.RemoveAt(index);
        Turns++;
        work.Execute();
        return true;
    }
}

/// <summary>A clock that moves only when it is told to.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly List<ManualTimer> _timers = [];
    private long _now = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _now;

    public override DateTimeOffset GetUtcNow() => new(_now, TimeSpan.Zero);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    public bool MoveToNextTimer()
    {
        if (_timers.Count == 0) return false;
        var next = _timers.MinBy(timer => timer.Due)!;
        _now = Math.Max(_now, next.Due);
        next.Fire();
        return true;
    }

    private sealed class ManualTimer(ManualTime time, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period;

        public long Due { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            time._timers.Remove(this);
            _period = period;
            if (dueTime == Timeout.InfiniteTimeSpan) return true;
            Due = time._now + dueTime.Ticks;
            time._timers.Add(this);
            return true;
        }

        public void Fire()
        {
            Change(_period > TimeSpan.Zero ? _period : Timeout.InfiniteTimeSpan, _period);
            callback(state);
        }

        public void Dispose() => time._timers.Remove(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
