using Orleans.Runtime;

namespace RedNote.Embedded;

/// <summary>
/// The activations of one stateless worker id. A request goes to one that is quiet, else to a new one while there are
/// fewer than allowed; else it waits here, and the first worker to become quiet takes it. What may interleave goes to
/// the least busy worker at once.
/// </summary>
internal sealed class StatelessWorkers(EmbeddedSilo silo, GrainClass grainClass, GrainId grainId) : IGrainTarget
{
    private readonly List<Activation> _workers = [];
    private readonly Queue<GrainRequest> _queue = [];
    private bool _isClosed;

    internal GrainId GrainId { get; } = grainId;

    internal Activation? Any
    {
        get
        {
            lock (_workers) return _workers.Count == 0 ? null : _workers[0];
        }
    }

    internal IReadOnlyList<Activation> Snapshot()
    {
        lock (_workers) return [.. _workers];
    }

    public void Post(GrainRequest request)
    {
        var isFull = false;
        lock (_workers)
        {
            if (!_isClosed)
            {
                if (Choose(MayShare(request)) is { } worker) worker.Post(request);
                else if (_queue.Count < silo.MailboxLimit) _queue.Enqueue(request);
                else isFull = true;
                if (!isFull) return;
            }
        }

        if (isFull) silo.Refuse(request, silo.MailboxLimit);
        else silo.SendOn(request);
    }

    /// <summary>
    /// Called by a worker when it has gone idle. <see cref="Post"/> either saw it idle or has queued before: nothing
    /// is left behind.
    /// </summary>
    internal void OnIdle(Activation worker)
    {
        lock (_workers)
        {
            if (_queue.Count > 0 && worker.IsQuiet && worker.State == ActivationState.Valid)
                worker.Push(_queue.Dequeue());
        }
    }

    internal void Remove(Activation worker)
    {
        GrainRequest[] left;
        lock (_workers)
        {
            _workers.Remove(worker);
            if (_workers.Count > 0) return;
            _isClosed = true;
            left = [.. _queue];
            _queue.Clear();
        }

        silo.Remove(this);
        foreach (var request in left) silo.SendOn(request);
    }

    /// <summary>Looks over the requests that wait here and not in a worker.</summary>
    internal void ForEachWaiting(Action<GrainRequest> action)
    {
        GrainRequest[] waiting;
        lock (_workers) waiting = [.. _queue];
        foreach (var request in waiting) action(request);
    }

    private bool MayShare(GrainRequest request)
        => grainClass.IsReentrant || grainClass.MayInterleave is not null
            || request.Is(RequestFlags.AlwaysInterleave) || request.Is(RequestFlags.ReadOnly);

    private Activation? Choose(bool mayShare)
    {
        Activation? least = null;
        foreach (var worker in _workers)
        {
            if (worker.IsQuiet) return worker;
            if (least is null || worker.Load < least.Load) least = worker;
        }

        if (_workers.Count >= grainClass.MaxWorkers) return mayShare ? least : null;
        var added = silo.CreateActivation(grainClass, GrainId, this);
        _workers.Add(added);
        return added;
    }
}
