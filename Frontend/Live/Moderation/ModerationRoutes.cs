using RedNote.Frontend.Problems;
using RedNote.Frontend.Users;
using RedNote.Live;

namespace RedNote.Frontend.Live;

/// <param name="Seconds">How long; absent: until it is lifted.</param>
public sealed record MuteRequest(int? Seconds);

/// <param name="Seq">The number it is shown under.</param>
public sealed record ApprovedDanmaku(long Seq);

/// <summary>Order in a room over REST: mutes, moderators, recall, review, and the audit log.</summary>
internal static class ModerationRoutes
{
    private const int DefaultLimit = 50;

    /// <param name="rooms">The group <c>/api/rooms</c>.</param>
    public static void MapModeration(this RouteGroupBuilder rooms)
    {
        rooms.MapPut("/{id}/mutes/{userId}", Mute).RequireAuthorization()
            .WithSummary("Takes the word from a viewer (host or moderator).")
            .WithDescription(
                """
                For `seconds` (1 to 2,592,000), or without a body until it is lifted; a later call replaces an earlier
                one. Neither the host nor a moderator can be muted. Viewers get a `muted` event, with `until` (Unix ms)
                if it ends by itself; who is muted hears `muted`, with `retryAfterMs` then.
                """)
            .Produces(StatusCodes.Status204NoContent).Refuses(400, 401, 403, 404, 503);
        rooms.MapDelete("/{id}/mutes/{userId}", Unmute).RequireAuthorization()
            .WithSummary("Gives a viewer the word back (host or moderator).")
            .Produces(StatusCodes.Status204NoContent).Refuses(400, 401, 403, 404, 503);
        rooms.MapPut("/{id}/moderators/{userId}", AddModerator).RequireAuthorization()
            .WithSummary("Makes a user a moderator, at most 100 (host).")
            .WithDescription(
                """
                Moderators mute, recall and review like the host, and may put the shield up and down. No rule about
                talking holds for them, and their danmaku are never merged, held or left out of a frame.
                """)
            .Produces(StatusCodes.Status204NoContent).Refuses(400, 401, 403, 404, 503);
        rooms.MapDelete("/{id}/moderators/{userId}", RemoveModerator).RequireAuthorization()
            .WithSummary("Makes a moderator a viewer again (host).")
            .Produces(StatusCodes.Status204NoContent).Refuses(400, 401, 403, 404, 503);
        rooms.MapDelete("/{id}/danmaku/{seq}", Recall).RequireAuthorization()
            .WithSummary("Takes a danmaku back (its sender, the host, or a moderator).")
            .WithDescription(
                """
                It is gone from the tape, from what people who join get, and from the stored log; viewers get a
                `recalled` event with its `seq`. Those that were merged into it go with it. A moderator cannot recall
                what the host said. Repeating it is fine.
                """)
            .Produces(StatusCodes.Status204NoContent).Refuses(400, 401, 403, 404, 503);
        rooms.MapReview();
    }

    private static void MapReview(this RouteGroupBuilder rooms)
    {
        rooms.MapGet("/{id}/held", Held).RequireAuthorization()
            .WithSummary("Danmaku that wait for review, oldest first (host or moderator).")
            .WithDescription(
                """
                Items have `heldId`, `userId`, `name`, `text`, `mode`, `color`, `at`, and `reason`: `review` (everything
                is held), `blocked_word`, `suspicious`. `total` counts all that wait. `after`: `next` of an earlier
                answer; `limit`: 1 to 200, 50 when absent. What waits is set with `hold` of the settings.
                """)
            .Produces<HeldPage>().Refuses(400, 401, 403, 404);
        rooms.MapPost("/{id}/held/{heldId}/approve", Approve).RequireAuthorization()
            .WithSummary("Shows a held danmaku (host or moderator).")
            .WithDescription(
                """
                It gets its number and its place on the tape now. Everybody, its sender too, gets it in a frame, and a
                `reviewed` event with `heldId`, `approved` and `seq`; the sender knows the `heldId` from the verdict.
                404 when it waits no more, 409 when the room is not live.
                """)
            .Produces<ApprovedDanmaku>().Refuses(400, 401, 403, 404, 409, 503);
        rooms.MapPost("/{id}/held/{heldId}/refuse", RefuseHeld).RequireAuthorization()
            .WithSummary("Drops a held danmaku (host or moderator).")
            .Produces(StatusCodes.Status204NoContent).Refuses(400, 401, 403, 404, 503);
        rooms.MapGet("/{id}/audit", Audit).RequireAuthorization()
            .WithSummary("What the host and the moderators did, newest first (host).")
            .WithDescription(
                """
                Items have `id`, `at` (Unix ms), `by`, and `act`: `settings_changed` (with the `settings` from then on),
                `moderator_added`, `moderator_removed`, `muted` (with `until` if it ends by itself), `unmuted`,
                `approved` (`heldId`, `seq`), `refused` (`heldId`, `text`), `recalled` (`seq`), `started`, `ended`,
                `poll_opened` (`pollId`, `text`), `poll_closed`, `pk_opened` (`pkId`), `pk_closed`, `pinned` (`text`,
                `pollId` or `questionId`), `unpinned`, `question_answered` (`questionId`, `text`),
                `question_dismissed`, `draw_opened` (`drawId`, `text`); and `userId`, whom it concerns. What closes by
                itself is not listed. `before`: `next` of an earlier answer; `limit`: 1 to 200, 50 when absent.
                """)
            .Produces<AuditPage>().Refuses(400, 401, 403, 404, 503);
    }

