using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using RedNote.Journal;

namespace RedNote.Live;

/// <summary>The stored list of rooms, in order of id.</summary>
public sealed record RoomDirectoryDocument
{
    public ImmutableArray<Room> Rooms { get; init; } = [];
}

/// <summary>See <see cref="IRoomDirectoryGrain"/>.</summary>
[Reentrant]
public sealed class RoomDirectoryGrain(
    [PersistentState("directory", StorageNames.Provider)] IPersistentState<RoomDirectoryDocument> storage,
    TimeProvider time,
    ILogger<RoomDirectoryGrain> logger) : Grain, IRoomDirectoryGrain
{
    /// <summary>Rooms listed in each state; beyond it the oldest is no longer listed (it can still be
    /// opened).</summary>
    public const int MaxRooms = 1_000;

    /// <summary>Rooms in one answer.</summary>
    public const int MaxLimit = 100;

    /// <summary>A room that says nothing for this long has no viewers: its counters come every two seconds.</summary>
    private static readonly TimeSpan ViewersHold = TimeSpan.FromSeconds(15);

    private readonly SortedDictionary<long, Listed> _rooms = [];
    private CommittedDocument<RoomDirectoryDocument> _commits = null!;

    /// <param name="Room">As it was put last.</param>
    /// <param name="RefreshedAt">When its counters came, as a timestamp of the clock; null before they did.</param>
    private sealed record Listed(Room Room, long? RefreshedAt);

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        foreach (var room in storage.State.Rooms)
        {
            _rooms[room.RoomId.Value] = new Listed(room, null);
        }

        _commits = new CommittedDocument<RoomDirectoryDocument>(
            storage, () => new RoomDirectoryDocument { Rooms = [.. _rooms.Values.Select(listed => listed.Room)] },
            DeactivateOnIdle, time, CommitPolicy.Default, logger);
        return Task.CompletedTask;
    }

    public Task Put(Room room, long version)
    {
        // The document keeps no versions, but a room's states only go forward.
        if (_rooms.TryGetValue(room.RoomId.Value, out var listed) && listed.Room.State > room.State)
        {
            return _commits.WhenCommitted();
        }

        _rooms[room.RoomId.Value] = new Listed(room, time.GetTimestamp());
        var same = _rooms.Values.Where(listed => listed.Room.State == room.State).ToList();
        if (same.Count > MaxRooms)
        {
            // Ids grow with time, so the smallest is the oldest.
            _rooms.Remove(same[0].Room.RoomId.Value);
        }

        _commits.Touch();
        return _commits.WhenCommitted();
    }

    public Task Refresh(RoomId room, RoomCounters counters)
    {
        if (_rooms.TryGetValue(room.Value, out var listed))
        {
            _rooms[room.Value] = new Listed(listed.Room with { Counters = counters }, time.GetTimestamp());
        }

        return Task.CompletedTask;
    }

    public async Task<ImmutableArray<Room>> List(RoomState state, int limit)
    {
        var rooms = _rooms.Values.Where(listed => listed.Room.State == state).Select(Present);
        ImmutableArray<Room> answer =
        [
            .. rooms.OrderByDescending(room => state == RoomState.Live ? room.Counters.Viewers : 0)
                .ThenByDescending(room => room.RoomId.Value)
                .Take(Math.Clamp(limit, 1, MaxLimit)),
        ];
        await _commits.WhenCommitted();
        return answer;
    }

    private Room Present(Listed listed)
    {
        var fresh = listed.RefreshedAt is { } at && time.GetElapsedTime(at) < ViewersHold;
        return fresh ? listed.Room : listed.Room with { Counters = listed.Room.Counters with { Viewers = 0 } };
    }
}
