using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using RedNote.Deals;
using RedNote.Frontend.Users;

namespace RedNote.Frontend.Deals;

/// <summary>The deals that this front end has to do with at present.</summary>
internal sealed class DealPorts(
    IGrainFactory grains,
    IDealStreams streams,
    UserPresences presences,
    TimeProvider time,
    IOptions<DealPortOptions> options,
    ILogger<DealPorts> logger) : IDealWatch
{
    private readonly ConcurrentDictionary<DealId, DealPort> _ports = new();
    private volatile bool _closed;

    public int Count => _ports.Count;

    /// <summary>What a buyer is told to wait when there are too many deals.</summary>
    public TimeSpan FullRetry => options.Value.FullRetry;

    /// <summary>Whether the host is stopping.</summary>
    public bool IsClosed => _closed;

    /// <summary>The port of a deal, or null when there are too many deals or the host is stopping.</summary>
    public DealPort? Use(DealId deal)
    {
        while (!_closed)
        {
            if (!_ports.TryGetValue(deal, out var port))
            {
                if (_ports.Count >= options.Value.MaxDeals)
                {
                    return null;
                }

                port = _ports.GetOrAdd(deal, Open);
            }

            if (port.TryUse())
            {
                return port;
            }

            _ports.TryRemove(new KeyValuePair<DealId, DealPort>(deal, port));
        }

        return null;
    }

    /// <summary>Lets go of the port of a deal that there is not: made-up numbers must not fill the place.</summary>
    public void Forget(DealPort port)
    {
        if (port.TryRetire())
        {
            _ports.TryRemove(new KeyValuePair<DealId, DealPort>(port.DealId, port));
            _ = port.Close();
        }
    }

    public void Watch(DealId deal)
    {
        if (Use(deal) is { } port)
        {
            _ = port.Desk.Listen().AsTask();
        }
    }

    /// <summary>The port of a deal of which a user here has, or may have, orders, and which is listened to from now on;
    /// null: the user is not connected here, or there is no such deal, or no place.</summary>
    public async Task<DealPort?> Listen(UserId buyer, DealId deal)
    {
        if (presences.Find(buyer) is null || Use(deal) is not { } port)
        {
            return null;
        }

        if (await port.Terms() is null)
        {
            Forget(port);
            return null;
        }

        await port.Desk.Listen();
        return port;
    }

    /// <summary>A user asked for an order: is told of it from now on, if connected here. Of what is over there is
    /// nothing to tell: old orders must not keep old deals here.</summary>
    public async Task Note(UserId buyer, Order order)
    {
        if (OrderNotice.CanChange(order.Status) && await Listen(buyer, order.DealId) is { } port)
        {
            port.Desk.Note(buyer, order.OrderId, order.Status);
        }
    }

    /// <summary>Looks after every deal once; completes when all were asked, not when all have answered.</summary>
    public void Patrol()
    {
        foreach (var port in _ports.Values)
        {
            if (port.TryRetire())
            {
                Forget(port);
            }
            else
            {
                _ = port.Desk.Check();
            }
        }
    }

    /// <summary>Takes no more orders; completes when those under way are answered.</summary>
    public async Task Drain()
    {
        _closed = true;
        foreach (var port in _ports.Values)
        {
            await port.Drain();
        }
    }

    private DealPort Open(DealId deal)
        => new(deal, grains.Deal(deal), streams, presences, options.Value, time, logger);
}
