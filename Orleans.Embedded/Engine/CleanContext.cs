namespace RedNote.Embedded;

/// <summary>
/// The execution context that every turn starts from: none of the caller's AsyncLocals, and none that an earlier turn
/// left behind on the thread.
/// </summary>
internal static class CleanContext
{
    private static readonly ExecutionContext Empty = CaptureOnNewThread();

    internal static void Enter()
    {
        if (!ReferenceEquals(ExecutionContext.Capture(), Empty)) ExecutionContext.Restore(Empty);
    }

    // The runtime hands its empty context out in no other way.
    private static ExecutionContext CaptureOnNewThread()
    {
        ExecutionContext? empty = null;
        var thread = new Thread(() => empty = ExecutionContext.Capture());
        thread.UnsafeStart();
        thread.Join();
        return empty!;
    }
}
