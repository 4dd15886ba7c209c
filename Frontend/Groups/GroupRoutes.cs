using RedNote.Frontend.Limits;
using RedNote.Frontend.Problems;
using RedNote.Frontend.Users;
using RedNote.Groups;

namespace RedNote.Frontend.Groups;

/// <summary>Groups and conversations over REST: make, look, change, list.</summary>
internal static class GroupRoutes
{
    public static void MapGroups(this WebApplication app)
    {
        var groups = app.MapGroup("/api/groups").WithTags("Groups").RequireAuthorization();
        groups.MapPost("", (NewGroupRequest request, Caller caller, NewGroups news) => news.Make(caller.Id, request))
            .RequireRateLimiting(RateLimits.NewGroup)
            .WithSummary("Makes a group, owned by the caller.")
            .WithDescription(
                """
                `memberIds`: who is in it from the start; each is told. `joinPolicy`: `open` (whoever wants to joins,
                and any member brings others in; so when absent), `approval` (whoever wants to asks, and the owner or an
                admin decides), `invite` (by an invite, or brought in by the owner or an admin).

                Messages are sent and received over the hub: `OpenGroup(groupId, afterSeq?)` answers
                `{group, members, lastSeq, readSeq, messages, hasMore}`, and from then on `group(groupId, events)`
                comes; `CloseGroup(groupId)`. `SendMessage(groupId, {text, replyTo?, mentions?, card?, key})`,
                `EditMessage(groupId, seq, text)`, `RecallMessage(groupId, seq)`, `React(groupId, seq, emoji, on)`
                answer `{status, seq?, at?, reason?, retryAfterMs?}`; `MarkRead(groupId, seq)` answers `{readSeq}`;
                `Typing(groupId)`; `VoteInGroup(groupId, pollId, choices)` answers a verdict. The event `gap` tells a
                connection that was too slow which messages (`from` to `to`) to ask for again.
                """)
            .Produces<Group>(StatusCodes.Status201Created).Refuses(400, 401, 409, 429, 503);
        groups.MapGet("/{id}", Get)
            .WithSummary("One group, as the caller sees it; strangers see those whose policy is not invite.")
            .Produces<Group>().Refuses(400, 401, 403, 404, 503);
        groups.MapPatch("/{id}", Change)
            .WithSummary("Changes what is given (owner and admins).")
            .WithDescription("An empty `announcement` takes it away. 409 `wrong_state`: a conversation of two.")
            .Produces<Group>().Refuses(400, 401, 403, 404, 409, 503);
        groups.MapGroupMembers();
        groups.MapGroupHistory();
        groups.MapGroupPolls();

        var api = app.MapGroup("/api").WithTags("Groups").RequireAuthorization();
        api.MapGet("/me/groups", List)
            .WithSummary("The caller's groups and conversations, that of the newest message first.")
            .WithDescription(
                """
                Each with `unread` (messages of others after `readSeq`, recalled ones left out), `unreadMentions`,
                `readSeq` and `lastMessage`. At most 500: those joined last.
                """)
            .Produces<GroupList>().Refuses(401, 503);
        api.MapPost(
                "/conversations",
                (ConversationRequest request, Caller caller, NewGroups news) => news.Converse(caller.Id, request))
            .RequireRateLimiting(RateLimits.Conversation)
            .WithSummary("The conversation with a user: a group of two, the same every time, whoever of them asks.")
            .WithDescription("201 when it is new, 200 afterwards. It has no roles, and nobody joins or leaves it.")
            .Produces<Group>(StatusCodes.Status201Created).Produces<Group>().Refuses(400, 401, 404, 429, 503);
        api.MapPost("/invites/{code}", GroupMemberRoutes.UseInvite)
            .WithSummary("Becomes a member by an invite.")
            .WithDescription("404: it has expired, is used up or void. 409 `conflict`: the group is full.")
            .Produces<JoinedGroup>().Refuses(401, 404, 409, 503);
    }

    private static async Task<IResult> Get(RouteId<GroupId> id, Caller caller, IGrainFactory grains)
        => Answer(await grains.Group(id.Id).Get(caller.Id));

    private static async Task<IResult> Change(
        RouteId<GroupId> id, GroupChangeRequest request, Caller caller, IGrainFactory grains)
    {
        var invalids = new Invalids();
        var name = request.Name is null ? null : invalids.Text("name", request.Name, TextRules.MaxGroupName);
        var announcement = invalids.OptionalText("announcement", request.Announcement, TextRules.MaxAnnouncement);
        invalids.Require(
            GroupDrafts.TryReadPolicy(request.JoinPolicy, out var policy), "joinPolicy",
            "It has to be open, approval or invite.");
        return invalids.Refusal() ?? Answer(await grains.Group(id.Id).Change(
            caller.Id, new GroupChange(name, announcement, request.JoinPolicy is null ? null : policy)));
    }

    private static async Task<IResult> List(Caller caller, GroupListing listing)
        => Results.Ok(new GroupList(await listing.Of(caller.Id)));

    private static IResult Answer(GroupOutcome outcome)
        => outcome.Status == CommandStatus.Done ? Results.Ok(outcome.Group) : Refuse.For(outcome.Status);
}
