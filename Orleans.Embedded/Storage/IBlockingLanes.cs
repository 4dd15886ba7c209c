namespace RedNote.Embedded;

/// <summary>
/// Where work that blocks a thread (SQLite has no asynchronous I/O) runs, away from the silo's scheduler. A simulation
/// replaces the threads by events of its own.
/// </summary>
public interface IBlockingLanes
{
    /// <summary>Opens a lane that calls <paramref name="run"/> when signalled.</summary>
    /// <param name="name">For people: the thread's name.</param>
    /// <param name="run">Never called concurrently with itself; must not throw.</param>
    IBlockingLane Open(string name, Action run);
}

/// <summary>A lane of blocking work. Disposing it waits for the run under way and ends the lane.</summary>
public interface IBlockingLane : IDisposable
{
    /// <summary>Has <c>run</c> called at least once after this; several signals may share one call.</summary>
    void Signal();
}
