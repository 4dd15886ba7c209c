using System.Buffers.Binary;
using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Configuration;
using Orleans.Runtime;
using Orleans.Storage;

namespace RedNote.Embedded.Streams;

/// <summary>The streams of one provider in one silo.</summary>
internal sealed class StreamHub(
    string name,
    EmbeddedStreamOptions options,
    StreamPullingAgentOptions delivery,
    IGrainStorage pubSubStore,
    ImplicitSubscribers implicitSubscribers,
    IGrainFactory grains,
    IWorkScheduler scheduler,
    TimeProvider time,
    ILogger<StreamHub> logger) : ILifecycleParticipant<ISiloLifecycle>
{
    public const string PubSubStoreName = "PubSubStore";

    private readonly ConcurrentDictionary<StreamId, StreamTopic> _topics = new();
    private ITimer? _sweepTimer;
    private readonly long _started = time.GetUtcNow().Ticks;
    private long _lastSubscription;
    private volatile int _sweep;
    private volatile bool _isStopped;

    public string ProviderName => name;

    public EmbeddedStreamOptions Options => options;

    public StreamPullingAgentOptions Delivery => delivery;

    public IGrainStorage PubSubStore => pubSubStore;

    public IGrainFactory Grains => grains;

    public IWorkScheduler Scheduler => scheduler;

    public TimeProvider Time => time;

    public ILogger Logger => logger;

    /// <summary>A coarse clock that costs publishers nothing: how often the idle topics were looked over.</summary>
    public int Sweep => _sweep;

    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(
        $"streams {name}",
        ServiceLifecycleStage.ApplicationServices,
        _ =>
        {
            var period = delivery.StreamInactivityPeriod;
            _sweepTimer = time.CreateTimer(
                static hub => ((StreamHub)hub!).RetireIdleTopics(), this, period, period);
            return Task.CompletedTask;
        },
        _ =>
        {
            Stop();
            return Task.CompletedTask;
        });

    public StreamTopic Topic(StreamId stream)
    {
        ObjectDisposedException.ThrowIf(_isStopped, this);
        return _topics.TryGetValue(stream, out var topic)
            ? topic
            : _topics.GetOrAdd(stream, static (id, hub) => new StreamTopic(hub, id), this);
    }

    /// <summary>An id that no other subscription of this run has; one of an earlier run might have it.</summary>
    public Guid NextSubscriptionId()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, Interlocked.Increment(ref _lastSubscription));
        BinaryPrimitives.WriteInt64LittleEndian(bytes[8..], _started);
        return new Guid(bytes);
    }

    /// <summary>Takes a closed client subscription off its stream, without waiting for anything.</summary>
    public void Forget(ClientSubscription subscription)
    {
        if (_topics.TryGetValue(subscription.Stream, out var topic))
        {
            topic.Forget(subscription);
        }
    }

    /// <summary>The subscriptions of the grains whose class asks for the stream's namespace.</summary>
    public List<Subscription> ImplicitSubscriptions(StreamId stream)
    {
        List<Subscription> subscriptions = [];
        foreach (var grain in implicitSubscribers.Find(stream))
        {
            var id = ImplicitId(grain.Type, stream);
            subscriptions.Add(new GrainSubscription(this, stream, id, grain, isImplicit: true));
        }

        return subscriptions;
    }

    /// <summary>Whether a grain is subscribed by its class, and the subscription's id then.</summary>
    public Guid? ImplicitSubscription(GrainId grain, StreamId stream)
    {
        foreach (var subscriber in implicitSubscribers.Find(stream))
        {
            if (subscriber == grain)
            {
                return ImplicitId(grain.Type, stream);
            }
        }

        return null;
    }

    /// <summary>The same in every run: a grain may keep it.</summary>
    private Guid ImplicitId(GrainType type, StreamId stream)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, type.GetUniformHashCode());
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[4..], stream.GetUniformHashCode());
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[8..], stream.GetKeyIndex());
        BinaryPrimitives.WriteUInt32LittleEndian(
            bytes[12..], XxHash32.Compute(System.Text.Encoding.UTF8.GetBytes(name)));
        return new Guid(bytes);
    }

    private void RetireIdleTopics()
    {
        var sweep = Interlocked.Increment(ref _sweep);
        foreach (var (stream, topic) in _topics)
        {
            if (topic.TryRetire(sweep))
            {
                _topics.TryRemove(KeyValuePair.Create(stream, topic));
            }
        }
    }

    private void Stop()
    {
        _isStopped = true;
        _sweepTimer?.Dispose();
        foreach (var topic in _topics.Values)
        {
            topic.Close();
        }

        _topics.Clear();
    }
}
