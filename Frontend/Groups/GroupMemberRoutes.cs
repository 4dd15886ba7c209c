using RedNote.Frontend.Problems;
using RedNote.Frontend.Users;
using RedNote.Groups;

namespace RedNote.Frontend.Groups;

/// <summary>Members of groups over REST: who they are, how one becomes one, roles, mutes, invites.</summary>
internal static class GroupMemberRoutes
{
    private const int DefaultLimit = 100;
    private const int DefaultInviteSeconds = 7 * 24 * 60 * 60;

    /// <param name="groups">The group <c>/api/groups</c>.</param>
    public static void MapGroupMembers(this RouteGroupBuilder groups)
    {
        groups.MapGet("/{id}/members", Members)
            .WithSummary("The members, in order of their ids (members).")
            .WithDescription("`after`: `next` of the page before. `limit`: 1 to 500, 100 when absent.")
            .Produces<MemberPage>().Refuses(400, 401, 403, 404, 503);
        groups.MapPut("/{id}/members/{userId}", Join)
            .WithSummary("Makes oneself a member, or another.")
            .WithDescription(
                """
                Oneself as the policy allows: `status` is `joined`, or `requested` when the owner or an admin has to
                say yes. Another: owner and admins, any member where the policy is open; for one who has asked it is
                the yes. Once more is the same. 409 `conflict`: the group is full.
                """)
            .Produces<JoinedGroup>().Refuses(400, 401, 403, 404, 409, 503);
        groups.MapDelete("/{id}/members/{userId}", Remove)
            .WithSummary("Leaves, or takes somebody out (owner; an admin takes members out), or says no to who asks.")
            .WithDescription(
                """
                Who is taken out is told nothing more from that moment, on any connection. 409 `wrong_state`: the owner
                cannot leave before another is owner, nor anybody a conversation of two.
                """)
            .Produces(StatusCodes.Status204NoContent).Refuses(400, 401, 403, 404, 409, 503);
        groups.MapPut("/{id}/members/{userId}/role", SetRole)
            .WithSummary("Gives a member a role (owner): member, admin or owner.")
            .WithDescription("With the role of owner the old owner becomes an admin.")
            .Produces(StatusCodes.Status204NoContent).Refuses(400, 401, 403, 404, 409, 503);
        groups.MapPut("/{id}/mutes/{userId}", Mute)
            .WithSummary("Takes the word from a member for `seconds`, 1 to 2,592,000 (owner and admins).")
            .WithDescription("Those of the same or a higher role cannot be muted: 403.")
            .Produces(StatusCodes.Status204NoContent).Refuses(400, 401, 403, 404, 409, 503);
        groups.MapDelete("/{id}/mutes/{userId}", Unmute)
            .WithSummary("Gives a member the word back (owner and admins).")
            .Produces(StatusCodes.Status204NoContent).Refuses(400, 401, 403, 404, 409, 503);
        groups.MapGet("/{id}/requests", Requests)
            .WithSummary("Who asks to become a member (owner and admins).")
            .WithDescription("The yes is `PUT .../members/{userId}`, the no `DELETE .../members/{userId}`.")
            .Produces<JoinRequestList>().Refuses(400, 401, 403, 404, 503);
        groups.MapInvites();
    }

    public static async Task<IResult> UseInvite(string code, Caller caller, IGrainFactory grains, UserNames names)
        => !InviteCode.TryParse(code, out var group) ? Refuse.NotFound
            : await names.Of(caller.Id) is not { } name ? Refuse.Unauthorized
            : Answer(await grains.Group(group).JoinByInvite(new NewMember(caller.Id, name), code));

    private static void MapInvites(this RouteGroupBuilder groups)
    {
        groups.MapPost("/{id}/invites", Invite)
            .WithSummary("Makes an invite (owner and admins; any member where the policy is open).")
            .WithDescription(
                """
                Whoever has its `code` becomes a member with `POST /api/invites/{code}`, for `seconds` (1 to 2,592,000,
                a week when absent) and at most `uses` times (as often as one likes when absent).
                """)
            .Produces<Invite>(StatusCodes.Status201Created).Refuses(400, 401, 403, 404, 409, 429, 503);
        groups.MapGet("/{id}/invites", Invites)
            .WithSummary("Invites that hold: all for owner and admins, one's own for members.")
            .Produces<InviteList>().Refuses(400, 401, 403, 404, 503);
        groups.MapDelete("/{id}/invites/{code}", Revoke)
            .WithSummary("Makes an invite void (who made it, owner and admins).")
            .Produces(StatusCodes.Status204NoContent).Refuses(400, 401, 403, 404, 503);
    }

