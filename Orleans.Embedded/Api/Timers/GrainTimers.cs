using System.Diagnostics.CodeAnalysis;
using Orleans.Runtime;

namespace Orleans.Runtime
{
    /// <summary>A timer of one activation. Disposing of it is final; it ends with its activation.</summary>
    public interface IGrainTimer : IDisposable
    {
        /// <summary>
        /// Sets the time to the next tick and the period after it; <see cref="Timeout.InfiniteTimeSpan"/> means never.
        /// During a tick it takes effect when the tick ends.
        /// </summary>
        void Change(TimeSpan dueTime, TimeSpan period);
    }

    /// <summary>How a grain timer ticks.</summary>
    public readonly struct GrainTimerCreationOptions()
    {
        [SetsRequiredMembers]
        public GrainTimerCreationOptions(TimeSpan dueTime, TimeSpan period) : this()
        {
            DueTime = dueTime;
            Period = period;
        }

        /// <summary>The time to the first tick; infinite: no tick until <see cref="IGrainTimer.Change"/>.</summary>
        public required TimeSpan DueTime { get; init; }

        /// <summary>The time from the end of a tick to the next; infinite: one tick only.</summary>
        public required TimeSpan Period { get; init; }

        /// <summary>Whether a tick may run while a request is under way. Default: false, it waits its turn.</summary>
        public bool Interleave { get; init; }

        /// <summary>Whether ticks keep the grain from being idle. Default: false.</summary>
        public bool KeepAlive { get; init; }
    }
}

namespace Orleans.Timers
{
    /// <summary>Makes grain timers.</summary>
    public interface ITimerRegistry
    {
        IGrainTimer RegisterGrainTimer<TState>(
            IGrainContext grainContext, Func<TState, CancellationToken, Task> callback, TState state,
            GrainTimerCreationOptions options);
    }
}
