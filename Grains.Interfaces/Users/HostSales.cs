using System.Collections.Immutable;

namespace RedNote.Users;

/// <summary>What a room has sold, told to its host.</summary>
/// <param name="RoomId">The room.</param>
/// <param name="Version">Version of the room's log that it is of.</param>
/// <param name="Orders">Orders that hold pieces or are paid.</param>
/// <param name="Sales">Money that was paid.</param>
[GenerateSerializer, Immutable, Alias("users.room-sales")]
public sealed record RoomSales(RoomId RoomId, long Version, long Orders, Money Sales);

/// <summary>What all rooms of a host have sold.</summary>
/// <param name="Orders">Orders that hold pieces or are paid.</param>
/// <param name="Sales">Money that was paid, one amount for each currency, in order of their codes.</param>
/// <param name="Rooms">Rooms that something was ever ordered in.</param>
[GenerateSerializer, Immutable, Alias("users.host-sales")]
public sealed record HostSales(long Orders, ImmutableArray<Money> Sales, int Rooms);
