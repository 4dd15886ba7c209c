using RedNote.Deals;
using RedNote.Frontend.Limits;
using RedNote.Frontend.Problems;
using RedNote.Frontend.Users;
using RedNote.Users;

namespace RedNote.Frontend.Deals;

/// <param name="Key">1 to 64 of <c>A-Z a-z 0-9 _ -</c>, kept for ever; another attempt needs another one.</param>
public sealed record PayRequest(string? Key);

/// <summary>An order, and how the payment that was asked for went.</summary>
/// <param name="OrderId">Names it.</param>
/// <param name="DealId">Of which deal.</param>
/// <param name="RoomId">Of which room.</param>
/// <param name="Title">The deal's.</param>
/// <param name="Quantity">Pieces.</param>
/// <param name="Total">What they cost.</param>
/// <param name="Status">Paid; paying, if the outcome is not known yet; or what it is by now.</param>
/// <param name="PayBefore">Reserved or paying: until when it has to be paid, Unix ms.</param>
/// <param name="CreatedAt">When it was placed, Unix ms.</param>
/// <param name="Declined">What the provider said if the payment of that key was declined; the order can be paid with
/// another key while it is reserved.</param>
public sealed record PaidOrder(
    OrderId OrderId, DealId DealId, RoomId RoomId, string Title, int Quantity, Money Total, OrderStatus Status,
    long? PayBefore, long CreatedAt, string? Declined)
{
    internal static PaidOrder Of(Order order, string? declined) => new(
        order.OrderId, order.DealId, order.RoomId, order.Title, order.Quantity, order.Total, order.Status,
        order.PayBefore, order.CreatedAt, declined);
}

/// <summary>A buyer's orders over REST, and the list of all deals.</summary>
internal static class OrderRoutes
{
    private const int DefaultLimit = 20;
    private const int DefaultDeals = 50;

    public static void MapOrders(this WebApplication app)
    {
        var orders = app.MapGroup("/api/orders").WithTags("Deals").RequireAuthorization();
        orders.MapGet("", List)
            .WithSummary("The caller's orders of all deals, the newest first.")
            .WithDescription(
                """
                `after`: `next` of the page before. `limit`: 1 to 100, 20 when absent. An order is there a quarter of a
                second after it was placed at the latest. What becomes of orders is told over the hub, to all
                connections of the buyer: `order({orderId, dealId, status, position?, payBefore?})`.
                """)
            .Produces<OrderPage>().Refuses(400, 401, 503);
        orders.MapGet("/{id}", Get)
            .WithSummary("One order of the caller.")
            .Produces<Order>().Refuses(400, 401, 404, 503);
        orders.MapPost("/{id}/pay", Pay).RequireRateLimiting(RateLimits.Pay)
            .WithSummary("Pays an order (sandbox provider: no money moves).")
            .WithDescription(
                """
                200 with the order: `paid`; `paying` if the provider has not answered within seconds (its outcome comes
                as `order` over the hub, and the order holds its pieces until then); or still `reserved` with
                `declined`, the reason, if the provider refused: a refusal to pay is an outcome and not an error, and
                the order can be paid with another key. The same key is the same payment, whenever it is repeated.

                409 `order_expired`: it was not paid in time. 409 `wrong_state`: it is paid or being paid with another
                key, cancelled, or waiting. 429: too many attempts. 404: the caller has no such order. The sandbox does
                what the key begins with: `decline`, `timeout`, `slow`, `twice`, `late`; anything else is paid.
                """)
            .Produces<PaidOrder>().Refuses(400, 401, 404, 409, 429, 503);
        orders.MapPost("/{id}/cancel", Cancel).RequireRateLimiting(RateLimits.Pay)
            .WithSummary("Takes back an order that is waiting or not paid; once more is the same.")
            .WithDescription("409 `wrong_state`: it is paid, being paid, or expired.")
            .Produces<Order>().Refuses(400, 401, 404, 409, 429, 503);
        app.MapGet("/api/me/sales", Sales).WithTags("Deals").RequireAuthorization()
            .WithSummary("What the caller's rooms have sold in all.")
            .WithDescription(
                "`orders` that hold pieces or are paid, `sales` by currency, `rooms` that something was ordered in.")
            .Produces<HostSales>().Refuses(401, 404, 503);
        app.MapGet("/api/deals", Sale).WithTags("Deals")
            .WithSummary("All deals that are open, those that end first in front; then those that will begin.")
            .WithDescription("Each with its room. `limit`: 1 to 100, 50 when absent. Up to a second old.")
            .Produces<SaleList>().Refuses(400, 503);
        app.MapGet("/api/deals/{id}", GetDeal).WithTags("Deals")
            .WithSummary("One deal, of whichever room; one that is prepared is its host's alone, and not here.")
            .Produces<Deal>().Refuses(400, 404, 503);
    }

