using RedNote.Frontend.Live;
using RedNote.Frontend.Problems;
using RedNote.Frontend.Users;
using RedNote.Live;

namespace RedNote.Frontend.Groups;

/// <summary>Polls in groups over REST.</summary>
internal static class GroupPollRoutes
{
    private const int DefaultLimit = 100;

    /// <param name="groups">The group <c>/api/groups</c>.</param>
    public static void MapGroupPolls(this RouteGroupBuilder groups)
    {
        var polls = groups.MapGroup("/{id}/polls");
        polls.MapPost("", Open)
            .WithSummary("Opens a poll (members who are not muted), and sends the message that shows it.")
            .WithDescription(
                """
                Members vote over the hub, `VoteInGroup(groupId, pollId, choices)`, once for ever; counts come as the
                event `poll`. The same key with the same content gives the same poll, with other content 409
                `conflict`. 429: as many are open as can be.
                """)
            .Produces<GroupPoll>(StatusCodes.Status201Created).Refuses(400, 401, 403, 404, 409, 429, 503);
        polls.MapGet("/{pollId}", Get)
            .WithSummary("A poll, with the caller's own choices (members).")
            .Produces<Poll>().Refuses(400, 401, 403, 404, 503);
        polls.MapPost("/{pollId}/close", Close)
            .WithSummary("Closes a poll before its time (who opened it, owner and admins).")
            .Produces<Poll>().Refuses(400, 401, 403, 404, 503);
        polls.MapGet("/{pollId}/ballots", Ballots)
            .WithSummary("Who chose what, in order of the users' ids (members); never for an anonymous poll.")
            .WithDescription("`after`: `next` of an earlier answer. `limit`: 1 to 1,000, 100 when absent.")
            .Produces<BallotPage>().Refuses(400, 401, 403, 404, 503);
    }

    private static async Task<IResult> Open(
        RouteId<GroupId> id, NewPollRequest request, Caller caller, IGrainFactory grains, IIdGenerator ids,
        UserNames names)
    {
        var invalids = new Invalids();
        var command = PollRequests.Read(request, ids, invalids);
        if (invalids.Refusal() is { } refusal)
        {
            return refusal;
        }

        if (await names.Of(caller.Id) is not { } name)
        {
            return Refuse.Unauthorized;
        }

        var outcome = await grains.Group(id.Id).OpenPoll(caller.Id, name, command);
        return outcome is { Status: CommandStatus.Done, Poll: { } poll, Seq: { } seq }
            ? Results.Created($"/api/groups/{id.Id}/polls/{poll.PollId}", new GroupPoll(poll, seq))
            : Refuse.For(outcome.Status);
    }

    private static async Task<IResult> Get(
        RouteId<GroupId> id, RouteId<PollId> pollId, Caller caller, IGrainFactory grains)
        => Answer(await grains.Group(id.Id).Poll(pollId.Id, caller.Id));

    private static async Task<IResult> Close(
        RouteId<GroupId> id, RouteId<PollId> pollId, Caller caller, IGrainFactory grains)
        => Answer(await grains.Group(id.Id).ClosePoll(caller.Id, pollId.Id));

    private static async Task<IResult> Ballots(
        RouteId<GroupId> id, RouteId<PollId> pollId, RouteId<UserId>? after, int? limit, Caller caller,
        IGrainFactory grains)
    {
        if (limit is < 1 or > BallotPage.MaxLimit)
        {
            return Refuse.Invalid("limit", $"It has to be 1 to {BallotPage.MaxLimit}.");
        }

        var outcome = await grains.Group(id.Id).Ballots(
            caller.Id, pollId.Id, after?.Id ?? default, limit ?? DefaultLimit);
        return outcome.Status == CommandStatus.Done ? Results.Ok(outcome.Page) : Refuse.For(outcome.Status);
    }

    private static IResult Answer(PollOutcome outcome)
        => outcome.Status == CommandStatus.Done ? Results.Ok(outcome.Poll) : Refuse.For(outcome.Status);
}
