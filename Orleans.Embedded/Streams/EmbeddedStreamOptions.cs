namespace RedNote.Embedded;

/// <summary>The embedded engine's own limits of a stream provider; configured under the provider's name.</summary>
public sealed class EmbeddedStreamOptions
{
    /// <summary>
    /// How many events wait for one subscriber at most; beyond that the oldest is dropped and counted in
    /// <c>rednote.streams.dropped</c>. Also the bound on events that wait for a stream's subscriptions to be read.
    /// Default 4096, at least 1.
    /// </summary>
    public int QueueCapacity { get; set; } = 4096;

    /// <summary>How long after a failed delivery the event is tried again; doubled each time. Default 1 s.</summary>
    public TimeSpan MinRetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest pause between two tries. Default 30 s.</summary>
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromSeconds(30);
}
