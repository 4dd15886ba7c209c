using System.Runtime.ExceptionServices;

namespace RedNote.Embedded.Simulation;

/// <summary>
/// The one thread of a simulation: all that can run is in one list, and chance picks what runs next. Time is virtual:
/// it moves by a little with each turn, and jumps to the next timer when nothing can run.
/// </summary>
public sealed class SimulationLoop
{
    /// <summary>No scenario is so long; what runs longer waits for something in a circle.</summary>
    private const long MaxTurns = 2_000_000;

    /// <summary>How long, on a real clock, a failed run waits for what left its thread to come back.</summary>
    private static readonly TimeSpan ReturnTime = TimeSpan.FromMilliseconds(100);

    [ThreadStatic]
    private static SimulationLoop? _ofThisThread;

    private readonly List<Work> _runnable = [];
    private readonly PriorityQueue<SimulatedTimer, (long Due, long Number)> _timers = new();
    private readonly SimulationRandom _random;
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly double _oldestFirst;
    private readonly double _newestFirst;
    private readonly long _turnTicks;
    private readonly long _turnLimit;
    private readonly TaskCompletionSource _returned = new();
    private volatile SimulationViolationException? _violation;
    private volatile string? _leak;
    private volatile string? _return;
    private Work _running;
    private long _lastTimer;
    private int _lastNode;

    internal SimulationLoop(SimulationRandom random, SimulationTrace trace, long turnLimit)
    {
        _random = random;
        _turnLimit = turnLimit;
        Trace = trace;

        // Some runs are almost in order, some almost in reverse, most are neither: each finds other bugs.
        var style = random.Next(4);
        _oldestFirst = style == 0 ? 0.95 : style == 1 ? 0.5 : 0;
        _newestFirst = style == 2 ? 0.7 : 0;
        _turnTicks = 1L << random.Next(9);
    }

    public SimulationTrace Trace { get; }

    /// <summary>Virtual ticks (100 ns) since the run began; they never go back.</summary>
    public long Now { get; private set; }

    /// <summary>How far the clock on the wall has been moved, in ticks.</summary>
    internal long WallOffset { get; set; }

    /// <summary>How many turns have run.</summary>
    public long Turns { get; private set; }

    /// <summary>Called after each turn, outside of every node: where crashes come from.</summary>
    internal Action? AfterTurn { get; set; }

    /// <summary>The loop that runs on the calling thread; null: none does.</summary>
    internal static SimulationLoop? OfThisThread => _ofThisThread;

    internal int NextNodeNumber() => ++_lastNode;

    internal long NextTimerNumber() => ++_lastTimer;

    /// <summary>
    /// Refuses what does not run on the simulation's thread. It must not throw there, where nobody would see it: the
    /// loop does, with the stack of the one who came.
    /// </summary>
    internal bool IsOwn(string seam)
    {
        if (Environment.CurrentManagedThreadId == _thread) return true;
        _return ??= $"{seam} was used on a foreign thread; nothing in a simulation may leave its thread. It came from\n"
            + Environment.StackTrace;
        if (_leak is null) _violation ??= new SimulationViolationException(_return);
        _returned.TrySetResult();
        return false;
    }

    /// <summary>Something of this simulation has just left its thread.</summary>
    internal void Leak(string what, string stack)
    {
        if (_violation is not null || _leak is not null) return;
        _leak = $"{what} in a turn of {_running.Describe()}; nothing in a simulation may leave its thread. It was at\n"
            + stack;
    }

    internal void Fail(SimulationViolationException violation) => _violation ??= violation;

    internal void Post(in Work work)
    {
        if (IsOwn("The scheduler") && work.Node.IsAlive) _runnable.Add(work);
    }

    internal void Arm(SimulatedTimer timer) => _timers.Enqueue(timer, (timer.Due, timer.Number));

