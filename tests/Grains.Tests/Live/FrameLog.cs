using System.Collections.Concurrent;
using System.Collections.Immutable;
using Orleans.Streams;
using RedNote.Live;

namespace RedNote.Grains.Tests.Live;

/// <summary>What a room's stream brought since it was subscribed to.</summary>
internal sealed class FrameLog : IAsyncObserver<RoomFrame>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly ConcurrentQueue<RoomFrame> _frames = [];
    private readonly SemaphoreSlim _arrived = new(0);

    public static async Task<FrameLog> Of(GrainCluster cluster, RoomId room)
    {
        var log = new FrameLog();
        await Stream(cluster, room).SubscribeAsync(log);
        return log;
    }

    public static IAsyncStream<RoomFrame> Stream(GrainCluster cluster, RoomId room)
        => cluster.Client.GetStreamProvider(StreamNames.Provider).GetStream<RoomFrame>(StreamNames.Room(room));

    public Task OnNextAsync(RoomFrame item, StreamSequenceToken? token = null)
    {
        _frames.Enqueue(item);
        _arrived.Release();
        return Task.CompletedTask;
    }

    public Task OnErrorAsync(Exception ex) => Task.CompletedTask;

    public async Task<ImmutableArray<RoomFrame>> Until(Func<ImmutableArray<RoomFrame>, bool> enough)
    {
        while (!enough([.. _frames]))
        {
            Assert.True(await _arrived.WaitAsync(Limit), "no further frame came");
        }

        return [.. _frames];
    }
}
