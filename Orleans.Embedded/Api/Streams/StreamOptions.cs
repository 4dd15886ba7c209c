namespace Orleans.Configuration;

/// <summary>
/// How events get from the queue to subscribers. The embedded engine has no queue to poll: it uses the delivery time
/// and the inactivity period, and keeps the rest so that the same configuration compiles for both engines.
/// </summary>
public class StreamPullingAgentOptions
{
    public static readonly TimeSpan DEFAULT_GET_QUEUE_MESSAGES_TIMER_PERIOD = TimeSpan.FromMilliseconds(100);
    public static readonly TimeSpan DEFAULT_MAX_EVENT_DELIVERY_TIME = TimeSpan.FromMinutes(1);
    public static readonly TimeSpan DEFAULT_STREAM_INACTIVITY_PERIOD = TimeSpan.FromMinutes(30);

    /// <summary>How often queues are polled. Without effect here: events are delivered at once.</summary>
    public TimeSpan GetQueueMsgsTimerPeriod { get; set; } = DEFAULT_GET_QUEUE_MESSAGES_TIMER_PERIOD;

    /// <summary>For how long an event that a subscriber fails to take is tried again. Default: one minute.</summary>
    public TimeSpan MaxEventDeliveryTime { get; set; } = DEFAULT_MAX_EVENT_DELIVERY_TIME;

    /// <summary>After what time without events a stream's memory is given back. Default: 30 minutes.</summary>
    public TimeSpan StreamInactivityPeriod { get; set; } = DEFAULT_STREAM_INACTIVITY_PERIOD;
}

/// <summary>How many queues a provider has. Without effect here: each subscriber has its own.</summary>
public class HashRingStreamQueueMapperOptions
{
    public const int DEFAULT_NUM_QUEUES = 8;

    public int TotalQueueCount { get; set; } = DEFAULT_NUM_QUEUES;
}
