using RedNote.Frontend.Problems;
using RedNote.Frontend.Users;
using RedNote.Live;

namespace RedNote.Frontend.Live;

/// <summary>What to pin: one of these, or none to unpin.</summary>
/// <param name="Text">1 to 200 characters.</param>
/// <param name="PollId">A poll of the room.</param>
/// <param name="QuestionId">A question of the room.</param>
/// <param name="DealId">A deal of the room.</param>
public sealed record PinRequest(string? Text, string? PollId, string? QuestionId, string? DealId);

/// <summary>The pin of a room over REST.</summary>
internal static class PinRoutes
{
    /// <param name="rooms">The group <c>/api/rooms</c>.</param>
    public static void MapPins(this RouteGroupBuilder rooms)
    {
        rooms.MapPut("/{id}/pin", Pin).RequireAuthorization()
            .WithSummary("Pins a text, poll, question or deal to the top (host or moderator); nothing unpins.")
            .WithDescription(
                """
                Exactly one of the members. 200 with what is pinned, 204 after an empty body or object, which unpins.
                404 for what the room does not have or does not show. `JoinRoom` tells it as `pinned`, the
                events are `pinned` and `unpinned`.
                """)
            .Accepts<PinRequest>(isOptional: true, "application/json")
            .Produces<RoomPin>().Produces(StatusCodes.Status204NoContent).Refuses(400, 401, 403, 404, 409, 503);
        rooms.MapDelete("/{id}/pin", Unpin).RequireAuthorization()
            .WithSummary("Takes the pin away (host or moderator).")
            .Produces(StatusCodes.Status204NoContent).Refuses(400, 401, 403, 404, 503);
    }

    private static async Task<IResult> Pin(
        RouteId<RoomId> id, PinRequest? request, Caller caller, IGrainFactory grains)
    {
        string?[] things = [request?.Text, request?.PollId, request?.QuestionId, request?.DealId];
        if (request is null || things.All(thing => thing is null))
        {
            return await Unpin(id, caller, grains);
        }

        var poll = default(PollId);
        var question = default(QuestionId);
        var deal = default(DealId);
        var invalids = new Invalids();
        invalids.Require(things.Count(thing => thing is not null) == 1, "text", "There has to be exactly one thing.");
        var text = request.Text is null ? null : invalids.Text("text", request.Text, TextRules.MaxPin);
        Require(invalids, "pollId", request.PollId is null || EntityId.TryParse(request.PollId, out poll));
        Require(
            invalids, "questionId", request.QuestionId is null || EntityId.TryParse(request.QuestionId, out question));
        Require(invalids, "dealId", request.DealId is null || EntityId.TryParse(request.DealId, out deal));
        if (invalids.Refusal() is { } refusal)
        {
            return refusal;
        }

        var outcome = await grains.LiveRoom(id.Id).Pin(caller.Id, new PinItem(
            text, request.PollId is null ? null : poll, request.QuestionId is null ? null : question,
            request.DealId is null ? null : deal));
        return outcome.Status == CommandStatus.Done ? Results.Ok(outcome.Pin) : Refuse.For(outcome.Status);
    }

    private static async Task<IResult> Unpin(RouteId<RoomId> id, Caller caller, IGrainFactory grains)
    {
        var outcome = await grains.LiveRoom(id.Id).Unpin(caller.Id);
        return outcome.Status == CommandStatus.Done ? Results.NoContent() : Refuse.For(outcome.Status);
    }

    private static void Require(Invalids invalids, string member, bool isId)
        => invalids.Require(isId, member, "It has to be an id.");
}
