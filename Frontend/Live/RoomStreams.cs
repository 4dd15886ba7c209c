using Orleans.Streams;
using RedNote.Live;

namespace RedNote.Frontend.Live;

/// <summary>The streams of frames, as far as a channel needs them.</summary>
internal interface IRoomStreams
{
    /// <summary>Hands every frame of the room to <paramref name="onFrame"/>, one at a time; some may be lost.</summary>
    Task<IRoomSubscription> Subscribe(RoomId room, Action<RoomFrame> onFrame);
}

internal interface IRoomSubscription
{
    Task Unsubscribe();
}

/// <summary>Orleans streams.</summary>
internal sealed class RoomStreams(IClusterClient cluster) : IRoomStreams
{
    public async Task<IRoomSubscription> Subscribe(RoomId room, Action<RoomFrame> onFrame)
    {
        var stream = cluster.GetStreamProvider(StreamNames.Provider).GetStream<RoomFrame>(StreamNames.Room(room));
        return new Subscription(await stream.SubscribeAsync(new Observer(onFrame)));
    }

    private sealed class Observer(Action<RoomFrame> onFrame) : IAsyncObserver<RoomFrame>
    {
        public Task OnNextAsync(RoomFrame item, StreamSequenceToken? token = null)
        {
            onFrame(item);
            return Task.CompletedTask;
        }

        // What a stream loses, the comparison with the room's head finds (RoomChannel).
        public Task OnErrorAsync(Exception ex) => Task.CompletedTask;
    }

    private sealed class Subscription(StreamSubscriptionHandle<RoomFrame> handle) : IRoomSubscription
    {
        public Task Unsubscribe() => handle.UnsubscribeAsync();
    }
}
