using Microsoft.Extensions.Options;
using RedNote.Deals;
using RedNote.Frontend.Live;
using RedNote.Frontend.Users;

namespace RedNote.Frontend.Deals;

/// <summary>The deals that this front end has to do with at present.</summary>
internal sealed class DealPorts : IDealWatch
{
    private readonly UserPresences _presences;
    private readonly DealPortOptions _options;
    private readonly PortTable<DealId, DealPort> _ports;

    public DealPorts(
        IGrainFactory grains, IDealStreams streams, UserPresences presences, TimeProvider time,
        IOptions<DealPortOptions> options, ILogger<DealPorts> logger)
    {
        (_presences, _options) = (presences, options.Value);
        _ports = new PortTable<DealId, DealPort>(options.Value.MaxDeals, deal => new DealPort(
            deal, grains.Deal(deal), streams, presences, options.Value, time, logger));
    }

    public int Count => _ports.Count;

    /// <summary>What a buyer is told to wait when there are too many deals.</summary>
    public TimeSpan FullRetry => _options.FullRetry;

    /// <summary>Whether the host is stopping.</summary>
    public bool IsClosed => _ports.IsClosed;

    /// <summary>The port of a deal, or null when there are too many deals or the host is stopping.</summary>
    public DealPort? Use(DealId deal) => _ports.Use(deal);

    /// <summary>Lets go of the port of a deal that there is not: made-up numbers must not fill the place.</summary>
    public void Forget(DealPort port) => _ports.TryRetire(port.DealId, port);

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
        if (_presences.Find(buyer) is null || Use(deal) is not { } port)
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
        foreach (var (deal, port) in _ports.All)
        {
            if (!_ports.TryRetire(deal, port))
            {
                _ = port.Desk.Check();
            }
        }
    }

    /// <summary>Takes no more orders; completes when those under way are answered.</summary>
    public async Task Drain()
    {
        _ports.Close();
        foreach (var (_, port) in _ports.All)
        {
            await port.Drain();
        }
    }
}
