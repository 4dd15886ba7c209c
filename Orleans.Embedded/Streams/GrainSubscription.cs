using Orleans.Runtime;

namespace RedNote.Embedded.Streams;

/// <summary>A subscription of a grain: each event is a call to the grain, which activates it if need be.</summary>
internal sealed class GrainSubscription(
    StreamHub hub, StreamId stream, Guid id, GrainId grain, bool isImplicit) : Subscription(hub, id)
{
    private IStreamConsumerExtension? _consumer;

    public GrainId Grain => grain;

    public bool IsImplicit => isImplicit;

    protected override string Description => $"subscription {Id} of grain {grain} to {stream}";

    private IStreamConsumerExtension Consumer
        => _consumer ??= Hub.Grains.GetGrain<IStreamConsumerExtension>(grain);

    protected override Task Deliver(StreamEvent delivered) => IsClosed
        ? Task.CompletedTask
        : Consumer.Deliver(Hub.ProviderName, stream, Id, delivered.Item, delivered.Token);

    protected override Task Report(Exception exception) => Consumer.ReportError(Id, exception);
}