    /// <summary>Runs until the task is complete. Throws what it threw, a violation, or that nothing can go
    /// on.</summary>
    /// <param name="scenario">What is waited for.</param>
    /// <param name="limit">How much virtual time it may take.</param>
    public void RunUntil(Task scenario, TimeSpan limit)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        LeakListener.Listen();
        var outer = SynchronizationContext.Current;
        var end = Now + limit.Ticks;
        try
        {
            _ofThisThread = this;
            while (!scenario.IsCompleted)
            {
                if (!Step()) throw Stuck("Nothing is left to run, and the scenario is not at its end.");
                if (Turns > _turnLimit) throw Stuck($"The scenario has not ended within {_turnLimit} turns.");
                if (Turns > MaxTurns) throw Stuck($"It goes on and on: {MaxTurns} turns.");
                if (Now > end) throw Stuck($"The scenario has not ended within {limit} of virtual time.");
            }
        }
        finally
        {
            _ofThisThread = null;
            SynchronizationContext.SetSynchronizationContext(outer);
        }

        ThrowIfViolated();
        scenario.GetAwaiter().GetResult();
    }

    private bool Step()
    {
        while (_timers.TryPeek(out var timer, out var key) && (key.Due <= Now || _runnable.Count == 0))
        {
            _timers.Dequeue();
            if (!timer.IsDue(key)) continue;
            Now = Math.Max(Now, key.Due);
            timer.Fire();
        }

        if (_runnable.Count == 0) return false;
        var choice = Choose();
        var work = _runnable[choice];
        _runnable.RemoveAt(choice);
        if (!work.Node.IsAlive) return true;
        Turns++;
        Trace.Turn(Now, choice, _runnable.Count, work.Node.Number);
        if (Trace.IsRecorded) Trace.Line(Now, $"  {work.Node.Name}: {work}");
        Now += _turnTicks;
        Run(work);
        ThrowIfViolated();
        AfterTurn?.Invoke();
        return true;
    }

    private int Choose()
    {
        var count = _runnable.Count;
        if (count == 1) return 0;
        if (_oldestFirst > 0 && _random.Chance(_oldestFirst)) return 0;
        if (_newestFirst > 0 && _random.Chance(_newestFirst)) return count - 1;
        return _random.Next(count);
    }

    private void Run(in Work work)
    {
        SynchronizationContext.SetSynchronizationContext(work.Node.Context);
        _running = work;
        try
        {
            work.Execute();
        }
        catch (Exception exception)
        {
            Fail(new SimulationViolationException($"{work} on {work.Node.Name} threw outside of any task.", exception));
        }
    }

    private void ThrowIfViolated()
    {
        if (_leak is { } leak && _violation is null)
        {
            // Who left is not always on the stack: an await that goes on elsewhere is left by who completes it. It is
            // on the stack when it comes back, which may be soon, or never.
            _ofThisThread = null;
            _violation = new SimulationViolationException(
                _returned.Task.Wait(ReturnTime) ? $"{leak}\n{_return}" : leak);
        }

        if (_violation is { } violation) ExceptionDispatchInfo.Throw(violation);
    }

    private SimulationViolationException Stuck(string message)
        => _violation ?? new SimulationViolationException($"{message} (turn {Turns}, {_runnable.Count} can run)");
}

/// <summary>One thing that can run: an item of the engine, a callback of a context, or a task.</summary>
internal readonly struct Work(SimulationNode node, object item, object? state)
{
    public SimulationNode Node => node;

    public void Execute()
    {
        switch (item)
        {
            case IThreadPoolWorkItem work:
                work.Execute();
                break;
            case SendOrPostCallback callback:
                callback(state);
                break;
            case TimerCallback timer:
                timer(state);
                break;
            default:
                node.RunTask((Task)item);
                break;
        }
    }

    /// <summary>Whose turn it is, and what; also before the first.</summary>
    public string Describe() => node is null ? "nobody" : $"{node.Name} ({this})";

    public override string ToString() => item switch
    {
        Activation activation => activation.DescribeNext(),
        SendOrPostCallback => $"goes on with {(state as Delegate)?.Target ?? state}",
        TimerCallback => $"timer of {state}",
        _ => item.ToString()!,
    };
}
