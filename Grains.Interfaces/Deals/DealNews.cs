using System.Collections.Immutable;

namespace RedNote.Deals;

/// <summary>
/// What buyers of a deal are told: the event of the stream <see cref="StreamNames.Deal"/>, after it is durable. Who
/// missed one asks for the order.
/// </summary>
/// <param name="DealId">The deal.</param>
/// <param name="Changes">Orders that changed, as they are now; each once.</param>
/// <param name="Line">Orders that wait and their places, at most once a second; empty: nothing to tell of them.</param>
[GenerateSerializer, Immutable, Alias("deals.news")]
public sealed record DealNews(
    DealId DealId, ImmutableArray<OrderChange> Changes, ImmutableArray<LinePlace> Line);

/// <summary>An order as it is now.</summary>
/// <param name="Buyer">Whose it is.</param>
/// <param name="OrderId">Names it.</param>
/// <param name="Status">What has become of it.</param>
/// <param name="PayBefore">Reserved or Paying: until when it has to be paid, Unix ms.</param>
/// <param name="Position">Waiting: its place in the line, from 1.</param>
[GenerateSerializer, Immutable, Alias("deals.order-change")]
public readonly record struct OrderChange(
    UserId Buyer, OrderId OrderId, OrderStatus Status, long? PayBefore, int? Position);

/// <summary>A place in the line, from 1.</summary>
[GenerateSerializer, Immutable, Alias("deals.line-place")]
public readonly record struct LinePlace(UserId Buyer, OrderId OrderId, int Position);

/// <summary>
/// A deal of which nobody new can buy any more. Who has no order in it can be refused without asking it.
/// </summary>
/// <param name="State">SoldOut or Ended.</param>
/// <param name="Buyers">Everybody who has an order.</param>
[GenerateSerializer, Immutable, Alias("deals.final")]
public sealed record DealFinal(DealState State, BuyerFilter Buyers);
