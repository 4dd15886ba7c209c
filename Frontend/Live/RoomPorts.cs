using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using RedNote.Frontend.Deals;
using RedNote.Frontend.Users;

namespace RedNote.Frontend.Live;

/// <summary>The rooms that this front end has to do with at present.</summary>
internal sealed class RoomPorts(
    IGrainFactory grains,
    IRoomStreams streams,
    FrameEncoder encoder,
    IDealWatch deals,
    IIdGenerator ids,
    TimeProvider time,
    LiveMetrics metrics,
    IOptions<LiveOptions> options,
    ILogger<RoomPorts> logger)
{
    private readonly ConcurrentDictionary<RoomId, RoomPort> _ports = new();

    /// <summary>Names this process, anew at every start: numbers of batches begin at one again.</summary>
    private readonly string _process = ids.NextToken();

    private long _opened;
    private volatile bool _closed;

    public int Count => _ports.Count;

    /// <summary>The port of a room, or null when there are too many rooms or the host is stopping.</summary>
    public RoomPort? Use(RoomId room)
    {
        while (!_closed)
        {
            if (!_ports.TryGetValue(room, out var port))
            {
                if (_ports.Count >= options.Value.MaxRooms)
                {
                    return null;
                }

                port = _ports.GetOrAdd(room, Open);
            }

            if (port.TryUse())
            {
                return port;
            }

            _ports.TryRemove(new KeyValuePair<RoomId, RoomPort>(room, port));
        }

        return null;
    }

    /// <summary>The port of a room that this front end has to do with already, or null.</summary>
    public RoomPort? Find(RoomId room) => _ports.GetValueOrDefault(room);

    /// <summary>Looks after every room once; completes when all were asked, not when all have answered.</summary>
    public void Patrol()
    {
        foreach (var (room, port) in _ports)
        {
            if (port.TryRetire())
            {
                _ports.TryRemove(new KeyValuePair<RoomId, RoomPort>(room, port));
                _ = Close(port);
            }
            else
            {
                _ = port.Patrol();
            }
        }
    }

    /// <summary>Lets go of everything; completes when the commands under way are answered.</summary>
    public async Task Drain()
    {
        _closed = true;
        foreach (var port in _ports.Values)
        {
            await port.Gateway.Close();
        }

        // What was refused in the last moments is counted too, if the rooms still listen.
        foreach (var port in _ports.Values)
        {
            await port.Patrol();
        }
    }

    private static async Task Close(RoomPort port)
    {
        await port.Gateway.Close();
        await port.Channel.Close();
    }

    private RoomPort Open(RoomId room)
    {
        // A room that is opened again after it was let go gets another name, as its batches start from one again.
        var name = $"{_process}.{Interlocked.Increment(ref _opened)}";
        return new RoomPort(
            room, name, grains.LiveRoom(room), streams, encoder, new RoomDealWatch(deals), options.Value, time,
            metrics, logger);
    }
}