    private static async Task<IResult> Members(
        RouteId<GroupId> id, RouteId<UserId>? after, int? limit, Caller caller, IGrainFactory grains)
    {
        if (limit is < 1 or > MemberPage.MaxLimit)
        {
            return Refuse.Invalid("limit", $"It has to be 1 to {MemberPage.MaxLimit}.");
        }

        var outcome = await grains.Group(id.Id).Members(caller.Id, after?.Id ?? default, limit ?? DefaultLimit);
        return outcome.Status == CommandStatus.Done ? Results.Ok(outcome.Page) : Refuse.For(outcome.Status);
    }

    private static async Task<IResult> Join(
        RouteId<GroupId> id, RouteId<UserId> userId, Caller caller, IGrainFactory grains, UserNames names)
        => await names.Of(userId.Id) is { } name
            ? Answer(await grains.Group(id.Id).Join(caller.Id, new NewMember(userId.Id, name)))
            : Refuse.NotFound;

    private static async Task<IResult> Remove(
        RouteId<GroupId> id, RouteId<UserId> userId, Caller caller, IGrainFactory grains)
        => Answer(await grains.Group(id.Id).Remove(caller.Id, userId.Id));

    private static async Task<IResult> SetRole(
        RouteId<GroupId> id, RouteId<UserId> userId, RoleRequest request, Caller caller, IGrainFactory grains)
        => GroupDrafts.TryReadRole(request.Role, out var role)
            ? Answer(await grains.Group(id.Id).SetRole(caller.Id, userId.Id, role))
            : Refuse.Invalid("role", "It has to be member, admin or owner.");

    private static async Task<IResult> Mute(
        RouteId<GroupId> id, RouteId<UserId> userId, GroupMuteRequest request, Caller caller, IGrainFactory grains)
        => request.Seconds is { } seconds and > 0
            ? Answer(await grains.Group(id.Id).Mute(caller.Id, userId.Id, seconds))
            : Refuse.Invalid("seconds", "It has to be 1 or more.");

    private static async Task<IResult> Unmute(
        RouteId<GroupId> id, RouteId<UserId> userId, Caller caller, IGrainFactory grains)
        => Answer(await grains.Group(id.Id).Mute(caller.Id, userId.Id, null));

    private static async Task<IResult> Requests(RouteId<GroupId> id, Caller caller, IGrainFactory grains)
    {
        var outcome = await grains.Group(id.Id).Requests(caller.Id);
        return outcome.Status == CommandStatus.Done
            ? Results.Ok(new JoinRequestList(outcome.Items))
            : Refuse.For(outcome.Status);
    }

    private static async Task<IResult> Invite(
        RouteId<GroupId> id, NewInviteRequest? request, Caller caller, IGrainFactory grains, IIdGenerator ids)
    {
        var outcome = await grains.Group(id.Id).Invite(
            caller.Id, ids.NextToken(), request?.Seconds ?? DefaultInviteSeconds, request?.Uses);
        return outcome is { Status: CommandStatus.Done, Invite: { } invite }
            ? Results.Created($"/api/groups/{id.Id}/invites/{invite.Code}", invite)
            : Refuse.For(outcome.Status);
    }

    private static async Task<IResult> Invites(RouteId<GroupId> id, Caller caller, IGrainFactory grains)
    {
        var outcome = await grains.Group(id.Id).Invites(caller.Id);
        return outcome.Status == CommandStatus.Done
            ? Results.Ok(new InviteList(outcome.Items))
            : Refuse.For(outcome.Status);
    }

    private static async Task<IResult> Revoke(
        RouteId<GroupId> id, string code, Caller caller, IGrainFactory grains)
        => InviteCode.TryParse(code, out var group) && group == id.Id
            ? Answer(await grains.Group(id.Id).RevokeInvite(caller.Id, code))
            : Refuse.NotFound;

    private static IResult Answer(JoinOutcome outcome)
        => outcome is { Status: CommandStatus.Done, Joined: { } joined }
            ? Results.Ok(new JoinedGroup(joined, outcome.Group))
            : Refuse.For(outcome.Status);

    private static IResult Answer(CommandStatus status)
        => status == CommandStatus.Done ? Results.NoContent() : Refuse.For(status);
}
