using Orleans.Runtime;

namespace Orleans.Streams;

/// <summary>A stream whose type of event is not known here.</summary>
public interface IAsyncStream
{
    /// <summary>Whether a subscription may start at a sequence token.</summary>
    bool IsRewindable { get; }

    string ProviderName { get; }

    StreamId StreamId { get; }
}

/// <summary>
/// A stream: what one publishes reaches every subscriber, in the order of publishing and one event at a time.
/// <see cref="IAsyncObserver{T}.OnNextAsync"/> of a stream completes when the event is queued, not when it is handled.
/// </summary>
public interface IAsyncStream<T>
    : IAsyncStream, IEquatable<IAsyncStream<T>>, IComparable<IAsyncStream<T>>, IAsyncObservable<T>,
        IAsyncBatchObservable<T>, IAsyncBatchProducer<T>
{
    /// <summary>The subscriptions to this stream of the grain that asks, or of the client.</summary>
    Task<IList<StreamSubscriptionHandle<T>>> GetAllSubscriptionHandles();
}

/// <summary>What can be subscribed to.</summary>
public interface IAsyncObservable<T>
{
    /// <summary>
    /// Subscribes. A grain's subscription is durable: it outlives the activation and the silo, and the next activation
    /// has to resume it. A client's ends with the client.
    /// </summary>
    Task<StreamSubscriptionHandle<T>> SubscribeAsync(IAsyncObserver<T> observer);

    /// <inheritdoc cref="SubscribeAsync(IAsyncObserver{T})"/>
    Task<StreamSubscriptionHandle<T>> SubscribeAsync(
        IAsyncObserver<T> observer, StreamSequenceToken? token, string? filterData = null);
}

/// <summary>What can be subscribed to by an observer of batches.</summary>
public interface IAsyncBatchObservable<T>
{
    Task<StreamSubscriptionHandle<T>> SubscribeAsync(IAsyncBatchObserver<T> observer);

    Task<StreamSubscriptionHandle<T>> SubscribeAsync(IAsyncBatchObserver<T> observer, StreamSequenceToken? token);
}

/// <summary>Receives events one by one; the next comes when the task of the last is done.</summary>
public interface IAsyncObserver<in T>
{
    /// <summary>
    /// An event. If the task fails, the event is delivered again after a while; see
    /// <see cref="Orleans.Configuration.StreamPullingAgentOptions.MaxEventDeliveryTime"/>.
    /// </summary>
    Task OnNextAsync(T item, StreamSequenceToken? token = null);

    Task OnCompletedAsync() => Task.CompletedTask;

    /// <summary>An event could not be delivered and was given up.</summary>
    Task OnErrorAsync(Exception ex);
}

/// <summary>Receives events in lists.</summary>
public interface IAsyncBatchObserver<T>
{
    Task OnNextAsync(IList<SequentialItem<T>> items);

    Task OnCompletedAsync() => Task.CompletedTask;

    Task OnErrorAsync(Exception ex);
}

/// <summary>Takes events one by one or as lists.</summary>
public interface IAsyncBatchProducer<T> : IAsyncObserver<T>
{
    Task OnNextBatchAsync(IEnumerable<T> batch, StreamSequenceToken? token = null);
}

/// <summary>An event with its place in the stream.</summary>
[GenerateSerializer]
public class SequentialItem<T>
{
    public SequentialItem(T item, StreamSequenceToken token)
    {
        Item = item;
        Token = token;
    }

    [Id(0)]
    public T Item { get; }

    [Id(1)]
    public StreamSequenceToken Token { get; }
}
