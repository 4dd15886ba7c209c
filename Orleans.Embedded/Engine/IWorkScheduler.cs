namespace RedNote.Embedded;

/// <summary>
/// Where an activation says "I have work: run my turns". Everything that the engine runs goes through here, so that a
/// simulation can pick the order on one thread by registering its own as a service.
/// </summary>
public interface IWorkScheduler
{
    /// <summary>
    /// Runs <see cref="IThreadPoolWorkItem.Execute"/> once, later and on any thread. The same item is not scheduled
    /// again before it has started to run, and it never runs on two threads at once.
    /// </summary>
    void Schedule(IThreadPoolWorkItem work);

    /// <summary>The same for an item that ran for long and has more to do: others come first.</summary>
    void Yield(IThreadPoolWorkItem work);
}

/// <summary>The scheduler of a real silo: the thread pool.</summary>
internal sealed class ThreadPoolWorkScheduler : IWorkScheduler
{
    public void Schedule(IThreadPoolWorkItem work) => ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: true);

    // The local queue is last in, first out: it would give the thread straight back.
    public void Yield(IThreadPoolWorkItem work) => ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false);
}
