using Orleans.Streams;

namespace RedNote.Embedded.Streams;

/// <summary>An observer whose type of event is not known to who delivers.</summary>
internal abstract class StreamObserver
{
    /// <summary>Events before this one are not for this observer; null for all.</summary>
    public StreamSequenceToken? From { get; init; }

    public bool Wants(StreamSequenceToken token) => From is null || token.CompareTo(From) >= 0;

    public abstract Task OnNext(object? item, StreamSequenceToken token);

    public abstract Task OnError(Exception exception);

    public static StreamObserver Of<T>(IAsyncObserver<T> observer, StreamSequenceToken? from)
    {
        ArgumentNullException.ThrowIfNull(observer);
        return new Single<T>(observer) { From = from };
    }

    public static StreamObserver Of<T>(IAsyncBatchObserver<T> observer, StreamSequenceToken? from)
    {
        ArgumentNullException.ThrowIfNull(observer);
        return new Batch<T>(observer) { From = from };
    }

    private static T Cast<T>(object? item) => item is T or null
        ? (T)item!
        : throw new InvalidCastException($"The event is a {item.GetType()}, the observer expects {typeof(T)}.");

    private sealed class Single<T>(IAsyncObserver<T> observer) : StreamObserver
    {
        public override Task OnNext(object? item, StreamSequenceToken token)
            => observer.OnNextAsync(Cast<T>(item), token);

        public override Task OnError(Exception exception) => observer.OnErrorAsync(exception);
    }

    private sealed class Batch<T>(IAsyncBatchObserver<T> observer) : StreamObserver
    {
        public override Task OnNext(object? item, StreamSequenceToken token)
            => observer.OnNextAsync([new SequentialItem<T>(Cast<T>(item), token)]);

        public override Task OnError(Exception exception) => observer.OnErrorAsync(exception);
    }
}
