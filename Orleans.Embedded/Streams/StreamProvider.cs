using System.Collections.Concurrent;
using Orleans;
using Orleans.Runtime;
using Orleans.Streams;

namespace RedNote.Embedded.Streams;

/// <summary>
/// A provider as the grains of a silo or one client see it. Inside a grain's turn it acts for that grain, otherwise for
/// the client, whose subscriptions end when the provider is disposed of with the client's services.
/// </summary>
internal sealed class StreamProvider(string name, Func<StreamHub> hub) : IStreamProvider, IDisposable
{
    private readonly ConcurrentDictionary<Guid, ClientSubscription> _clients = new();
    private bool _isDisposed;

    public string Name => name;

    /// <summary>True as in Orleans; a token skips what is older, and cannot bring back what is gone.</summary>
    public bool IsRewindable => true;

    /// <summary>The streams themselves; of the silo that runs now.</summary>
    public StreamHub Hub => hub();

    public IAsyncStream<T> GetStream<T>(StreamId streamId) => GetTypedStream<T>(streamId);

    public TypedStream<T> GetTypedStream<T>(StreamId streamId) => new(this, streamId);

    public Task<Guid> Subscribe(StreamId stream, StreamObserver observer)
        => RuntimeContext.Current is { } grain
            ? SubscribeGrain(grain, stream, observer)
            : SubscribeClient(stream, observer);

    public async Task Resume(StreamId stream, Guid id, StreamObserver observer)
    {
        if (RuntimeContext.Current is { } grain)
        {
            ConsumerOf(grain).SetObserver(id, observer);
            return;
        }

        var topic = await LoadTopic(stream);
        if (topic.FindSubscription(id) is not ClientSubscription subscription || !_clients.ContainsKey(id))
        {
            throw new InvalidOperationException($"This client has no subscription {id} to {stream}.");
        }

        subscription.Observer = observer;
    }

    public async Task Unsubscribe(StreamId stream, Guid id)
    {
        // In the grain's turn, before the first await.
        if (RuntimeContext.Current is { } grain)
        {
            ConsumerOf(grain).RemoveObserver(id);
        }

        var topic = await LoadTopic(stream);
        await topic.Remove(id);
        _clients.TryRemove(id, out _);
    }

    public async Task<List<Guid>> GetSubscriptions(StreamId stream)
    {
        var grain = RuntimeContext.Current?.GrainId;
        var topic = await LoadTopic(stream);
        List<Guid> ids = [];
        foreach (var subscription in topic.GetSubscriptions())
        {
            var isMine = subscription is GrainSubscription other
                ? other.Grain == grain
                : grain is null && _clients.ContainsKey(subscription.Id);
            if (isMine)
            {
                ids.Add(subscription.Id);
            }
        }

        return ids;
    }

    public async Task<bool> HasSubscription(StreamId stream, Guid id)
        => (await LoadTopic(stream)).FindSubscription(id) is not null;

    public void Dispose()
    {
        Volatile.Write(ref _isDisposed, true);
        foreach (var (id, subscription) in _clients)
        {
            End(id, subscription);
        }
    }

    private static StreamConsumerExtension ConsumerOf(IGrainContext grain)
        => (StreamConsumerExtension)grain.GetGrainExtension<IStreamConsumerExtension>();

    private async Task<Guid> SubscribeGrain(IGrainContext grain, StreamId stream, StreamObserver observer)
    {
        var consumer = ConsumerOf(grain);
        if (Hub.ImplicitSubscription(grain.GrainId, stream) is { } implicitId)
        {
            consumer.SetObserver(implicitId, observer);
            return implicitId;
        }

        var id = await NewId(stream);
        // The observer first: the first event may be quicker than the answer.
        consumer.SetObserver(id, observer);
        try
        {
            while (!await (await LoadTopic(stream)).AddGrain(id, grain.GrainId))
            {
                // The topic was retired in between; the next one is new.
            }
        }
        catch
        {
            consumer.RemoveObserver(id);
            throw;
        }

        return id;
    }

    private async Task<Guid> SubscribeClient(StreamId stream, StreamObserver observer)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed), this);
        var id = await NewId(stream);
        var subscription = new ClientSubscription(Hub, stream, id, observer);
        _clients[subscription.Id] = subscription;
        try
        {
            while (!(await LoadTopic(stream)).AddClient(subscription))
            {
                // The topic was retired in between; the next one is new.
            }
        }
        catch
        {
            _clients.TryRemove(subscription.Id, out _);
            throw;
        }

        if (Volatile.Read(ref _isDisposed))
        {
            End(subscription.Id, subscription);
        }

        return subscription.Id;
    }

    private async Task<Guid> NewId(StreamId stream)
    {
        var topic = await LoadTopic(stream);
        while (true)
        {
            var id = topic.Hub.NextSubscriptionId();
            if (topic.FindSubscription(id) is null)
            {
                return id;
            }
        }
    }

    private async Task<StreamTopic> LoadTopic(StreamId stream)
    {
        while (true)
        {
            var topic = Hub.Topic(stream);
            if (await topic.Load())
            {
                return topic;
            }
        }
    }

    private void End(Guid id, ClientSubscription subscription)
    {
        if (!_clients.TryRemove(id, out _))
        {
            return;
        }

        // Of its own silo's streams: the one that runs now may be another.
        subscription.Hub.Forget(subscription);
    }
}
