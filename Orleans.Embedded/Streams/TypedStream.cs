using Orleans.Runtime;
using Orleans.Streams;

namespace RedNote.Embedded.Streams;

/// <summary>What one publishes to and subscribes to: the stream as one provider's user sees it.</summary>
internal sealed class TypedStream<T>(StreamProvider provider, StreamId stream) : IAsyncStream<T>
{
    private StreamTopic? _topic;

    public StreamId StreamId => stream;

    public string ProviderName => provider.Name;

    public bool IsRewindable => provider.IsRewindable;

    public StreamProvider Provider => provider;

    public Task OnNextAsync(T item, StreamSequenceToken? token = null)
    {
        while (true)
        {
            var topic = _topic ??= provider.Hub.Topic(stream);
            if (topic.Publish(item) is { } queued)
            {
                return queued;
            }

            _topic = null;
        }
    }

    public Task OnNextBatchAsync(IEnumerable<T> batch, StreamSequenceToken? token = null)
    {
        var items = batch as IReadOnlyList<T> ?? [.. batch];
        while (true)
        {
            var topic = _topic ??= provider.Hub.Topic(stream);
            if (topic.PublishBatch(items) is { } queued)
            {
                return queued;
            }

            _topic = null;
        }
    }

    // As in Orleans' queue-backed streams: a stream does not end.
    public Task OnCompletedAsync() => throw new NotImplementedException("Memory streams cannot be completed.");

    public Task OnErrorAsync(Exception ex) => throw new NotImplementedException("Memory streams carry no errors.");

    public Task<StreamSubscriptionHandle<T>> SubscribeAsync(IAsyncObserver<T> observer)
        => SubscribeAsync(observer, null);

    public Task<StreamSubscriptionHandle<T>> SubscribeAsync(
        IAsyncObserver<T> observer, StreamSequenceToken? token, string? filterData = null)
        => Subscribe(StreamObserver.Of(observer, token));

    public Task<StreamSubscriptionHandle<T>> SubscribeAsync(IAsyncBatchObserver<T> observer)
        => SubscribeAsync(observer, null);

    public Task<StreamSubscriptionHandle<T>> SubscribeAsync(
        IAsyncBatchObserver<T> observer, StreamSequenceToken? token)
        => Subscribe(StreamObserver.Of(observer, token));

    public async Task<IList<StreamSubscriptionHandle<T>>> GetAllSubscriptionHandles()
    {
        var ids = await provider.GetSubscriptions(stream);
        return ids.ConvertAll<StreamSubscriptionHandle<T>>(id => new SubscriptionHandle<T>(this, id));
    }

    public bool Equals(IAsyncStream<T>? other)
        => other is not null && other.StreamId == stream && other.ProviderName == ProviderName;

    public override bool Equals(object? obj) => Equals(obj as IAsyncStream<T>);

    public override int GetHashCode() => stream.GetHashCode();

    public int CompareTo(IAsyncStream<T>? other)
    {
        if (other is null)
        {
            return 1;
        }

        var byProvider = string.CompareOrdinal(ProviderName, other.ProviderName);
        return byProvider != 0 ? byProvider : stream.CompareTo(other.StreamId);
    }

    public override string ToString() => $"{ProviderName}/{stream}";

    private async Task<StreamSubscriptionHandle<T>> Subscribe(StreamObserver observer)
        => new SubscriptionHandle<T>(this, await provider.Subscribe(stream, observer));
}

/// <summary>A subscription's handle; used up by resuming or unsubscribing.</summary>
internal sealed class SubscriptionHandle<T>(TypedStream<T> stream, Guid id) : StreamSubscriptionHandle<T>
{
    private bool _isUsed;

    public override StreamId StreamId => stream.StreamId;

    public override string ProviderName => stream.ProviderName;

    public override Guid HandleId => id;

    public override Task<StreamSubscriptionHandle<T>> ResumeAsync(
        IAsyncObserver<T> observer, StreamSequenceToken? token = null)
        => Resume(StreamObserver.Of(observer, token));

    public override Task<StreamSubscriptionHandle<T>> ResumeAsync(
        IAsyncBatchObserver<T> observer, StreamSequenceToken? token = null)
        => Resume(StreamObserver.Of(observer, token));

    public override async Task UnsubscribeAsync()
    {
        ThrowIfUsed();
        await stream.Provider.Unsubscribe(stream.StreamId, id);
        _isUsed = true;
    }

    public override bool Equals(StreamSubscriptionHandle<T>? other)
        => other is SubscriptionHandle<T> && other.HandleId == id;

    public override bool Equals(object? obj) => Equals(obj as StreamSubscriptionHandle<T>);

    public override int GetHashCode() => id.GetHashCode();

    public override string ToString() => $"{stream} {id}";

    private async Task<StreamSubscriptionHandle<T>> Resume(StreamObserver observer)
    {
        ThrowIfUsed();
        await stream.Provider.Resume(stream.StreamId, id, observer);
        _isUsed = true;
        return new SubscriptionHandle<T>(stream, id);
    }

    private void ThrowIfUsed()
    {
        if (_isUsed)
        {
            throw new InvalidOperationException("This handle was used already, to resume or to unsubscribe.");
        }
    }
}
