using Orleans.Runtime;

namespace Orleans
{
    /// <summary>A grain that can be woken up by reminders.</summary>
    public interface IRemindable : IGrain
    {
        /// <summary>A tick; it activates the grain if need be. The next one waits for the task.</summary>
        Task ReceiveReminder(string reminderName, TickStatus status);
    }
}

namespace Orleans.Runtime
{
    /// <summary>A reminder of a grain, as the grain holds it.</summary>
    public interface IGrainReminder
    {
        string ReminderName { get; }
    }

    /// <summary>What is said of a tick. Times are UTC.</summary>
    [GenerateSerializer, Immutable]
    public readonly struct TickStatus
    {
        public TickStatus(DateTime firstTickTime, TimeSpan period, DateTime timeStamp)
        {
            FirstTickTime = firstTickTime;
            Period = period;
            CurrentTickTime = timeStamp;
        }

        /// <summary>When the first tick was due.</summary>
        [Id(0)]
        public DateTime FirstTickTime { get; }

        [Id(1)]
        public TimeSpan Period { get; }

        /// <summary>When this tick was sent; ticks that fell into a stop of the silo are not made up for.</summary>
        [Id(2)]
        public DateTime CurrentTickTime { get; }

        public override string ToString() => $"<{FirstTickTime}, {Period}, {CurrentTickTime}>";
    }

    /// <summary>The reminder changed in the store since it was read.</summary>
    [Serializable, GenerateSerializer]
    public sealed class ReminderException : OrleansException
    {
        public ReminderException(string message)
            : base(message)
        {
        }
    }
}
