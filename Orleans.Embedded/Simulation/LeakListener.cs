using System.Diagnostics.Tracing;

namespace RedNote.Embedded.Simulation;

/// <summary>
/// Sees that code of a simulation gives work to the thread pool, or sets a timer of the real clock, while it does it
/// and with its stack. Later it may be too late: what is on a foreign thread comes back when the run has long ended, or
/// never. The runtime tells of both in events that are written on the thread that causes them.
/// </summary>
internal sealed class LeakListener : EventListener
{
    private const string Runtime = "System.Diagnostics.Eventing.FrameworkEventSource";
    private const EventKeywords Pool = (EventKeywords)0x2;
    private const EventKeywords Timers = (EventKeywords)0x10;
    private const int PoolWork = 30;
    private const int TimerSet = 150;

    private static readonly LeakListener Instance = new();
    private static readonly Lazy<bool> Ready = new(Prime);

    private LeakListener()
    {
    }

    /// <summary>From the first call on, every loop that runs is listened to.</summary>
    public static void Listen() => _ = Ready.Value;

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == Runtime) EnableEvents(eventSource, EventLevel.Verbose, Pool | Timers);
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (SimulationLoop.OfThisThread is not { } loop || eventData.EventId is not (PoolWork or TimerSet)) return;
        var stack = Environment.StackTrace;

        // Service providers compile their ways in the background, which decides nothing. A simulation has that switched
        // off, but the switch is read once in a process, and others may have come first.
        if (stack.Contains("DynamicServiceProviderEngine", StringComparison.Ordinal)) return;
        loop.Leak(
            eventData.EventId == PoolWork ? "Work was given to the thread pool" : "A timer of the real clock was set",
            Own(stack));
    }

    // Without the frames of the events themselves, which stand first.
    private static string Own(string stack)
    {
        var lines = stack.Split('\n');
        var last = Array.FindLastIndex(
            lines, line => line.Contains(nameof(EventSource), StringComparison.Ordinal)
                || line.Contains(nameof(LeakListener), StringComparison.Ordinal));
        return string.Join('\n', lines.Skip(last + 1));
    }

    // The pool looks whether anybody listens when one of its threads begins to work.
    private static bool Prime()
    {
        _ = Instance;
        using var begun = new ManualResetEventSlim();
        ThreadPool.UnsafeQueueUserWorkItem(static item => item.Set(), begun, preferLocal: false);
        begun.Wait();
        return true;
    }
}
