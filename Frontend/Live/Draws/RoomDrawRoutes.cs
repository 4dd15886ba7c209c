using System.Collections.Immutable;
using System.Text.Json;
using RedNote.Frontend.Problems;
using RedNote.Frontend.Users;
using RedNote.Live;

namespace RedNote.Frontend.Live;

/// <param name="Prize">1 to 120 characters.</param>
/// <param name="Winners">How many can win, 1 to 1,000.</param>
/// <param name="Seconds">How long it can be entered, 1 to 86,400.</param>
/// <param name="Condition">Who may enter; absent: everybody.</param>
/// <param name="Key">1 to 64 of <c>A-Z a-z 0-9 _ -</c>; repeated within 7 days it brings the same draw.</param>
public sealed record NewDrawRequest(
    string? Prize, int? Winners, int? Seconds, NewDrawCondition? Condition, string? Key);

/// <param name="Kind"><c>none</c>, <c>password</c>, <c>voted</c>, <c>followed</c> or <c>watched</c>.</param>
/// <param name="Value">Password: the phrase, 1 to 200 characters. Watched: seconds, 1 to 86,400.</param>
public sealed record NewDrawCondition(string? Kind, JsonElement? Value)
{
    /// <summary>The condition that was asked for; none when absent.</summary>
    internal static DrawCondition Read(NewDrawCondition? asked, Invalids invalids)
    {
        var condition = DrawCondition.None;
        invalids.Require(
            asked is null || DrawConditionJsonConverter.TryRead(asked.Kind ?? "none", asked.Value, out condition),
            "condition",
            "It has to be none, password with a phrase, voted, followed, or watched with 1 to 86,400 seconds.");
        return condition;
    }
}

/// <summary>A piece of a draw's entrant list.</summary>
/// <param name="Items">User ids, sorted ordinally as strings.</param>
/// <param name="Next">The last of them, if there are more: ask again with it as <c>after</c>.</param>
public sealed record DrawEntrantList(ImmutableArray<UserId> Items, UserId? Next);

/// <summary>Lucky draws over REST.</summary>
internal static class RoomDrawRoutes
{
    private const int DefaultLimit = 1_000;

    /// <param name="rooms">The group <c>/api/rooms</c>.</param>
    public static void MapDraws(this RouteGroupBuilder rooms)
    {
        rooms.MapPost("/{id}/draws", Open).RequireAuthorization()
            .WithSummary("Opens a lucky draw (host).")
            .WithDescription(
                """
                `condition.kind` says who may enter: `none` (everybody); `password` (who has sent `condition.value` as
                a danmaku in this room since the draw opened; case, width and spaces make no difference); `voted` (who
                has a ballot in a poll of this room); `followed` (who follows the host); `watched` (who has watched this
                room for `condition.value` seconds while it was live).

                `commitment` is the SHA-256 of the `seed`, which is shown with the result. 409 `wrong_state`: the room
                is not live; 429: too many draws are open, or were opened in seven days.
                """)
            .Produces<Draw>(StatusCodes.Status201Created).Refuses(400, 401, 403, 404, 409, 429, 503);
        rooms.MapGet("/{id}/draws/{drawId}", Get)
            .WithSummary("One draw; once it is decided, with seed, entrants' hash and winners.")
            .WithDescription(
                """
                `commitment` = SHA-256 of `seed`. `entrantsHash` = SHA-256 of the entrants' ids, sorted ordinally as
                strings, joined by line feeds. Winner i (from 0) is the entrant at
                SHA-256(`seed + ":" + entrantsHash + ":" + i`), its first 8 bytes as a big-endian number, modulo the
                number of entrants left, in the list from which those who won are taken out. With fewer entrants than
                winners all win, in list order. All hashes are of UTF-8 and in lower-case hex.
                """)
            .Produces<Draw>().Refuses(400, 404, 503);
        rooms.MapGet("/{id}/draws/{drawId}/entrants", Entrants)
            .WithSummary("The frozen entrant list, page by page: user ids, sorted ordinally as strings.")
            .WithDescription(
                """
                `after`: the last id of the page before; absent: from the first. `limit`: 1 to 5,000, 1,000 when absent.
                `next` is there when there are more. 409 `wrong_state` until the draw is decided.
                """)
            .Produces<DrawEntrantList>().Refuses(400, 404, 409, 503);
    }

    private static async Task<IResult> Open(
        RouteId<RoomId> id, NewDrawRequest request, Caller caller, IGrainFactory grains, IIdGenerator ids)
    {
        var invalids = new Invalids();
        var prize = invalids.Text("prize", request.Prize, TextRules.MaxDrawPrize);
        invalids.Require(request.Winners is >= 1, "winners", "It has to be 1 or more.");
        invalids.Require(request.Seconds is >= 1, "seconds", "It has to be 1 or more.");
        invalids.Key(request.Key);
        var condition = NewDrawCondition.Read(request.Condition, invalids);
        if (invalids.Refusal() is { } refusal)
        {
            return refusal;
        }

        // Two ids of one millisecond agree once in four million; thrice in a row is something else.
        for (var attempt = 0; attempt < 3; attempt++)
        {
            var outcome = await grains.LiveRoom(id.Id).OpenDraw(new OpenDraw(
                caller.Id, new DrawId(ids.NextId()), prize, request.Winners!.Value, request.Seconds!.Value, condition,
                request.Key!));
            if (outcome.Status == CommandStatus.Done)
            {
                return Results.Created($"/api/rooms/{id.Id}/draws/{outcome.Draw!.DrawId}", outcome.Draw);
            }

            if (!outcome.IdTaken)
            {
                return Refuse.For(outcome.Status);
            }
        }

        return Refuse.TryAgain;
    }

    private static async Task<IResult> Get(RouteId<RoomId> id, RouteId<DrawId> drawId, IGrainFactory grains)
        => await grains.LiveRoom(id.Id).Draw(drawId.Id) is { } draw ? Results.Ok(draw) : Refuse.NotFound;

    private static async Task<IResult> Entrants(
        RouteId<RoomId> id, RouteId<DrawId> drawId, string? after, int? limit, IGrainFactory grains)
    {
        var invalids = new Invalids();
        var from = default(UserId);
        invalids.Require(
            string.IsNullOrEmpty(after) || EntityId.TryParse(after, out from), "after", "It has to be a user's id.");
        invalids.Require(
            limit is null or (>= 1 and <= DrawEntrantsQuery.MaxLimit),
            "limit", $"It has to be 1 to {DrawEntrantsQuery.MaxLimit}.");
        if (invalids.Refusal() is { } refusal)
        {
            return refusal;
        }

        var page = await grains.LiveRoom(id.Id).DrawEntrants(new DrawEntrantsQuery(
            drawId.Id, from == default ? null : from, limit ?? DefaultLimit));
        return page.Status == CommandStatus.Done
            ? Results.Ok(new DrawEntrantList(page.Items, page.Next))
            : Refuse.For(page.Status);
    }
}
