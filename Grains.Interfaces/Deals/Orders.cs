using System.Text.Json.Serialization;

namespace RedNote.Deals;

/// <summary>What becomes of an order.</summary>
[JsonConverter(typeof(SnakeCaseEnum<OrderStatus>))]
public enum OrderStatus
{
    /// <summary>It has a place in the line, and no pieces.</summary>
    Waiting,

    /// <summary>It holds pieces until <see cref="Order.PayBefore"/>.</summary>
    Reserved,

    /// <summary>A payment is under way: it holds its pieces until the outcome is known.</summary>
    Paying,
    Paid,
    Cancelled,

    /// <summary>It was not paid in time, or its turn in the line never came.</summary>
    Expired,

    /// <summary>A payment came when the pieces were gone already, and is paid back.</summary>
    Refunded,
}

/// <summary>An order, for its buyer. Times are Unix ms.</summary>
/// <param name="OrderId">Names it.</param>
/// <param name="DealId">Of which deal.</param>
/// <param name="RoomId">Of which room.</param>
/// <param name="Title">The deal's.</param>
/// <param name="Quantity">Pieces.</param>
/// <param name="Total">What they cost.</param>
/// <param name="Status">What has become of it.</param>
/// <param name="PayBefore">Reserved or Paying: until when it has to be paid.</param>
/// <param name="CreatedAt">When it was placed.</param>
/// <param name="Position">Waiting: its place in the line, from 1.</param>
[GenerateSerializer, Immutable, Alias("deals.order")]
public sealed record Order(
    OrderId OrderId,
    DealId DealId,
    RoomId RoomId,
    string Title,
    int Quantity,
    Money Total,
    OrderStatus Status,
    long? PayBefore,
    long CreatedAt,
    int? Position);

/// <summary>How an attempt to buy ended; every refusal changed nothing and bound no key.</summary>
[JsonConverter(typeof(SnakeCaseEnum<BuyStatus>))]
public enum BuyStatus
{
    /// <summary>There is an order that has, or had, its pieces.</summary>
    Accepted,

    /// <summary>There is an order with a place in the line.</summary>
    Waiting,
    SoldOut,
    LimitReached,
    NotStarted,
    Ended,
    NotEligible,
    RateLimited,
    NotFound,
    Conflict,
    Invalid,
}

/// <summary>The answer to an attempt to buy.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="OrderId">Accepted or Waiting: the order of that key.</param>
/// <param name="PayBefore">Accepted: until when it has to be paid, Unix ms.</param>
/// <param name="Position">Waiting: the place in the line, from 1.</param>
/// <param name="RetryAfterMs">When another attempt makes sense.</param>
/// <param name="Order">Accepted or Waiting: the order's present status, as a key may be repeated long after.</param>
[GenerateSerializer, Immutable, Alias("deals.buy-answer")]
public sealed record BuyAnswer(
    BuyStatus Status,
    OrderId? OrderId = null,
    long? PayBefore = null,
    int? Position = null,
    long? RetryAfterMs = null,
    OrderStatus? Order = null);

/// <summary>Buys pieces of a deal.</summary>
/// <param name="Buyer">Who.</param>
/// <param name="Quantity">Pieces, 1 to <see cref="MaxQuantity"/>.</param>
/// <param name="Key">The buyer's idempotency key, kept for ever.</param>
/// <param name="IsEligible">Whether the buyer meets the deal's condition, as the room found.</param>
/// <param name="Name">By which name others are told of it; null: by none. It is not stored.</param>
[GenerateSerializer, Immutable, Alias("deals.buy-order")]
public sealed record BuyOrder(UserId Buyer, int Quantity, string Key, bool IsEligible, string? Name = null)
{
    /// <summary>Most pieces of one order.</summary>
    public const int MaxQuantity = 1_000;
}
