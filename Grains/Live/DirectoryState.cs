using System.Collections.Immutable;
using RedNote.Journal;

namespace RedNote.Live;

/// <summary>The listed rooms, each with the version of its card, and the bound on them.</summary>
public sealed class DirectoryState : IEventState<DirectoryEvent>
{
    /// <summary>Rooms listed in each state; beyond it the oldest is no longer listed (it can still be
    /// opened).</summary>
    public const int MaxRooms = 1_000;

    private readonly Dictionary<long, RoomListed> _rooms = [];
    private readonly SortedDictionary<RoomState, SortedSet<long>> _byState = [];

    /// <summary>Rooms in the list.</summary>
    public int Count => _rooms.Count;

    /// <summary>The card of a room as it was listed last; null: it is not in the list.</summary>
    public Room? Find(RoomId room) => _rooms.GetValueOrDefault(room.Value)?.Room;

    /// <summary>Whether a card of that version says more than the one that is listed.</summary>
    public bool IsNew(RoomId room, long version) => version > (_rooms.GetValueOrDefault(room.Value)?.Version ?? 0);

    /// <summary>The rooms of a state, in order of id.</summary>
    public IEnumerable<Room> In(RoomState state)
        => _byState.TryGetValue(state, out var ids) ? ids.Select(id => _rooms[id].Room) : [];

    public void Apply(DirectoryEvent raised)
    {
        switch (raised)
        {
            case RoomListed listed:
                List(listed);
                break;
            default:
                throw new ArgumentException($"The directory does not know {raised.GetType().Name}.", nameof(raised));
        }
    }

    public DirectoryDocument ToDocument()
        => new() { Rooms = [.. _rooms.Values.OrderBy(listed => listed.Room.RoomId.Value)] };

    public static DirectoryState From(DirectoryDocument document)
    {
        var state = new DirectoryState();
        foreach (var listed in document.Rooms)
        {
            state.List(listed);
        }

        return state;
    }

    private void List(RoomListed listed)
    {
        var id = listed.Room.RoomId;
        if (!IsNew(id, listed.Version))
        {
            return;
        }

        if (Find(id) is { } before)
        {
            _byState[before.State].Remove(id.Value);
        }

        _rooms[id.Value] = listed;
        if (!_byState.TryGetValue(listed.Room.State, out var same))
        {
            _byState[listed.Room.State] = same = [];
        }

        same.Add(id.Value);
        if (same.Count > MaxRooms)
        {
            // Ids grow with time, so the smallest is the oldest.
            _rooms.Remove(same.Min);
            same.Remove(same.Min);
        }
    }
}

/// <summary>A snapshot of the list, in order of room id.</summary>
public sealed record DirectoryDocument
{
    public ImmutableArray<RoomListed> Rooms { get; init; } = [];
}
