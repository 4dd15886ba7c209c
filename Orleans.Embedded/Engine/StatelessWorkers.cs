using Orleans.Runtime;

namespace RedNote.Embedded;

/// <summary>
/// The activations of one stateless worker id: a request goes to one that is free, else to a new one while there are
/// fewer than allowed, else to the one with the shortest queue.
/// </summary>
internal sealed class StatelessWorkers(EmbeddedSilo silo, GrainClass grainClass, GrainId grainId) : IGrainTarget
{
    private readonly List<Activation> _workers = [];
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
        Activation? worker;
        lock (_workers) worker = _isClosed ? null : Choose();
        if (worker is not null) worker.Post(request);
        else silo.Dispatch(request);
    }

    internal void Remove(Activation worker)
    {
        lock (_workers)
        {
            _workers.Remove(worker);
            if (_workers.Count > 0) return;
            _isClosed = true;
        }

        silo.Remove(this);
    }

    private Activation Choose()
    {
        Activation? least = null;
        foreach (var worker in _workers)
        {
            if (worker.IsQuiet) return worker;
            if (least is null || worker.Load < least.Load) least = worker;
        }

        if (least is not null && _workers.Count >= grainClass.MaxWorkers) return least;
        var added = silo.CreateActivation(grainClass, GrainId, this);
        _workers.Add(added);
        return added;
    }
}