    private static async Task<IResult> Mute(
        RouteId<RoomId> id, RouteId<UserId> userId, MuteRequest? request, Caller caller, IGrainFactory grains)
        => Answer(await grains.LiveRoom(id.Id).Mute(caller.Id, userId.Id, request?.Seconds));

    private static async Task<IResult> Unmute(
        RouteId<RoomId> id, RouteId<UserId> userId, Caller caller, IGrainFactory grains)
        => Answer(await grains.LiveRoom(id.Id).Unmute(caller.Id, userId.Id));

    private static async Task<IResult> AddModerator(
        RouteId<RoomId> id, RouteId<UserId> userId, Caller caller, IGrainFactory grains)
        => Answer(await grains.LiveRoom(id.Id).AddModerator(caller.Id, userId.Id));

    private static async Task<IResult> RemoveModerator(
        RouteId<RoomId> id, RouteId<UserId> userId, Caller caller, IGrainFactory grains)
        => Answer(await grains.LiveRoom(id.Id).RemoveModerator(caller.Id, userId.Id));

    private static async Task<IResult> Recall(RouteId<RoomId> id, long seq, Caller caller, IGrainFactory grains)
        => Answer(await grains.LiveRoom(id.Id).Recall(caller.Id, seq));

    private static async Task<IResult> Held(
        RouteId<RoomId> id, long? after, int? limit, Caller caller, IGrainFactory grains)
    {
        if (RefuseLimit(limit) is { } refusal)
        {
            return refusal;
        }

        var outcome = await grains.LiveRoom(id.Id).Held(caller.Id, after ?? 0, limit ?? DefaultLimit);
        return outcome.Status == CommandStatus.Done ? Results.Ok(outcome.Page) : Refuse.For(outcome.Status);
    }

    private static async Task<IResult> Approve(RouteId<RoomId> id, long heldId, Caller caller, IGrainFactory grains)
    {
        var outcome = await grains.LiveRoom(id.Id).Approve(caller.Id, heldId);
        return outcome is { Status: CommandStatus.Done, Seq: { } seq }
            ? Results.Ok(new ApprovedDanmaku(seq))
            : Refuse.For(outcome.Status);
    }

    private static async Task<IResult> RefuseHeld(
        RouteId<RoomId> id, long heldId, Caller caller, IGrainFactory grains)
        => Answer((await grains.LiveRoom(id.Id).Refuse(caller.Id, heldId)).Status);

    private static async Task<IResult> Audit(
        RouteId<RoomId> id, long? before, int? limit, Caller caller, IGrainFactory grains)
    {
        if (RefuseLimit(limit) is { } refusal)
        {
            return refusal;
        }

        var outcome = await grains.LiveRoom(id.Id).Audit(caller.Id, before, limit ?? DefaultLimit);
        return outcome.Status == CommandStatus.Done ? Results.Ok(outcome.Page) : Refuse.For(outcome.Status);
    }

    private static ProblemResult? RefuseLimit(int? limit)
    {
        var invalids = new Invalids();
        invalids.Require(
            limit is null or (>= 1 and <= AuditPage.MaxLimit), "limit", $"It has to be 1 to {AuditPage.MaxLimit}.");
        return invalids.Refusal();
    }

    private static IResult Answer(CommandStatus status)
        => status == CommandStatus.Done ? Results.NoContent() : Refuse.For(status);
}
