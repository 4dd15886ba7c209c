using RedNote.Frontend.Limits;
using RedNote.Frontend.Problems;
using RedNote.Frontend.Users;
using RedNote.Groups;

namespace RedNote.Frontend.Groups;

/// <summary>What a group remembers, over REST.</summary>
internal static class GroupHistoryRoutes
{
    private const int DefaultLimit = 50;
    private const int DefaultFound = 20;

    /// <param name="groups">The group <c>/api/groups</c>.</param>
    public static void MapGroupHistory(this RouteGroupBuilder groups)
    {
        groups.MapGet("/{id}/messages", Messages)
            .WithSummary("Messages before or after one, newest last (members); the last ones when neither is given.")
            .WithDescription(
                """
                `limit`: 1 to 200, 50 when absent. `hasMore`: whether there are more in that direction. A recalled
                message keeps its number and has `recalled: true` and no text.
                """)
            .Produces<MessagePage>().Refuses(400, 401, 403, 404, 503);
        groups.MapGet("/{id}/search", Search).RequireRateLimiting(RateLimits.Search)
            .WithSummary("Messages that hold all of the words, newest first (members).")
            .WithDescription(
                """
                `q`: 1 to 100 characters; words are split at spaces, and Chinese ones of one or two characters are found
                too. `before`: the number of the last item of the page before. `limit`: 1 to 50, 20 when absent.
                """)
            .Produces<MessagePage>().Refuses(400, 401, 403, 404, 429, 503);
        groups.MapGet("/{id}/receipts", Receipts)
            .WithSummary("Who has read a message (`seq`), and how many have not (members).")
            .Produces<Receipts>().Refuses(400, 401, 403, 404, 503);
        groups.MapGet("/{id}/digest", Digest)
            .WithSummary("What happened since: counts, what drew most reactions, mentions, questions, links (members).")
            .WithDescription(
                """
                `since`: a message's number, or a time in Unix ms (what is above 100,000,000,000); since the caller's
                read mark when absent. `isWhole` false: there were more messages than are looked at.
                """)
            .Produces<Digest>().Refuses(400, 401, 403, 404, 503);
    }

    private static async Task<IResult> Messages(
        RouteId<GroupId> id, long? before, long? after, int? limit, Caller caller, IGrainFactory grains)
    {
        var invalids = new Invalids();
        invalids.Require(before is null or > 0, "before", "It has to be a message's number.");
        invalids.Require(after is null or >= 0, "after", "It has to be a message's number.");
        invalids.Require(before is null || after is null, "after", "There may be one of before and after.");
        invalids.Require(
            limit is null or (>= 1 and <= MessagePage.MaxLimit), "limit", $"It has to be 1 to {MessagePage.MaxLimit}.");
        return invalids.Refusal() ?? Answer(await grains.Group(id.Id).Messages(
            caller.Id, new MessageQuery(before, after, limit ?? DefaultLimit)));
    }

    private static async Task<IResult> Search(
        RouteId<GroupId> id, string? q, long? before, int? limit, Caller caller, IGrainFactory grains)
    {
        var invalids = new Invalids();
        var text = invalids.Text("q", q, SearchQuery.MaxText);
        invalids.Require(before is null or > 0, "before", "It has to be a message's number.");
        invalids.Require(
            limit is null or (>= 1 and <= SearchQuery.MaxLimit), "limit", $"It has to be 1 to {SearchQuery.MaxLimit}.");
        return invalids.Refusal() ?? Answer(await grains.Group(id.Id).Search(
            caller.Id, new SearchQuery(text, before, limit ?? DefaultFound)));
    }

    private static async Task<IResult> Receipts(RouteId<GroupId> id, long? seq, Caller caller, IGrainFactory grains)
    {
        if (seq is not { } message || message < 1)
        {
            return Refuse.Invalid("seq", "It has to be a message's number.");
        }

        var outcome = await grains.Group(id.Id).Receipts(caller.Id, message);
        return outcome.Status == CommandStatus.Done ? Results.Ok(outcome.Receipts) : Refuse.For(outcome.Status);
    }

    private static async Task<IResult> Digest(RouteId<GroupId> id, long? since, Caller caller, IGrainFactory grains)
    {
        if (since is < 0)
        {
            return Refuse.Invalid("since", "It has to be a message's number, or a time.");
        }

        var outcome = await grains.Group(id.Id).Digest(caller.Id, since);
        return outcome.Status == CommandStatus.Done ? Results.Ok(outcome.Digest) : Refuse.For(outcome.Status);
    }

    private static IResult Answer(MessagesOutcome outcome)
        => outcome.Status == CommandStatus.Done ? Results.Ok(outcome.Page) : Refuse.For(outcome.Status);
}
