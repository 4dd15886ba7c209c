using System.Collections.Immutable;
using System.Globalization;
using RedNote.Frontend.Problems;
using RedNote.Frontend.Users;
using RedNote.Live;

namespace RedNote.Frontend.Live;

/// <param name="Text">The answer in writing, up to 200 characters; absent: by word of mouth.</param>
public sealed record AnswerRequest(string? Text);

/// <param name="Items">The questions.</param>
/// <param name="Next">What to give as <c>after</c> for more; absent at the end.</param>
public sealed record QuestionList(ImmutableArray<Question> Items, string? Next);

/// <summary>Questions over REST.</summary>
internal static class QuestionRoutes
{
    private const int DefaultLimit = 50;

    /// <param name="rooms">The group <c>/api/rooms</c>.</param>
    public static void MapQuestions(this RouteGroupBuilder rooms)
    {
        rooms.MapGet("/{id}/questions", List)
            .WithSummary("Questions of a room: those with most upvotes first (sort=top, default), or the newest (new).")
            .WithDescription(
                """
                `state`: open (default) or answered. `after`: `next` of an earlier answer. `limit`: 1 to 100, 50 when
                absent. With a token, `upvoted` says of open questions whether the caller has upvoted them. All open
                questions are kept, and the last 500 answered. Viewers ask and upvote over the hub:
                `Ask(roomId, text, key?)`, `UpvoteQuestion(roomId, questionId)`.
                """)
            .Produces<QuestionList>().Refuses(400, 404, 503);
        rooms.MapPost("/{id}/questions/{questionId}/answer", Answer).RequireAuthorization()
            .WithSummary("Marks a question as answered, with a text or by word of mouth (host or moderator).")
            .Produces<Question>().Refuses(400, 401, 403, 404, 409, 503);
        rooms.MapDelete("/{id}/questions/{questionId}", Dismiss).RequireAuthorization()
            .WithSummary("Takes a question away, from the tape too (host, moderator; while it is open, its asker).")
            .Produces(StatusCodes.Status204NoContent).Refuses(400, 401, 403, 404, 409, 503);
    }

    private static async Task<IResult> List(
        RouteId<RoomId> id, string? sort, string? state, string? after, int? limit, HttpContext context,
        IGrainFactory grains)
    {
        var invalids = new Invalids();
        invalids.Require(sort is null or "" or "top" or "new", "sort", "It has to be top or new.");
        invalids.Require(
            state is null or "" or "open" or "answered", "state", "It has to be open or answered.");
        QuestionPosition? position = null;
        invalids.Require(
            string.IsNullOrEmpty(after) || TryParse(after, out position), "after",
            "It has to be next of an earlier answer.");
        invalids.Require(
            limit is null or (>= 1 and <= QuestionQuery.MaxLimit), "limit", "It has to be 1 to 100.");
        if (invalids.Refusal() is { } refusal)
        {
            return refusal;
        }

        context.User.TryGetUserId(out var viewer);
        var page = await grains.LiveRoom(id.Id).Questions(new QuestionQuery(
            sort == "new" ? QuestionOrder.New : QuestionOrder.Top,
            state == "answered" ? QuestionState.Answered : QuestionState.Open,
            position, limit ?? DefaultLimit, viewer));
        return page is null ? Refuse.NotFound : Results.Ok(new QuestionList(page.Items, Write(page.Next)));
    }

    private static async Task<IResult> Answer(
        RouteId<RoomId> id, RouteId<QuestionId> questionId, AnswerRequest? request, Caller caller,
        IGrainFactory grains)
    {
        var invalids = new Invalids();
        var text = invalids.OptionalText("text", request?.Text, TextRules.MaxQuestion);
        if (invalids.Refusal() is { } refusal)
        {
            return refusal;
        }

        var outcome = await grains.LiveRoom(id.Id).AnswerQuestion(caller.Id, questionId.Id, text);
        return outcome.Status == CommandStatus.Done ? Results.Ok(outcome.Question) : Refuse.For(outcome.Status);
    }

    private static async Task<IResult> Dismiss(
        RouteId<RoomId> id, RouteId<QuestionId> questionId, Caller caller, IGrainFactory grains)
    {
        var status = await grains.LiveRoom(id.Id).DismissQuestion(caller.Id, questionId.Id);
        return status == CommandStatus.Done ? Results.NoContent() : Refuse.For(status);
    }

    private static string? Write(QuestionPosition? position)
        => position is null ? null
            : string.Create(CultureInfo.InvariantCulture, $"{position.Upvotes}.{position.QuestionId}");

    private static bool TryParse(string text, out QuestionPosition? position)
    {
        position = null;
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0
            || !int.TryParse(text.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var upvotes)
            || !EntityId.TryParse<QuestionId>(text.AsSpan(dot + 1), out var question))
        {
            return false;
        }

        position = new QuestionPosition(upvotes, question);
        return true;
    }
}
