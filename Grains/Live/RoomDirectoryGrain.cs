using System.Collections.Immutable;
using Orleans.Concurrency;
using RedNote.Journal;

namespace RedNote.Live;

/// <summary>See <see cref="IRoomDirectoryGrain"/>.</summary>
[Reentrant]
public sealed class RoomDirectoryGrain(
    [EventLog(DirectoryServices.Log)] IEventLog<DirectoryState, DirectoryEvent> log,
    TimeProvider time) : Grain, IRoomDirectoryGrain
{
    /// <summary>Rooms in one answer.</summary>
    public const int MaxLimit = 100;

    /// <summary>A room that says nothing for this long has no viewers: its counters come every two seconds.</summary>
    private static readonly TimeSpan ViewersHold = TimeSpan.FromSeconds(15);

    /// <summary>What rooms said of their counters since the activation; only of rooms that are listed.</summary>
    private readonly Dictionary<long, Said> _said = [];

    /// <summary>Counters, and when they came as a timestamp of the clock.</summary>
    private sealed record Said(RoomCounters Counters, long At);

    public async Task Put(Room room, long version)
    {
        if (!log.State.IsNew(room.RoomId, version))
        {
            await log.WhenConfirmed();
            return;
        }

        // Viewers are of the moment: a list that is rebuilt later must not show them.
        var durable = log.Raise(new RoomListed(room with { Counters = room.Counters with { Viewers = 0 } }, version));
        _said[room.RoomId.Value] = new Said(room.Counters, time.GetTimestamp());
        DropUnlisted();
        await durable;
    }

    public Task Refresh(RoomId room, RoomCounters counters)
    {
        if (log.State.Find(room) is not null)
        {
            _said[room.Value] = new Said(counters, time.GetTimestamp());
        }

        return Task.CompletedTask;
    }

    public async Task<ImmutableArray<Room>> List(RoomState state, int limit)
    {
        ImmutableArray<Room> answer =
        [
            .. log.State.In(state).Select(Present)
                .OrderByDescending(room => state == RoomState.Live ? room.Counters.Viewers : 0)
                .ThenByDescending(room => room.RoomId.Value)
                .Take(Math.Clamp(limit, 1, MaxLimit)),
        ];
        await log.WhenConfirmed();
        return answer;
    }

    private Room Present(Room room)
    {
        if (!_said.TryGetValue(room.RoomId.Value, out var said))
        {
            return room;
        }

        var fresh = time.GetElapsedTime(said.At) < ViewersHold;
        return room with { Counters = fresh ? said.Counters : said.Counters with { Viewers = 0 } };
    }

    /// <summary>Counters of rooms that fell out of the list go too; a few stay until there are many.</summary>
    private void DropUnlisted()
    {
        if (_said.Count <= log.State.Count + DirectoryState.MaxRooms)
        {
            return;
        }

        foreach (var id in _said.Keys.Where(id => log.State.Find(new RoomId(id)) is null).ToList())
        {
            _said.Remove(id);
        }
    }
}
