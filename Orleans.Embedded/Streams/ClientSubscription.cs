using Orleans.Runtime;

namespace RedNote.Embedded.Streams;

/// <summary>A subscription of a client: the observer is called directly, in no grain's turn.</summary>
internal sealed class ClientSubscription(StreamHub hub, StreamId stream, Guid id, StreamObserver observer)
    : Subscription(hub, id)
{
    private volatile StreamObserver _observer = observer;

    public StreamId Stream => stream;

    public StreamObserver Observer
    {
        set => _observer = value;
    }

    protected override string Description => $"client subscription {Id} to {stream}";

    protected override Task Deliver(StreamEvent delivered)
    {
        var observer = _observer;
        return !IsClosed && observer.Wants(delivered.Token)
            ? observer.OnNext(delivered.Item, delivered.Token)
            : Task.CompletedTask;
    }

    protected override Task Report(Exception exception) => _observer.OnError(exception);
}
