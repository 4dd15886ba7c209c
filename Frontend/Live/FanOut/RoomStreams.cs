using Orleans.Streams;
using RedNote.Live;

namespace RedNote.Frontend.Live;

/// <summary>The streams of frames, as far as a channel needs them.</summary>
internal interface IRoomStreams
{
    /// <summary>Hands every frame of the room to <paramref name="onFrame"/>, one at a time; some may be lost.</summary>
    Task<IStreamSubscription> Subscribe(RoomId room, Action<RoomFrame> onFrame);
}

/// <summary>Orleans streams.</summary>
internal sealed class RoomStreams(IClusterClient cluster) : IRoomStreams
{
    public Task<IStreamSubscription> Subscribe(RoomId room, Action<RoomFrame> onFrame)
        => cluster.Subscribe(StreamNames.Room(room), onFrame);
}

/// <summary>Subscriptions to Orleans streams.</summary>
internal static class ClusterSubscriptions
{
    /// <summary>Hands every event of the stream over, one at a time; some may be lost.</summary>
    public static async Task<IStreamSubscription> Subscribe<TEvent>(
        this IClusterClient cluster, StreamId id, Action<TEvent> onEvent)
    {
        var stream = cluster.GetStreamProvider(StreamNames.Provider).GetStream<TEvent>(id);
        return new Subscription<TEvent>(await stream.SubscribeAsync(new Observer<TEvent>(onEvent)));
    }

    private sealed class Observer<TEvent>(Action<TEvent> onEvent) : IAsyncObserver<TEvent>
    {
        public Task OnNextAsync(TEvent item, StreamSequenceToken? token = null)
        {
            onEvent(item);
            return Task.CompletedTask;
        }

        // What a stream loses, the comparison with its source finds (RoomChannel, OrderDesk).
        public Task OnErrorAsync(Exception ex) => Task.CompletedTask;
    }

    private sealed class Subscription<TEvent>(StreamSubscriptionHandle<TEvent> handle) : IStreamSubscription
    {
        public Task Unsubscribe() => handle.UnsubscribeAsync();
    }
}
