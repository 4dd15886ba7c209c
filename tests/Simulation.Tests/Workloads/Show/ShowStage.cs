using RedNote.Live;
using RedNote.Simulation.Rooms;

namespace RedNote.Simulation.Show;

/// <summary>Everything that takes part in a show: the room, the front ends, host and guests.</summary>
internal sealed class ShowStage
{
    /// <summary>Ids whose order as numbers is not their order as texts.</summary>
    private static readonly long[] Ids =
        [9, 10, 95, 100, 101, 2, 20, 1_000, 30, 99, 12, 200, 3, 1_001, 33, 210, 8, 88, 10_000, 11];

    private int _keys;
    private long _ids;

    public ShowStage(SimulatedWorld world, LiveRoomOptions bounds)
    {
        Cast = new RoomCast(world, bounds);
        Room = new ShowModel(world, new RoomId(1), new UserId(5), bounds, Cast.Node.Time);
        var random = world.Random.Fork("stage");
        Guests = [.. Ids.Take(10 + random.Next(8)).Select(
            id => new Guest(world, this, new UserId(id), world.Random.Fork($"guest {id}")))];
    }

    public RoomCast Cast { get; }

    public ShowModel Room { get; }

    public IReadOnlyList<Guest> Guests { get; }

    public IEnumerable<Seat> Seats => Guests.Select(guest => guest.Seat).OfType<Seat>();

    /// <summary>A number for a key that nobody has used.</summary>
    public int NextKey() => ++_keys;

    /// <summary>An id for a poll, a PK or a draw; no two begin alike, so that texts and numbers differ in order.
    /// </summary>
    public long NextId() => 90 + (7 * ++_ids);
}
