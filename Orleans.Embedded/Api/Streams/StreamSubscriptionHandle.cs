using System.Diagnostics.CodeAnalysis;
using Orleans.Runtime;

namespace Orleans.Streams;

/// <summary>A subscription of a grain or a client. A handle is used up by resuming or unsubscribing.</summary>
[Serializable]
[GenerateSerializer]
[SuppressMessage("Design", "CA1067", Justification = "Orleans leaves Equals(object) to the derived handles.")]
public abstract class StreamSubscriptionHandle<T> : IEquatable<StreamSubscriptionHandle<T>?>
{
    public abstract StreamId StreamId { get; }

    public abstract string ProviderName { get; }

    /// <summary>Names the subscription; the same after it is resumed.</summary>
    public abstract Guid HandleId { get; }

    /// <summary>Ends the subscription; what is queued for it is not delivered any more.</summary>
    public abstract Task UnsubscribeAsync();

    /// <summary>Attaches an observer to the subscription, in place of the one there may be.</summary>
    public abstract Task<StreamSubscriptionHandle<T>> ResumeAsync(
        IAsyncObserver<T> observer, StreamSequenceToken? token = null);

    /// <inheritdoc cref="ResumeAsync(IAsyncObserver{T}, StreamSequenceToken?)"/>
    public abstract Task<StreamSubscriptionHandle<T>> ResumeAsync(
        IAsyncBatchObserver<T> observer, StreamSequenceToken? token = null);

    public abstract bool Equals(StreamSubscriptionHandle<T>? other);
}