    private static async Task<IResult> GetDeal(RouteId<DealId> id, IGrainFactory grains)
        => id.Id.Value <= DealId.MaxValue && await grains.Deal(id.Id).Get() is { StartsAt: not null } deal
            ? Results.Ok(deal)
            : Refuse.NotFound;

    private static async Task<IResult> List(
        RouteId<OrderId>? after, int? limit, Caller caller, IGrainFactory grains, DealPorts deals)
    {
        if (limit is < 1 or > OrderPage.MaxLimit)
        {
            return Refuse.Invalid("limit", "It has to be 1 to 100.");
        }

        var page = await grains.BuyerOrders().Page(caller.Id, after?.Id, limit ?? DefaultLimit);
        await Task.WhenAll(page.Items.Select(order => deals.Note(caller.Id, order)));
        return Results.Ok(page);
    }

    private static async Task<IResult> Get(
        RouteId<OrderId> id, Caller caller, IGrainFactory grains, DealPorts deals)
    {
        if (!HasDeal(id.Id) || await grains.Deal(id.Id.Deal).Order(caller.Id, id.Id) is not { } order)
        {
            return Refuse.NotFound;
        }

        await deals.Note(caller.Id, order);
        return Results.Ok(order);
    }

    private static async Task<IResult> Pay(
        RouteId<OrderId> id, PayRequest request, Caller caller, IGrainFactory grains, DealPorts deals)
    {
        if (!TextRules.IsKey(request.Key))
        {
            return Refuse.Invalid("key", Invalids.KeyHelp);
        }

        if (!HasDeal(id.Id))
        {
            return Refuse.NotFound;
        }

        await deals.Listen(caller.Id, id.Id.Deal);
        var outcome = await grains.Deal(id.Id.Deal).Pay(caller.Id, id.Id, request.Key!);
        if (outcome is { Order: { } order })
        {
            await deals.Note(caller.Id, order);
            return Results.Ok(PaidOrder.Of(
                order, outcome.Status == PayStatus.Declined ? outcome.Reason ?? "declined" : null));
        }

        return outcome.Status switch
        {
            PayStatus.NotFound => Refuse.NotFound,
            PayStatus.Invalid => Refuse.Status(400),
            PayStatus.WrongState => Refuse.For(CommandStatus.WrongState),
            PayStatus.OrderExpired => Refuse.OrderExpired,
            PayStatus.RateLimited => Refuse.For(CommandStatus.RateLimited),
            _ => Refuse.TryAgain,
        };
    }

    private static async Task<IResult> Cancel(
        RouteId<OrderId> id, Caller caller, IGrainFactory grains, DealPorts deals)
    {
        if (!HasDeal(id.Id))
        {
            return Refuse.NotFound;
        }

        await deals.Listen(caller.Id, id.Id.Deal);
        var outcome = await grains.Deal(id.Id.Deal).Cancel(caller.Id, id.Id);
        return outcome.Status == CommandStatus.Done ? Results.Ok(outcome.Order) : Refuse.For(outcome.Status);
    }

    private static async Task<IResult> Sales(Caller caller, IGrainFactory grains)
        => await grains.User(caller.Id).Sales() is { } sales ? Results.Ok(sales) : Refuse.NotFound;

    private static async Task<IResult> Sale(int? limit, SaleListing sale)
        => limit is < 1 or > IDealDirectoryGrain.MaxLimit
            ? Refuse.Invalid("limit", "It has to be 1 to 100.")
            : Results.Ok(await sale.List(limit ?? DefaultDeals));

    /// <summary>Whether it is a number that an order can have.</summary>
    private static bool HasDeal(OrderId order) => order.Deal.Value > 0 && order.Number > 0;
}
