using System.Text.Json.Serialization;
using RedNote.Live;

namespace RedNote.Deals;

/// <summary>How far a deal is.</summary>
[JsonConverter(typeof(SnakeCaseEnum<DealState>))]
public enum DealState
{
    Scheduled,
    Open,

    /// <summary>Every piece is paid: nothing can come back any more.</summary>
    SoldOut,
    Ended,
}

/// <summary>
/// A deal as everybody may see it. Times are Unix ms; at any moment <c>left + reserved + sold = stock</c>.
/// </summary>
/// <param name="DealId">Names it.</param>
/// <param name="RoomId">The room it was opened in.</param>
/// <param name="Title">1 to 60 characters.</param>
/// <param name="Price">Of one piece.</param>
/// <param name="ListPrice">What it costs otherwise; null: nothing is said about that.</param>
/// <param name="Stock">Pieces in all.</param>
/// <param name="Left">Pieces that nobody holds.</param>
/// <param name="Sold">Pieces that are paid.</param>
/// <param name="Reserved">Pieces that are ordered and not paid yet, or being paid.</param>
/// <param name="Waiting">Orders that wait for pieces to come back.</param>
/// <param name="PerBuyer">Pieces that one buyer can have.</param>
/// <param name="StartsAt">From when on it can be bought; null: from when its host begins it.</param>
/// <param name="EndsAt">From when on it cannot; null likewise.</param>
/// <param name="PayWithinSeconds">How long an order holds its pieces.</param>
/// <param name="Condition">Who may buy.</param>
/// <param name="State">How far it is.</param>
[GenerateSerializer, Immutable, Alias("deals.deal")]
public sealed record Deal(
    DealId DealId,
    RoomId RoomId,
    string Title,
    Money Price,
    Money? ListPrice,
    int Stock,
    int Left,
    int Sold,
    int Reserved,
    int Waiting,
    int PerBuyer,
    long? StartsAt,
    long? EndsAt,
    int PayWithinSeconds,
    DrawCondition Condition,
    DealState State)
{
    /// <summary>Whether a tenth of the pieces is left, or less (one of few), and it can be bought.</summary>
    public bool LowStock => State == DealState.Open && Left > 0 && Left < Stock && Left <= Math.Max(1, Stock / 10);

    /// <summary>What of it changes all the time.</summary>
    [JsonIgnore]
    public DealTicker Ticker => new(DealId, Left, Sold, Reserved, State, Waiting, LowStock);
}

/// <summary>What of a deal changes all the time.</summary>
/// <param name="DealId">The deal.</param>
/// <param name="Left">Pieces that nobody holds.</param>
/// <param name="Sold">Pieces that are paid.</param>
/// <param name="Reserved">Pieces that are ordered and not paid yet, or being paid.</param>
/// <param name="State">How far it is.</param>
/// <param name="Waiting">Orders that wait.</param>
/// <param name="LowStock">Whether a tenth of the pieces is left, or less (one of few), and it can be bought.</param>
[GenerateSerializer, Immutable, Alias("deals.ticker")]
public sealed record DealTicker(
    DealId DealId, int Left, int Sold, int Reserved, DealState State, int Waiting, bool LowStock);

/// <summary>What a host offers.</summary>
/// <param name="RoomId">The room it belongs to.</param>
/// <param name="HostId">Who sells.</param>
/// <param name="Title">1 to 60 characters.</param>
/// <param name="Price">Of one piece.</param>
/// <param name="ListPrice">What it costs otherwise; null: nothing is said about that.</param>
/// <param name="Stock">Pieces.</param>
/// <param name="PerBuyer">Pieces that one buyer can have.</param>
/// <param name="StartsAt">From when on it can be bought, Unix ms; null: from when the host begins it.</param>
/// <param name="Seconds">For how long from there.</param>
/// <param name="PayWithinSeconds">How long an order holds its pieces.</param>
/// <param name="Condition">Who may buy.</param>
[GenerateSerializer, Immutable, Alias("deals.terms")]
public sealed record DealTerms(
    RoomId RoomId,
    UserId HostId,
    string Title,
    Money Price,
    Money? ListPrice,
    int Stock,
    int PerBuyer,
    long? StartsAt,
    int Seconds,
    int PayWithinSeconds,
    DrawCondition Condition)
{
    /// <summary>Highest price of a piece, in minor units.</summary>
    public const long MaxPrice = 1_000_000_000;

    /// <summary>Most pieces that a silo can be set to allow.</summary>
    public const int MaxStock = 10_000_000;

    /// <summary>Longest time a deal is open, in seconds: 30 days.</summary>
    public const int MaxSeconds = 30 * 86_400;

    /// <summary>Longest time an order holds its pieces, in seconds: a day.</summary>
    public const int MaxPayWithinSeconds = 86_400;

    /// <summary>An order of that deal that neither has to be paid nor waits.</summary>
    public Order Order(OrderId order, int quantity, OrderStatus status, long createdAt) => new(
        order, order.Deal, RoomId, Title, quantity, Price with { Amount = Price.Amount * quantity }, status, null,
        createdAt, null);
}
