using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using RedNote.Live;

namespace RedNote.Frontend.Live;

/// <summary>The lists of rooms, asked for at most once in <see cref="LiveOptions.LobbyMaxAge"/> however many people
/// look.</summary>
internal sealed class Lobby(IGrainFactory grains, TimeProvider time, IOptions<LiveOptions> options)
{
    /// <summary>The longest list.</summary>
    public const int MaxRooms = 100;

    private readonly Lock _gate = new();
    private readonly Listing?[] _listings = new Listing?[Enum.GetValues<RoomState>().Length];

    public Task<ImmutableArray<Room>> List(RoomState state)
    {
        lock (_gate)
        {
            var known = _listings[(int)state];
            if (known is null || known.Rooms.IsFaulted || known.Rooms.IsCanceled
                || (known.Rooms.IsCompleted && time.GetElapsedTime(known.AskedAt) >= options.Value.LobbyMaxAge))
            {
                known = new Listing(grains.RoomDirectory().List(state, MaxRooms), time.GetTimestamp());
                _listings[(int)state] = known;
            }

            return known.Rooms;
        }
    }

    private sealed record Listing(Task<ImmutableArray<Room>> Rooms, long AskedAt);
}
