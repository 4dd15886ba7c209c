using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using RedNote.Deals;
using RedNote.Frontend.Live;
using RedNote.Live;

namespace RedNote.Frontend.Deals;

/// <summary>Deals of all rooms.</summary>
public sealed record SaleList(ImmutableArray<SaleItem> Items);

/// <param name="Deal">The deal.</param>
/// <param name="Room">Where it is; absent if that could not be found out.</param>
public sealed record SaleItem(Deal Deal, SaleRoom? Room);

/// <summary>What one has to know of a deal's room.</summary>
public sealed record SaleRoom(
    RoomId RoomId, string Title, string? Cover, RoomState State, UserId HostId, string HostName, int Viewers);

/// <summary>The list of all deals with their rooms, made at most once in <see cref="LiveOptions.LobbyMaxAge"/> however
/// many people look.</summary>
internal sealed partial class SaleListing
{
    private readonly IGrainFactory _grains;
    private readonly ILogger _logger;
    private readonly RecentAnswer<ImmutableArray<SaleItem>> _items;

    public SaleListing(
        IGrainFactory grains, TimeProvider time, IOptions<LiveOptions> options, ILogger<SaleListing> logger)
    {
        (_grains, _logger) = (grains, logger);
        _items = new RecentAnswer<ImmutableArray<SaleItem>>(options.Value.LobbyMaxAge, time, Ask);
    }

    public async Task<SaleList> List(int limit)
    {
        var items = await _items.Get();
        return new SaleList(items.Length <= limit ? items : items[..limit]);
    }

    private async Task<ImmutableArray<SaleItem>> Ask()
    {
        var deals = await _grains.DealDirectory().List(IDealDirectoryGrain.MaxLimit);
        var rooms = deals.Select(deal => deal.RoomId).Distinct().ToDictionary(id => id, Room);
        await Task.WhenAll(rooms.Values);
        return [.. deals.Select(deal => new SaleItem(deal, rooms[deal.RoomId].Result))];
    }

    private async Task<SaleRoom?> Room(RoomId id)
    {
        try
        {
            return await _grains.LiveRoom(id).Get() is { } room
                ? new SaleRoom(
                    room.RoomId, room.Title, room.Cover, room.State, room.HostId, room.HostName, room.Counters.Viewers)
                : null;
        }
        catch (Exception failure)
        {
            LogNoRoom(_logger, failure, id);
            return null;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Room {Room} of a deal on sale did not answer.")]
    private static partial void LogNoRoom(ILogger logger, Exception failure, RoomId room);
}
