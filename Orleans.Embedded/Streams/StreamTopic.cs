using System.Diagnostics.CodeAnalysis;
using Orleans.Providers.Streams.Common;
using Orleans.Runtime;

namespace RedNote.Embedded.Streams;

/// <summary>
/// One stream while it is in use: who is subscribed, and the order of its events. Publishing numbers the event and puts
/// it into each subscriber's queue under one lock, so that all of them see the same order.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle nobody asks for holds nothing.")]
internal sealed class StreamTopic
{
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _changes = new(1, 1);
    private readonly StreamHub _hub;
    private readonly SubscriptionStore _store;
    private readonly EventQueue _early;
    private Subscription[] _subscriptions = [];
    private Task? _loading;
    private bool _isLoaded;
    private bool _isRetired;
    private long _sequence;
    private int _usedInSweep;

    public StreamTopic(StreamHub hub, StreamId stream)
    {
        _hub = hub;
        Stream = stream;
        // Never less than what an earlier run reached, unless that published more than ten million events a second.
        _sequence = hub.Time.GetUtcNow().Ticks;
        _early = new EventQueue(hub.Options.QueueCapacity);
        _store = new SubscriptionStore(hub.PubSubStore, hub.ProviderName, stream);
        _usedInSweep = hub.Sweep;
    }

    public StreamHub Hub => _hub;

    public StreamId Stream { get; }

    /// <summary>Queues an event; answers null if this topic is retired and a new one has to be asked for.</summary>
    public Task? Publish(object? item)
    {
        lock (_gate)
        {
            if (_isRetired)
            {
                return null;
            }

            Queue(new StreamEvent(item, new EventSequenceToken(++_sequence)));
            return _isLoaded ? Task.CompletedTask : LoadLocked();
        }
    }

    /// <summary>Queues events that share a sequence number; answers null as <see cref="Publish"/> does.</summary>
    public Task? PublishBatch<T>(IReadOnlyList<T> items)
    {
        lock (_gate)
        {
            if (_isRetired)
            {
                return null;
            }

            _sequence++;
            for (var i = 0; i < items.Count; i++)
            {
                Queue(new StreamEvent(items[i], new EventSequenceToken(_sequence, i)));
            }

            return _isLoaded ? Task.CompletedTask : LoadLocked();
        }
    }

    /// <summary>Reads the durable subscriptions; answers false if this topic is retired.</summary>
    public async Task<bool> Load()
    {
        Task loading;
        lock (_gate)
        {
            if (_isRetired)
            {
                return false;
            }

            _usedInSweep = _hub.Sweep;
            loading = _isLoaded ? Task.CompletedTask : LoadLocked();
        }

        await loading;
        return true;
    }

    /// <summary>Adds a client; answers false if this topic is retired. It has to be loaded.</summary>
    public bool AddClient(ClientSubscription added)
    {
        lock (_gate)
        {
            if (_isRetired)
            {
                return false;
            }

            _subscriptions = [.. _subscriptions, added];
            return true;
        }
    }

    /// <summary>Adds a grain durably; answers false if this topic is retired. It has to be loaded.</summary>
    public Task<bool> AddGrain(Guid id, GrainId grain) => Change(async () =>
    {
        lock (_gate)
        {
            if (_isRetired)
            {
                return false;
            }
        }

        await _store.Add(id, grain);
        lock (_gate)
        {
            _subscriptions = [.. _subscriptions, new GrainSubscription(_hub, Stream, id, grain, isImplicit: false)];
        }

        return true;
    });

    /// <summary>Ends a subscription; what is not there needs no end. The topic has to be loaded.</summary>
    public async Task Remove(Guid id)
    {
        var removed = FindSubscription(id);
        if (removed is null or GrainSubscription { IsImplicit: true })
        {
            // An implicit subscription belongs to the class: only its observer goes.
            return;
        }

        if (removed is GrainSubscription)
        {
            await Change(async () =>
            {
                await _store.Remove(id);
                return true;
            });
        }

        Forget(removed);
    }

    /// <summary>Closes a subscription and takes it off the list.</summary>
    public void Forget(Subscription subscription)
    {
        subscription.Close();
        lock (_gate)
        {
            _subscriptions = Array.FindAll(_subscriptions, other => other != subscription);
        }
    }

    public Subscription? FindSubscription(Guid id)
    {
        lock (_gate)
        {
            return Array.Find(_subscriptions, subscription => subscription.Id == id);
        }
    }

    public Subscription[] GetSubscriptions()
    {
        lock (_gate)
        {
            return _subscriptions;
        }
    }

    /// <summary>Retires a topic that nothing has happened on for two sweeps and that no client listens to.</summary>
    public bool TryRetire(int sweep)
    {
        lock (_gate)
        {
            var isUsed = sweep - _usedInSweep < 2 || !_isLoaded || _changes.CurrentCount == 0
                || Array.Exists(_subscriptions, other => other is ClientSubscription || !other.IsIdle);
            _isRetired |= !isUsed;
            return _isRetired;
        }
    }

    /// <summary>Ends everything: the silo stops.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isRetired = true;
            foreach (var subscription in _subscriptions)
            {
                subscription.Close();
            }
        }
    }

    private void Queue(in StreamEvent added)
    {
        _usedInSweep = _hub.Sweep;
        if (!_isLoaded)
        {
            if (!_early.Add(added))
            {
                StreamMetrics.Dropped(_hub.ProviderName);
            }

            return;
        }

        foreach (var subscription in _subscriptions)
        {
            subscription.Enqueue(added);
        }
    }

    /// <summary>Runs one change of the stored subscriptions at a time.</summary>
    private Task<bool> Change(Func<Task<bool>> change) => DetachedWork<bool>.Run(_hub.Scheduler, async () =>
    {
        await _changes.WaitAsync();
        try
        {
            return await change();
        }
        finally
        {
            _changes.Release();
        }
    });

    private Task LoadLocked() => _loading ??= DetachedWork<bool>.Run(_hub.Scheduler, Read);

    private async Task<bool> Read()
    {
        try
        {
            var stored = await _store.Read();
            lock (_gate)
            {
                var loaded = _hub.ImplicitSubscriptions(Stream);
                foreach (var item in stored)
                {
                    loaded.Add(new GrainSubscription(
                        _hub, Stream, item.Id, GrainId.Parse(item.Grain), isImplicit: false));
                }

                _subscriptions = [.. loaded];
                _isLoaded = true;
                while (_early.TryTake(out var early))
                {
                    Queue(early);
                }
            }

            return true;
        }
        catch
        {
            lock (_gate)
            {
                // Nobody was told that these were queued: their publishers get the exception.
                _early.Clear();
                _loading = null;
            }

            throw;
        }
    }
}
