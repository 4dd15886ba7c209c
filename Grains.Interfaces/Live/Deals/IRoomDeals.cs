using System.Collections.Immutable;
using RedNote.Deals;

namespace RedNote.Live;

/// <summary>The deals of a live room: which there are, and how they go as far as the room was told. Who may begin, end
/// or buy one is up to the deal's own grain (<see cref="IDealGrain"/>).</summary>
[Alias("live.room-deals")]
public interface IRoomDeals : IGrain
{
    /// <summary>
    /// Makes a deal. Done (also when the key is repeated: the deal as it is now), NotFound, Forbidden (not the host),
    /// Invalid, Conflict (the key stands for another deal), WrongState (the show has ended), RateLimited (too many
    /// deals), TryAgain.
    /// </summary>
    [Alias("open-deal")]
    Task<DealOutcome> OpenDeal(OpenDeal command);

    /// <summary>Deals of the room that have not ended, and the last that have, oldest first; to its host also those
    /// that are prepared. Null: no such room.</summary>
    [Alias("deals")]
    Task<ImmutableArray<Deal>?> Deals(UserId viewer);

    /// <summary>
    /// From the deal's own grain: how it is as of a version of its log. What is not newer than what is known changes
    /// nothing. Durable when answered; throws <see cref="TryAgainException"/> when it may not be.
    /// </summary>
    [Alias("report-deal")]
    Task ReportDeal(DealReport report);
}

/// <summary>Makes a deal in a room.</summary>
/// <param name="DealId">Its number, from <see cref="IDealDirectoryGrain.NextNumber"/>.</param>
/// <param name="Terms">What is offered; the room is the one asked, and the host is who asks. A time in the past to
/// begin at (0 will do) means at once: the room puts its own time there, so that a repeat is the same whenever it
/// comes.</param>
/// <param name="Key">The host's idempotency key, kept for seven days.</param>
[GenerateSerializer, Immutable, Alias("live.open-deal")]
public sealed record OpenDeal(DealId DealId, DealTerms Terms, string Key);

/// <summary>How a deal is, told to its room.</summary>
/// <param name="Version">Version of the deal's log that it is of.</param>
/// <param name="Deal">The deal.</param>
/// <param name="Orders">Orders that hold pieces or are paid.</param>
/// <param name="Sales">Money that was paid.</param>
/// <param name="News">Orders that got pieces since the report before; null: there were none, or nobody is told.</param>
[GenerateSerializer, Immutable, Alias("live.deal-report")]
public sealed record DealReport(long Version, Deal Deal, int Orders, Money Sales, OrderNews? News);

/// <summary>Orders that got pieces: the newest one, and how many it stands for.</summary>
/// <param name="Name">Who placed the newest, as others are told.</param>
/// <param name="Quantity">Its pieces.</param>
/// <param name="Orders">Orders in all, at least 1.</param>
/// <param name="Pieces">Pieces of all of them.</param>
[GenerateSerializer, Immutable, Alias("live.order-news")]
public sealed record OrderNews(string Name, int Quantity, int Orders, int Pieces);

/// <summary>
/// Asks whether a buyer meets a deal's condition, in one order with what viewers send. Answered by
/// <see cref="BuyerAdmitted"/>, or by a <see cref="Verdict"/> that refuses: NotFound (no such deal in this room),
/// Invalid, TryAgain. It changes nothing, and its <see cref="RoomCommand.Key"/> is null.
/// </summary>
[GenerateSerializer, Immutable, Alias("live.admit-buyer")]
public sealed record AdmitBuyer(DealId DealId) : RoomCommand;

/// <summary>Whether the buyer meets the condition.</summary>
[GenerateSerializer, Immutable, Alias("live.buyer-admitted")]
public sealed record BuyerAdmitted(bool IsEligible) : RoomAnswer;

/// <summary>A deal with a time to begin at was made.</summary>
[GenerateSerializer, Immutable, Alias("live.event.deal-scheduled")]
public sealed record DealScheduled(Deal Deal) : RoomEvent;

/// <summary>A deal can be bought.</summary>
[GenerateSerializer, Immutable, Alias("live.event.deal-opened")]
public sealed record DealOpened(Deal Deal) : RoomEvent;

/// <summary>A deal cannot be bought any more: its time is over, or every piece is paid.</summary>
[GenerateSerializer, Immutable, Alias("live.event.deal-ended")]
public sealed record DealClosed(Deal Deal) : RoomEvent;

/// <summary>Orders got their pieces; see <see cref="OrderNews"/>.</summary>
[GenerateSerializer, Immutable, Alias("live.event.order-announced")]
public sealed record OrderAnnounced(DealId DealId, string Name, int Quantity, int Orders, int Pieces) : RoomEvent
{
    /// <summary>One event for this and a later one of the same deal.</summary>
    public OrderAnnounced Followed(OrderAnnounced newer) => newer with
    {
        Orders = Orders + newer.Orders,
        Pieces = Pieces + newer.Pieces,
    };
}

/// <summary>A deal could be bought from here on.</summary>
[GenerateSerializer, Immutable, Alias("live.tape.deal-opened")]
public sealed record TapeDealOpened(Deal Deal) : TapeItem;

/// <summary>A deal could not be bought any more.</summary>
[GenerateSerializer, Immutable, Alias("live.tape.deal-ended")]
public sealed record TapeDealEnded(Deal Deal) : TapeItem;
