namespace RedNote.Embedded.Simulation;

/// <summary>
/// One process of the simulated world: all that runs for it, waits for it and ticks for it is tied to it, and is gone
/// when it is killed, at whatever await it stands. Register it as <see cref="IWorkScheduler"/>,
/// <see cref="TimeProvider"/> and <see cref="TaskScheduler"/> of its services.
/// </summary>
public sealed class SimulationNode : IWorkScheduler
{
    private readonly SimulationLoop _loop;
    private readonly NodeTasks _tasks;
    private readonly TaskCompletionSource _died = new();

    internal SimulationNode(SimulationLoop loop, string name)
    {
        _loop = loop;
        Name = name;
        Number = loop.NextNodeNumber();
        Context = new NodeContext(this);
        _tasks = new NodeTasks(this);
        Time = new SimulatedTime(this);
    }

    public string Name { get; }

    public bool IsAlive { get; private set; } = true;

    /// <summary>Completes when the node is killed; for those outside who wait for an answer of it.</summary>
    public Task Died => _died.Task;

    public SynchronizationContext Context { get; }

    /// <summary>Runs tasks as turns of this node.</summary>
    public TaskScheduler Tasks => _tasks;

    /// <summary>The virtual clock, with timers that end with the node.</summary>
    public TimeProvider Time { get; }

    internal SimulationLoop Loop => _loop;

    internal int Number { get; }

    public void Schedule(IThreadPoolWorkItem work) => _loop.Post(new Work(this, work, null));

    public void Yield(IThreadPoolWorkItem work) => Schedule(work);

    /// <summary>Runs code as a process of its own on this node. What it throws ends the run.</summary>
    public Task Start(Func<Task> code)
    {
        var done = new TaskCompletionSource();
        Post(
            async _ =>
            {
                try
                {
                    await code();
                    done.SetResult();
                }
                catch (Exception exception)
                {
                    done.SetException(exception);
                    _loop.Fail(exception as SimulationViolationException
                        ?? new SimulationViolationException($"What {Name} ran threw {exception.Message}", exception));
                }
            },
            code);
        return done.Task;
    }

    /// <summary>Runs code on this node and answers what it answers; never, if the node dies before.</summary>
    public Task<T> Run<T>(Func<Task<T>> code)
    {
        var done = new TaskCompletionSource<T>();
        Post(
            async _ =>
            {
                try
                {
                    done.SetResult(await code());
                }
                catch (Exception exception)
                {
                    done.SetException(exception);
                }
            },
            code);
        return done.Task;
    }

    /// <summary>The process is no more: nothing of it runs again.</summary>
    internal void Kill()
    {
        if (!IsAlive) return;
        IsAlive = false;
        _died.SetResult();
    }

    /// <summary>Runs an action as a turn of this node after a time.</summary>
    internal void After(TimeSpan delay, Action action)
        => Time.CreateTimer(static state => ((Action)state!)(), action, delay, Timeout.InfiniteTimeSpan);

    internal void Post(SendOrPostCallback callback, object? state) => _loop.Post(new Work(this, callback, state));

    internal void PostTimer(TimerCallback callback, object? state) => _loop.Post(new Work(this, callback, state));

    internal void RunTask(Task task) => _tasks.Run(task);

    private sealed class NodeContext(SimulationNode node) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) => node.Post(d, state);

        public override void Send(SendOrPostCallback d, object? state)
            => throw new NotSupportedException("A simulation has one thread, which cannot wait for itself.");

        public override SynchronizationContext CreateCopy() => this;
    }

    private sealed class NodeTasks(SimulationNode node) : TaskScheduler
    {
        public override int MaximumConcurrencyLevel => 1;

        public void Run(Task task) => TryExecuteTask(task);

        protected override void QueueTask(Task task) => node._loop.Post(new Work(node, task, null));

        protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued)
            => !taskWasPreviouslyQueued && Current == this && TryExecuteTask(task);

        protected override IEnumerable<Task> GetScheduledTasks() => [];
    }
}
