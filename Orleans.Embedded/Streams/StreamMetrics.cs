using System.Diagnostics.Metrics;

namespace RedNote.Embedded.Streams;

/// <summary>What streams count, under the meter <c>RedNote.Embedded.Streams</c>, by provider.</summary>
internal static class StreamMetrics
{
    private static readonly Meter Meter = new("RedNote.Embedded.Streams");

    private static readonly Counter<long> DroppedEvents = Meter.CreateCounter<long>(
        "rednote.streams.dropped", "{event}", "Events dropped because a subscriber's queue was full.");

    private static readonly Counter<long> FailedDeliveries = Meter.CreateCounter<long>(
        "rednote.streams.failed_deliveries", "{delivery}", "Deliveries that an observer failed.");

    private static readonly Counter<long> LostEvents = Meter.CreateCounter<long>(
        "rednote.streams.given_up", "{event}", "Events given up after failing for too long.");

    public static void Dropped(string provider) => DroppedEvents.Add(1, Tag(provider));

    public static void Failed(string provider) => FailedDeliveries.Add(1, Tag(provider));

    public static void GivenUp(string provider) => LostEvents.Add(1, Tag(provider));

    private static KeyValuePair<string, object?> Tag(string provider) => new("provider", provider);
}
