using Microsoft.Extensions.Options;
using RedNote.Frontend.Deals;
using RedNote.Frontend.Users;

namespace RedNote.Frontend.Live;

/// <summary>The rooms that this front end has to do with at present.</summary>
internal sealed class RoomPorts
{
    private readonly PortTable<RoomId, RoomPort> _ports;

    public RoomPorts(
        IGrainFactory grains, IRoomStreams streams, FrameEncoder encoder, IDealWatch deals, IIdGenerator ids,
        TimeProvider time, LiveMetrics metrics, IOptions<LiveOptions> options, ILogger<RoomPorts> logger)
    {
        // Names this process, anew at every start: numbers of batches begin at one again. And a room that is opened
        // again after it was let go gets another name, for the same reason.
        var process = ids.NextToken();
        var opened = 0L;
        _ports = new PortTable<RoomId, RoomPort>(options.Value.MaxRooms, room => new RoomPort(
            room, $"{process}.{Interlocked.Increment(ref opened)}", grains.LiveRoom(room), streams, encoder,
            new RoomDealWatch(deals), options.Value, time, metrics, logger));
    }

    public int Count => _ports.Count;

    /// <summary>The port of a room, or null when there are too many rooms or the host is stopping.</summary>
    public RoomPort? Use(RoomId room) => _ports.Use(room);

    /// <summary>The port of a room that this front end has to do with already, or null.</summary>
    public RoomPort? Find(RoomId room) => _ports.Find(room);

    /// <summary>Looks after every room once; completes when all were asked, not when all have answered.</summary>
    public void Patrol()
    {
        foreach (var (room, port) in _ports.All)
        {
            if (!_ports.TryRetire(room, port))
            {
                _ = port.Patrol();
            }
        }
    }

    /// <summary>Lets go of everything; completes when the commands under way are answered.</summary>
    public async Task Drain()
    {
        _ports.Close();
        foreach (var (_, port) in _ports.All)
        {
            await port.Gateway.Close();
        }

        // What was refused in the last moments is counted too, if the rooms still listen.
        foreach (var (_, port) in _ports.All)
        {
            await port.Patrol();
        }
    }
}
