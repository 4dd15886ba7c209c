using System.Collections.Immutable;
using System.Text.Json.Serialization;
using RedNote.Deals;

namespace RedNote.Live;

/// <summary>Something that a room knows of its deals; how they go is up to their own grains.</summary>
public abstract record RoomDealEvent(long At) : LiveRoomEvent(At);

/// <summary>The host made a deal; its grain is owed the terms.</summary>
/// <param name="At">When, Unix ms.</param>
/// <param name="DealId">Its number.</param>
/// <param name="Terms">What is offered.</param>
/// <param name="Key">The host's key.</param>
/// <param name="Check">A hash of what was asked for, to tell a repeat from a conflict.</param>
public sealed record DealAdded(long At, DealId DealId, DealTerms Terms, string Key, long Check) : RoomDealEvent(At);

/// <summary>The deal's own grain did not take the terms: another deal has the number. The room has no such deal, and
/// the key is free.</summary>
/// <param name="At">When, Unix ms.</param>
/// <param name="Deal">The deal as the room knew it.</param>
public sealed record DealDropped(long At, Deal Deal) : RoomDealEvent(At);

/// <summary>Users sent the pass-phrase of a deal for the first time. Of its own, as the danmaku's text may be blanked
/// later.</summary>
public sealed record DealPhraseSaid(long At, DealId DealId, ImmutableArray<UserId> Users) : RoomDealEvent(At);

/// <summary>A deal's grain told how the deal is; see <see cref="DealReport"/>.</summary>
/// <param name="At">When the room was told, Unix ms.</param>
/// <param name="DealId">The deal.</param>
/// <param name="Version">Version of the deal's log that it is of.</param>
/// <param name="State">How far it is.</param>
/// <param name="Left">Pieces that nobody holds.</param>
/// <param name="Sold">Pieces that are paid.</param>
/// <param name="Reserved">Pieces that are ordered and not paid yet, or being paid.</param>
/// <param name="Waiting">Orders that wait.</param>
/// <param name="StartsAt">From when on it can be bought, Unix ms; null: its host has not begun it.</param>
/// <param name="EndsAt">From when on it cannot; null likewise.</param>
/// <param name="Orders">Orders that hold pieces or are paid.</param>
/// <param name="Sales">Money that was paid, in minor units of the deal's currency.</param>
/// <param name="IsCounted">Whether orders or sales are others than before: the host's totals have to follow.</param>
public sealed record DealReported(
    long At,
    DealId DealId,
    long Version,
    DealState State,
    int Left,
    int Sold,
    int Reserved,
    int Waiting,
    long? StartsAt,
    long? EndsAt,
    int Orders,
    long Sales,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool IsCounted)
    : RoomDealEvent(At)
{
    /// <summary>Orders to be announced; not stored, as nobody is told of them later.</summary>
    internal OrderNews? News { get; init; }
}

/// <summary>A deal can be bought: its time has come, or its host did not wait for it.</summary>
public sealed record DealSaleOpened(long At, long MediaAt, Deal Deal) : RoomDealEvent(At), IMediaEvent;

/// <summary>A deal cannot be bought any more: its time is over, its host ended it, or every piece is paid.</summary>
public sealed record DealSaleClosed(long At, long MediaAt, Deal Deal) : RoomDealEvent(At), IMediaEvent;

/// <summary>The show ends, and with it this deal: its grain is owed the word.</summary>
public sealed record DealEndOwed(long At, DealId DealId) : RoomDealEvent(At);
