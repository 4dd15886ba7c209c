namespace RedNote.Embedded;

/// <summary>The engine's own limits.</summary>
public sealed class EmbeddedSiloOptions
{
    /// <summary>
    /// How many requests may wait at one activation; one more is refused with a
    /// <see cref="Orleans.Runtime.LimitExceededException"/>. Default: 100,000. Zero is not allowed.
    /// <see cref="Orleans.Configuration.SiloMessagingOptions.MaxEnqueuedRequestsHardLimit"/> overrides it.
    /// </summary>
    public int MailboxCapacity { get; set; } = 100_000;

    /// <summary>How many turns an activation runs before it lets others have the thread. Default: 128.</summary>
    public int TurnsPerBurst { get; set; } = 128;

    /// <summary>
    /// How often calls are looked over for timeouts. Default: one second; a quarter of the shortest response timeout
    /// when that is less, but not below 10 ms.
    /// </summary>
    public TimeSpan SweepPeriod { get; set; } = TimeSpan.FromSeconds(1);
}
