using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Orleans.Streams;
using Orleans.Streams.Core;

namespace RedNote.Embedded.Streams;

/// <summary>How events reach a grain: as calls, which are turns and keep to the grain's gating.</summary>
internal interface IStreamConsumerExtension : IGrainExtension
{
    Task Deliver(string provider, StreamId stream, Guid subscriptionId, object? item, StreamSequenceToken token);

    Task ReportError(Guid subscriptionId, Exception exception);
}

/// <summary>The observers of one activation.</summary>
internal sealed partial class StreamConsumerExtension(ILogger<StreamConsumerExtension> logger)
    : IStreamConsumerExtension
{
    // An extension is made in a turn of its activation.
    private readonly IGrainContext _context = RuntimeContext.Current!;
    private readonly Dictionary<Guid, StreamObserver> _observers = [];

    public void SetObserver(Guid subscriptionId, StreamObserver observer) => _observers[subscriptionId] = observer;

    public void RemoveObserver(Guid subscriptionId) => _observers.Remove(subscriptionId);

    public Task Deliver(
        string provider, StreamId stream, Guid subscriptionId, object? item, StreamSequenceToken token)
    {
        if (!_observers.TryGetValue(subscriptionId, out var observer))
        {
            return FindAndDeliver(provider, stream, subscriptionId, item, token);
        }

        return observer.Wants(token) ? observer.OnNext(item, token) : Task.CompletedTask;
    }

    public Task ReportError(Guid subscriptionId, Exception exception)
        => _observers.TryGetValue(subscriptionId, out var observer)
            ? observer.OnError(exception)
            : Task.CompletedTask;

    private async Task FindAndDeliver(
        string providerName, StreamId stream, Guid subscriptionId, object? item, StreamSequenceToken token)
    {
        var provider = _context.ActivationServices.GetRequiredKeyedService<StreamProvider>(providerName);
        if (!await provider.HasSubscription(stream, subscriptionId))
        {
            // It was ended while this event was under way.
            return;
        }

        if (_context.GrainInstance is IStreamSubscriptionObserver subscriber)
        {
            await subscriber.OnSubscribed(new HandleFactory(provider, stream, subscriptionId));
        }

        if (!_observers.TryGetValue(subscriptionId, out var observer))
        {
            LogNoObserver(logger, _context.GrainId, subscriptionId, stream);
        }
        else if (observer.Wants(token))
        {
            await observer.OnNext(item, token);
        }
    }

    [LoggerMessage(
        LogLevel.Warning,
        "Grain {Grain} has no observer for its subscription {SubscriptionId} to {Stream}: the event is dropped. " +
        "It has to resume the subscription in OnActivateAsync or OnSubscribed.")]
    private static partial void LogNoObserver(ILogger logger, GrainId grain, Guid subscriptionId, StreamId stream);

    private sealed class HandleFactory(StreamProvider provider, StreamId stream, Guid subscriptionId)
        : IStreamSubscriptionHandleFactory
    {
        public StreamId StreamId => stream;

        public string ProviderName => provider.Name;

        public GuidId SubscriptionId => GuidId.GetGuidId(subscriptionId);

        public StreamSubscriptionHandle<T> Create<T>()
            => new SubscriptionHandle<T>(provider.GetTypedStream<T>(stream), subscriptionId);
    }
}
