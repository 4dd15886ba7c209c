using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using RedNote.Live;

namespace RedNote.Frontend.Live;

/// <summary>The lists of rooms, asked for at most once in <see cref="LiveOptions.LobbyMaxAge"/> however many people
/// look.</summary>
internal sealed class Lobby
{
    /// <summary>The longest list.</summary>
    public const int MaxRooms = 100;

    private readonly RecentAnswer<ImmutableArray<Room>>[] _listings;

    public Lobby(IGrainFactory grains, TimeProvider time, IOptions<LiveOptions> options)
        => _listings =
        [
            .. Enum.GetValues<RoomState>().Select(state => new RecentAnswer<ImmutableArray<Room>>(
                options.Value.LobbyMaxAge, time, () => grains.RoomDirectory().List(state, MaxRooms))),
        ];

    public Task<ImmutableArray<Room>> List(RoomState state) => _listings[(int)state].Get();
}
