using System.Collections.Concurrent;

namespace RedNote.Frontend.Live;

/// <summary>What a front end holds for one grain while it has to do with it.</summary>
internal interface IPort
{
    /// <summary>Keeps the port for another while; false if it is closed already.</summary>
    bool TryUse();

    /// <summary>Says that the port is to be closed, when it has been of no use for long enough.</summary>
    bool TryRetire();

    /// <summary>Takes nothing more and completes when what was under way is answered and nothing is heard any more.
    /// </summary>
    Task Close();
}

/// <summary>The ports of a front end by what they are for: opened when somebody needs one, let go when nobody does.
/// </summary>
/// <param name="most">How many there may be.</param>
/// <param name="open">Makes one.</param>
internal sealed class PortTable<TId, TPort>(int most, Func<TId, TPort> open)
    where TId : notnull
    where TPort : class, IPort
{
    private readonly ConcurrentDictionary<TId, TPort> _ports = new();
    private volatile bool _closed;

    public int Count => _ports.Count;

    /// <summary>Whether the host is stopping.</summary>
    public bool IsClosed => _closed;

    public IEnumerable<KeyValuePair<TId, TPort>> All => _ports;

    /// <summary>A port, or null when there are too many or the host is stopping.</summary>
    public TPort? Use(TId id)
    {
        while (!_closed)
        {
            if (!_ports.TryGetValue(id, out var port))
            {
                if (_ports.Count >= most)
                {
                    return null;
                }

                port = _ports.GetOrAdd(id, open);
            }

            if (port.TryUse())
            {
                return port;
            }

            _ports.TryRemove(new KeyValuePair<TId, TPort>(id, port));
        }

        return null;
    }

    /// <summary>The port if there is one.</summary>
    public TPort? Find(TId id) => _ports.GetValueOrDefault(id);

    /// <summary>Lets go of a port, if it is to be closed.</summary>
    public bool TryRetire(TId id, TPort port)
    {
        if (!port.TryRetire())
        {
            return false;
        }

        _ports.TryRemove(new KeyValuePair<TId, TPort>(id, port));
        _ = port.Close();
        return true;
    }

    /// <summary>Gives nobody a port any more.</summary>
    public void Close() => _closed = true;
}
