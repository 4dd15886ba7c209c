using System.Collections.Concurrent;
using Orleans.Runtime;

namespace RedNote.Embedded;

/// <summary>The objects outside of grains that grains can call.</summary>
internal sealed class Observers(EmbeddedSilo silo)
{
    private static readonly GrainType ObserverType = GrainType.Create("sys.observer");
    private readonly ConcurrentDictionary<GrainId, ObserverTarget> _targets = new();
    private long _last;

    internal GrainId Add(object observer)
    {
        var number = Interlocked.Increment(ref _last);
        var grainId = GrainId.Create(ObserverType, GrainIdKeyExtensions.CreateIntegerKey(number));
        _targets[grainId] = new ObserverTarget(silo, observer);
        return grainId;
    }

    internal void Remove(GrainId grainId) => _targets.TryRemove(grainId, out _);

    internal static bool IsObserver(GrainId grainId) => grainId.Type.Equals(ObserverType);

    internal void Post(GrainRequest request)
    {
        var grainId = request.Reference!.GrainId;
        if (_targets.TryGetValue(grainId, out var target)) target.Post(request);
        else request.Fail(new OrleansMessageRejectionException($"The observer {grainId} is gone."));
    }
}

/// <summary>Calls one observer, one call at a time in the order they came. It holds the object weakly.</summary>
internal sealed class ObserverTarget(EmbeddedSilo silo, object observer)
    : IGrainTarget, IRequestHost, IThreadPoolWorkItem
{
    private readonly WeakReference<object> _observer = new(observer);
    private readonly ConcurrentQueue<GrainRequest> _queue = new();
    private int _isBusy;

    public void Post(GrainRequest request)
    {
        if (_queue.Count >= silo.MailboxLimit)
        {
            silo.Refuse(request, _queue.Count);
            return;
        }

        _queue.Enqueue(request);
        Start();
    }

    public void Execute()
    {
        while (_queue.TryDequeue(out var request))
        {
            if (request.IsAnswered) continue;
            CleanContext.Enter();
            if (!Run(request)) return;
            if (request.Is(RequestFlags.OneWay) && request.Failure is { } failure)
                silo.Log.OneWayFailed(failure, request);
        }

        Volatile.Write(ref _isBusy, 0);
        if (!_queue.IsEmpty) Start();
    }

    public void OnRequestDone(GrainRequest request)
    {
        Volatile.Write(ref _isBusy, 0);
        if (!_queue.IsEmpty) Start();
    }

    private void Start()
    {
        if (Interlocked.Exchange(ref _isBusy, 1) == 0) silo.Scheduler.Schedule(this);
    }

    private bool Run(GrainRequest request)
    {
        if (!_observer.TryGetTarget(out var target))
        {
            request.Fail(new OrleansMessageRejectionException(
                $"The observer {request.Reference!.GrainId} was collected as garbage."));
            return true;
        }

        if (request.Context is { } context) RequestContext.Current = context;
        request.Target = target;
        return request.Invoke(target, this, TaskScheduler.Default);
    }
}
