using Microsoft.Extensions.Options;
using RedNote.Deals;
using RedNote.Frontend.Live;
using RedNote.Frontend.Problems;

namespace RedNote.Frontend.Deals;

/// <param name="Title">1 to 60 characters.</param>
/// <param name="Price">Of one piece.</param>
/// <param name="ListPrice">What it costs otherwise, in the same currency.</param>
/// <param name="Stock">Pieces, 1 to 1,000,000.</param>
/// <param name="PerBuyer">Pieces that one buyer can have, 1 to 1,000.</param>
/// <param name="StartsAt">From when on it can be bought, Unix ms; absent: at once.</param>
/// <param name="Seconds">For how long from there, 1 to 2,592,000.</param>
/// <param name="PayWithinSeconds">How long an order holds its pieces, 1 to 86,400; absent: 300.</param>
/// <param name="Condition">Who may buy; absent: everybody.</param>
/// <param name="Key">1 to 64 of <c>A-Z a-z 0-9 _ -</c>; repeated within 7 days it brings the same deal.</param>
/// <param name="Prepared">Whether it waits for the host to begin it; then without <paramref name="StartsAt"/>.</param>
public sealed record NewDealRequest(
    string? Title,
    MoneyRequest? Price,
    MoneyRequest? ListPrice,
    int? Stock,
    int? PerBuyer,
    long? StartsAt,
    int? Seconds,
    int? PayWithinSeconds,
    NewDrawCondition? Condition,
    string? Key,
    bool? Prepared);

/// <param name="Amount">In minor units, 0 to 1,000,000,000.</param>
/// <param name="Currency">Three capital letters.</param>
public sealed record MoneyRequest(long? Amount, string? Currency);

/// <summary>Reads what a host offers.</summary>
internal sealed class NewDeals(TimeProvider time, IOptions<DealPortOptions> options)
{
    /// <summary>A time in the past is now: by the room's clock, not by this one's.</summary>
    private const long AtOnce = 0;

    /// <summary>The terms; they make sense if nothing was found to be invalid. The deal checks them again.</summary>
    public DealTerms Read(NewDealRequest request, RoomId room, UserId host, Invalids invalids)
    {
        var title = invalids.Text("title", request.Title, TextRules.MaxRoomTitle);
        invalids.Require(request.Price is not null, "price", "It has to be there.");
        var price = ReadPrice("price", request.Price, invalids);
        var listPrice = ReadPrice("listPrice", request.ListPrice, invalids);
        invalids.Require(
            listPrice is null || price is null || listPrice.Currency == price.Currency,
            "listPrice", "It has to be in the currency of the price.");
        InRange("stock", request.Stock, DealTerms.MaxStock, invalids);
        InRange("perBuyer", request.PerBuyer, BuyOrder.MaxQuantity, invalids);
        InRange("seconds", request.Seconds, DealTerms.MaxSeconds, invalids);
        var payWithin = request.PayWithinSeconds ?? (int)options.Value.PayWithin.TotalSeconds;
        InRange("payWithinSeconds", payWithin, DealTerms.MaxPayWithinSeconds, invalids);
        var isPrepared = request.Prepared ?? false;
        invalids.Require(
            request.StartsAt is null || (!isPrepared && IsWithinAYear(request.StartsAt.Value)),
            "startsAt", "It has to be a time in Unix milliseconds within a year, and absent for what is prepared.");
        var condition = NewDrawCondition.Read(request.Condition, invalids);
        invalids.Key(request.Key);
        return new DealTerms(
            room, host, title, price ?? Money.Zero, listPrice, request.Stock ?? 0, request.PerBuyer ?? 0,
            isPrepared ? null : request.StartsAt ?? AtOnce, request.Seconds ?? 0, payWithin, condition);
    }

    /// <summary>Not what has the wrong unit. A time in the past is no mistake: the request may be a repeat.</summary>
    private bool IsWithinAYear(long startsAt)
        => startsAt > 0 && startsAt <= time.GetUtcNow().AddYears(1).ToUnixTimeMilliseconds();

    private static Money? ReadPrice(string member, MoneyRequest? price, Invalids invalids)
    {
        if (price is null)
        {
            return null;
        }

        invalids.Require(
            price.Amount is >= 0 and <= DealTerms.MaxPrice, member,
            "The amount has to be 0 to 1,000,000,000 minor units.");
        invalids.Require(
            price.Currency is { Length: 3 } currency && !currency.AsSpan().ContainsAnyExceptInRange('A', 'Z'),
            member, "The currency has to be three capital letters.");
        return new Money(price.Amount ?? 0, price.Currency ?? "");
    }

    private static void InRange(string member, int? value, int max, Invalids invalids)
        => invalids.Require(value >= 1 && value <= max, member, $"It has to be 1 to {max:N0}.");
}
