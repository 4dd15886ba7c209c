using RedNote.Frontend.Problems;
using RedNote.Frontend.Users;
using RedNote.Live;

namespace RedNote.Frontend.Live;

/// <param name="Question">1 to 120 characters.</param>
/// <param name="Options">2 to 10, each 1 to 40 characters.</param>
/// <param name="Multiple">Whether a ballot may name several options; false when absent.</param>
/// <param name="Anonymous">Whether nobody, not even the host, is told who chose what; false when absent.</param>
/// <param name="Seconds">How long it is open; 1 to 86,400.</param>
/// <param name="Key">1 to 64 of A-Z a-z 0-9 _ -.</param>
public sealed record NewPollRequest(
    string? Question, string?[]? Options, bool? Multiple, bool? Anonymous, int? Seconds, string? Key);

/// <param name="Left">Name of one side, 1 to 40 characters.</param>
/// <param name="Right">Name of the other side.</param>
/// <param name="Seconds">How long it is open; 1 to 86,400.</param>
/// <param name="Key">1 to 64 of A-Z a-z 0-9 _ -.</param>
public sealed record NewPkRequest(string? Left, string? Right, int? Seconds, string? Key);

/// <summary>Reads a poll that is to be opened, in a room or in a group.</summary>
internal static class PollRequests
{
    /// <summary>The poll, if nothing was found wrong with it.</summary>
    public static OpenPoll Read(NewPollRequest request, IIdGenerator ids, Invalids invalids)
    {
        var question = invalids.Text("question", request.Question, TextRules.MaxPollQuestion);
        var options = request.Options ?? [];
        invalids.Require(options.Length is >= 2 and <= 10, "options", "There have to be 2 to 10.");
        var clean = options.Take(11).Select(
            option => invalids.Text("options", option, TextRules.MaxPollOption)).ToList();
        invalids.Require(request.Seconds is >= 1, "seconds", "It has to be 1 or more.");
        invalids.Key(request.Key);
        return new OpenPoll(
            new PollId(ids.NextId()), question, [.. clean], request.Multiple ?? false, request.Anonymous ?? false,
            request.Seconds ?? 0, request.Key ?? "");
    }
}

/// <summary>Polls and PKs over REST.</summary>
internal static class PollRoutes
{
    private const int DefaultLimit = 100;

    /// <param name="rooms">The group <c>/api/rooms</c>.</param>
    public static void MapPolls(this RouteGroupBuilder rooms)
    {
        rooms.MapPost("/{id}/polls", OpenPoll).RequireAuthorization()
            .WithSummary("Opens a poll (host or moderator); it closes by itself.")
            .WithDescription(
                """
                Viewers vote over the hub: `Vote(roomId, pollId, choices)`, one ballot per user for ever. Counts go out
                in frames (`polls`), the events `poll_opened` and `poll_closed` carry the whole poll, and so does
                `JoinRoom`, with `myChoices`. Five polls can be open at once: 409 `wrong_state` beyond. The same key
                with the same content gives the poll that was opened with it, as it is now, for seven days; with other
                content 409 `conflict`. A room keeps 200 polls for a week: 429 beyond.
                """)
            .Produces<Poll>(StatusCodes.Status201Created).Refuses(400, 401, 403, 404, 409, 429, 503);
        rooms.MapPost("/{id}/polls/{pollId}/close", ClosePoll).RequireAuthorization()
            .WithSummary("Closes a poll before its time (host or moderator); one that has closed stays as it is.")
            .Produces<Poll>().Refuses(400, 401, 403, 404, 503);
        rooms.MapGet("/{id}/polls/{pollId}", GetPoll)
            .WithSummary("A poll; with the caller's own choices, if there is a token.")
            .Produces<Poll>().Refuses(400, 404, 503);
        rooms.MapGet("/{id}/polls/{pollId}/ballots", Ballots).RequireAuthorization()
            .WithSummary("Who chose what, in order of the users' ids (host); never for an anonymous poll.")
            .WithDescription(
                """
                `after`: `next` of an earlier answer. `limit`: 1 to 1,000, 100 when absent. 403 `forbidden` for an
                anonymous poll; 404 for one whose ballots are no longer kept (a room keeps four million of closed
                polls).
                """)
            .Produces<BallotPage>().Refuses(400, 401, 403, 404, 503);
        rooms.MapPost("/{id}/pk", OpenPk).RequireAuthorization()
            .WithSummary("Opens a PK, two sides to cheer for (host or moderator); it closes by itself.")
            .WithDescription(
                """
                Viewers cheer over the hub: `Cheer(roomId, pkId, side: "left"|"right", count, key?)`, 1 to 50 a call as
                with likes. Points go out in frames (`pks`), the events `pk_opened` and `pk_closed` carry the whole PK,
                the latter with `winner`: left, right or draw. One at a time: 409 `wrong_state` beyond.
                """)
            .Produces<Pk>(StatusCodes.Status201Created).Refuses(400, 401, 403, 404, 409, 429, 503);
        rooms.MapPost("/{id}/pk/{pkId}/close", ClosePk).RequireAuthorization()
            .WithSummary("Ends a PK before its time (host or moderator).")
            .Produces<Pk>().Refuses(400, 401, 403, 404, 503);
    }

