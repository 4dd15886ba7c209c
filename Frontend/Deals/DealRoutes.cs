using System.Collections.Immutable;
using RedNote.Deals;
using RedNote.Frontend.Problems;
using RedNote.Frontend.Users;
using RedNote.Live;

namespace RedNote.Frontend.Deals;

/// <summary>Deals, oldest first.</summary>
public sealed record DealList(ImmutableArray<Deal> Items);

/// <summary>The deals of a room over REST: make, look, begin, end, and the host's board.</summary>
internal static class DealRoutes
{
    /// <param name="rooms">The group <c>/api/rooms</c>.</param>
    public static void MapDeals(this RouteGroupBuilder rooms)
    {
        var deals = rooms.MapGroup("/{id}/deals").WithTags("Deals");
        deals.MapPost("", Open).RequireAuthorization()
            .WithSummary("Makes a deal in a room (host).")
            .WithDescription(
                """
                Without `startsAt` it opens at once; with it, at that time (Unix ms); with `prepared: true` it waits,
                seen by the host alone, for `begin`. It can be bought for `seconds` from there (at most 30 days). An
                order holds its pieces for `payWithinSeconds` (1 to 86,400; 300 when absent). `condition.kind` says who
                may buy: `none`, `password` (who has sent `condition.value` as a danmaku in this room), `voted`,
                `followed` (the host), `watched` (this room, for `condition.value` seconds).

                Buying is over the hub: `Buy(roomId, dealId, {quantity, key})`. How it goes is in frames (`deals`) and
                the events `deal_scheduled`, `deal_opened`, `deal_ended` and `order_announced`. The same key with the
                same content gives the deal that was made with it, as it is now, for seven days; with other content 409
                `conflict`. 409 `wrong_state`: the show has ended. 429: the room has too many deals.
                """)
            .Produces<Deal>(StatusCodes.Status201Created).Refuses(400, 401, 403, 404, 409, 429, 503);
        deals.MapGet("", List)
            .WithSummary("The deals of a room, oldest first: those that have not ended, and the last that have.")
            .WithDescription("Deals that are prepared are there for the host alone, whose token has to come along.")
            .Produces<DealList>().Refuses(400, 404, 503);
        deals.MapGet("/{dealId}", Get)
            .WithSummary("One deal.")
            .Produces<Deal>().Refuses(400, 404, 503);
        deals.MapPost("/{dealId}/begin", Begin).RequireAuthorization()
            .WithSummary("Opens a deal that is prepared, or before its time (host).")
            .WithDescription("One that is open stays as it is. 409 `wrong_state`: it has ended.")
            .Produces<Deal>().Refuses(400, 401, 403, 404, 409, 503);
        deals.MapPost("/{dealId}/end", End).RequireAuthorization()
            .WithSummary("Ends a deal (host); one that has ended stays as it is.")
            .WithDescription(
                "Nobody can order any more and the waiting line is emptied; orders that hold pieces can still be paid.")
            .Produces<Deal>().Refuses(400, 401, 403, 404, 503);
        deals.MapGet("/{dealId}/board", Board).RequireAuthorization()
            .WithSummary("How a deal goes (host).")
            .WithDescription(
                """
                `sold` and `reserved` are pieces; `paid`, `waiting`, `orders` (that hold pieces or are paid) and
                `placed` (that ever got pieces) are orders; `conversion` = `paid` / `placed`. `series`: the last five
                minutes second by second, without those in which nothing happened.
                """)
            .Produces<DealBoard>().Refuses(400, 401, 403, 404, 503);
    }

    private static async Task<IResult> Open(
        RouteId<RoomId> id, NewDealRequest request, Caller caller, IGrainFactory grains, NewDeals newDeals)
    {
        var invalids = new Invalids();
        var terms = newDeals.Read(request, id.Id, caller.Id, invalids);
        if (invalids.Refusal() is { } refusal)
        {
            return refusal;
        }

        var number = await grains.DealDirectory().NextNumber();
        var outcome = await grains.LiveRoom(id.Id).OpenDeal(new OpenDeal(number, terms, request.Key!));
        return outcome is { Status: CommandStatus.Done, Deal: { } deal }
            ? Results.Created($"/api/rooms/{id.Id}/deals/{deal.DealId}", deal)
            : Refuse.For(outcome.Status);
    }

    private static async Task<IResult> List(RouteId<RoomId> id, HttpContext context, IGrainFactory grains)
    {
        context.User.TryGetUserId(out var viewer);
        return await grains.LiveRoom(id.Id).Deals(viewer) is { } deals
            ? Results.Ok(new DealList(deals))
            : Refuse.NotFound;
    }

    private static async Task<IResult> Get(
        RouteId<RoomId> id, RouteId<DealId> dealId, HttpContext context, IGrainFactory grains)
    {
        var deal = await Find(grains, id.Id, dealId.Id);
        if (deal is not { StartsAt: null })
        {
            return deal is null ? Refuse.NotFound : Results.Ok(deal);
        }

        // It is prepared: the room knows who may see it.
        context.User.TryGetUserId(out var viewer);
        var seen = await grains.LiveRoom(id.Id).Deals(viewer);
        return seen?.Any(one => one.DealId == deal.DealId) == true ? Results.Ok(deal) : Refuse.NotFound;
    }

    private static async Task<IResult> Begin(
        RouteId<RoomId> id, RouteId<DealId> dealId, Caller caller, IGrainFactory grains)
        => await Find(grains, id.Id, dealId.Id) is null
            ? Refuse.NotFound
            : Answer(await grains.Deal(dealId.Id).Begin(caller.Id));

    private static async Task<IResult> End(
        RouteId<RoomId> id, RouteId<DealId> dealId, Caller caller, IGrainFactory grains)
        => await Find(grains, id.Id, dealId.Id) is null
            ? Refuse.NotFound
            : Answer(await grains.Deal(dealId.Id).End(caller.Id));

    private static async Task<IResult> Board(
        RouteId<RoomId> id, RouteId<DealId> dealId, Caller caller, IGrainFactory grains)
    {
        if (await Find(grains, id.Id, dealId.Id) is null)
        {
            return Refuse.NotFound;
        }

        var outcome = await grains.Deal(dealId.Id).Board(caller.Id);
        return outcome.Status == CommandStatus.Done ? Results.Ok(outcome.Board) : Refuse.For(outcome.Status);
    }

    /// <summary>The deal, if it is one of that room.</summary>
    private static async Task<Deal?> Find(IGrainFactory grains, RoomId room, DealId deal)
        => deal.Value <= DealId.MaxValue && await grains.Deal(deal).Get() is { } found && found.RoomId == room
            ? found
            : null;

    private static IResult Answer(DealOutcome outcome)
        => outcome.Status == CommandStatus.Done ? Results.Ok(outcome.Deal) : Refuse.For(outcome.Status);
}
