using System.Collections.Immutable;
using System.Text.Json.Serialization;
using RedNote.Journal;

namespace RedNote.Deals;

/// <summary>
/// Something that happened to a deal, as its log keeps it for ever: members may be added, never renamed or dropped.
/// </summary>
/// <param name="At">When, Unix ms.</param>
[JsonPolymorphic(
    TypeDiscriminatorPropertyName = JournalJson.Kind,
    UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(DealPrepared), "deal.prepared")]
[JsonDerivedType(typeof(DealBegan), "deal.began")]
[JsonDerivedType(typeof(OrdersPlaced), "deal.ordered")]
[JsonDerivedType(typeof(OrdersServed), "deal.served")]
[JsonDerivedType(typeof(OrderCancelled), "deal.cancelled")]
[JsonDerivedType(typeof(OrdersExpired), "deal.expired")]
[JsonDerivedType(typeof(PaymentStarted), "deal.payment_started")]
[JsonDerivedType(typeof(PaymentSucceeded), "deal.paid")]
[JsonDerivedType(typeof(PaymentDeclined), "deal.payment_declined")]
[JsonDerivedType(typeof(RefundOwed), "deal.refund_owed")]
[JsonDerivedType(typeof(RefundDone), "deal.refunded")]
[JsonDerivedType(typeof(DealEnded), "deal.ended")]
public abstract record DealEvent([property: JsonPropertyOrder(-1)] long At);

/// <summary>A deal was made.</summary>
/// <param name="At">When, Unix ms.</param>
/// <param name="DealId">Its number.</param>
/// <param name="Terms">What is offered.</param>
public sealed record DealPrepared(long At, DealId DealId, DealTerms Terms) : DealEvent(At);

/// <summary>The deal can be bought from here on: its time has come, or its host did not wait for it.</summary>
public sealed record DealBegan(long At) : DealEvent(At);

/// <summary>Orders were placed, in this order.</summary>
/// <param name="At">When, Unix ms.</param>
/// <param name="Orders">Their numbers follow the last one that was given away.</param>
public sealed record OrdersPlaced(long At, ImmutableArray<PlacedOrder> Orders) : DealEvent(At);

/// <summary>An order.</summary>
/// <param name="Number">Its number in the deal, from 1.</param>
/// <param name="Buyer">Whose it is.</param>
/// <param name="Quantity">Pieces.</param>
/// <param name="Key">The buyer's key.</param>
/// <param name="Waits">Whether it has a place in the line, and no pieces.</param>
public sealed record PlacedOrder(
    [property: JsonPropertyName("n")] int Number,
    [property: JsonPropertyName("u")] UserId Buyer,
    [property: JsonPropertyName("q")] int Quantity,
    [property: JsonPropertyName("k")] string Key,
    [property: JsonPropertyName("w"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Waits);

/// <summary>Orders that waited got their pieces, in the order of the line.</summary>
public sealed record OrdersServed(long At, ImmutableArray<int> Numbers) : DealEvent(At);

/// <summary>A buyer took an order back that was waiting or not paid.</summary>
public sealed record OrderCancelled(long At, int Number) : DealEvent(At);

/// <summary>Orders were not paid in time, or have no hope of pieces any more.</summary>
public sealed record OrdersExpired(long At, ImmutableArray<int> Numbers) : DealEvent(At);

/// <summary>A payment is under way.</summary>
/// <param name="At">When, Unix ms.</param>
/// <param name="Number">The order.</param>
/// <param name="Attempt">Which attempt of the order, from 1.</param>
/// <param name="Key">The buyer's key.</param>
public sealed record PaymentStarted(long At, int Number, int Attempt, string Key) : DealEvent(At);

/// <summary>An order is paid.</summary>
public sealed record PaymentSucceeded(long At, int Number, int Attempt) : DealEvent(At);

/// <summary>A payment came to nothing. The order holds its pieces as long as it did before.</summary>
/// <param name="At">When, Unix ms.</param>
/// <param name="Number">The order.</param>
/// <param name="Attempt">Which attempt.</param>
/// <param name="Reason">What the provider said.</param>
public sealed record PaymentDeclined(long At, int Number, int Attempt, string Reason) : DealEvent(At);

/// <summary>A payment succeeded that nobody had counted on any more: it has to be paid back.</summary>
/// <param name="At">When, Unix ms.</param>
/// <param name="Number">The order.</param>
/// <param name="Attempt">Which attempt.</param>
/// <param name="IsEnd">Whether that is what became of the order; false: another attempt is under way, or was good.
/// </param>
public sealed record RefundOwed(long At, int Number, int Attempt, bool IsEnd) : DealEvent(At);

/// <summary>The provider has paid back.</summary>
public sealed record RefundDone(long At, int Number, int Attempt) : DealEvent(At);

/// <summary>Nobody can buy any more. Who waited hears so; what is reserved can still be paid.</summary>
/// <param name="At">When, Unix ms: its time, or when the host ended it.</param>
/// <param name="ByHost">Whether the host ended it before its time.</param>
public sealed record DealEnded(long At, bool ByHost) : DealEvent(At);