    private static async Task<IResult> OpenPoll(
        RouteId<RoomId> id, NewPollRequest request, Caller caller, IGrainFactory grains, IIdGenerator ids)
    {
        var invalids = new Invalids();
        var command = PollRequests.Read(request, ids, invalids);
        if (invalids.Refusal() is { } refusal)
        {
            return refusal;
        }

        var outcome = await grains.LiveRoom(id.Id).OpenPoll(caller.Id, command);
        return outcome is { Status: CommandStatus.Done, Poll: { } poll }
            ? Results.Created($"/api/rooms/{id.Id}/polls/{poll.PollId}", poll)
            : Refuse.For(outcome.Status);
    }

    private static async Task<IResult> ClosePoll(
        RouteId<RoomId> id, RouteId<PollId> pollId, Caller caller, IGrainFactory grains)
    {
        var outcome = await grains.LiveRoom(id.Id).ClosePoll(caller.Id, pollId.Id);
        return outcome.Status == CommandStatus.Done ? Results.Ok(outcome.Poll) : Refuse.For(outcome.Status);
    }

    private static async Task<IResult> GetPoll(
        RouteId<RoomId> id, RouteId<PollId> pollId, HttpContext context, IGrainFactory grains)
    {
        context.User.TryGetUserId(out var viewer);
        return await grains.LiveRoom(id.Id).Poll(pollId.Id, viewer) is { } poll ? Results.Ok(poll) : Refuse.NotFound;
    }

    private static async Task<IResult> Ballots(
        RouteId<RoomId> id, RouteId<PollId> pollId, RouteId<UserId>? after, int? limit, Caller caller,
        IGrainFactory grains)
    {
        if (limit is < 1 or > BallotPage.MaxLimit)
        {
            return Refuse.Invalid("limit", "It has to be 1 to 1,000.");
        }

        var outcome = await grains.LiveRoom(id.Id)
            .Ballots(caller.Id, pollId.Id, after?.Id ?? default, limit ?? DefaultLimit);
        return outcome.Status == CommandStatus.Done ? Results.Ok(outcome.Page) : Refuse.For(outcome.Status);
    }

    private static async Task<IResult> OpenPk(
        RouteId<RoomId> id, NewPkRequest request, Caller caller, IGrainFactory grains, IIdGenerator ids)
    {
        var invalids = new Invalids();
        var left = invalids.Text("left", request.Left, TextRules.MaxPollOption);
        var right = invalids.Text("right", request.Right, TextRules.MaxPollOption);
        invalids.Require(request.Seconds is >= 1, "seconds", "It has to be 1 or more.");
        invalids.Key(request.Key);
        if (invalids.Refusal() is { } refusal)
        {
            return refusal;
        }

        var outcome = await grains.LiveRoom(id.Id).OpenPk(
            caller.Id, new OpenPk(new PkId(ids.NextId()), left, right, request.Seconds!.Value, request.Key!));
        return outcome is { Status: CommandStatus.Done, Pk: { } pk }
            ? Results.Created($"/api/rooms/{id.Id}/pk/{pk.PkId}", pk)
            : Refuse.For(outcome.Status);
    }

    private static async Task<IResult> ClosePk(
        RouteId<RoomId> id, RouteId<PkId> pkId, Caller caller, IGrainFactory grains)
    {
        var outcome = await grains.LiveRoom(id.Id).ClosePk(caller.Id, pkId.Id);
        return outcome.Status == CommandStatus.Done ? Results.Ok(outcome.Pk) : Refuse.For(outcome.Status);
    }
}
