using RedNote.Live;

namespace RedNote.Frontend.Live;

/// <summary>Questions.</summary>
internal sealed partial class RoomHub
{
    public async Task<Verdict> Ask(string roomId, string? text, string? key)
    {
        var user = Visitor.User;
        if (!user.TryTakeAsk(out var retryAfter))
        {
            return HubError.TooFast(retryAfter);
        }

        if (!EntityId.TryParse<RoomId>(roomId, out var room) || (key is not null && !TextRules.IsKey(key)))
        {
            return Verdict.Reject(RejectReason.Invalid);
        }

        var refusal = TextRules.Clean(text, TextRules.MaxQuestion, out var clean) switch
        {
            TextCheck.Ok => (RejectReason?)null,
            TextCheck.Empty => RejectReason.Empty,
            TextCheck.TooLong => RejectReason.TooLong,
            _ => RejectReason.Invalid,
        };
        if (refusal is { } reason)
        {
            return Verdict.Reject(reason);
        }

        return await user.Name() is { } name
            ? await Submit(room, new AskQuestion(name, clean) { User = user.Id, Key = key })
            : Verdict.Reject(RejectReason.NotFound);
    }

    public async Task<Verdict> UpvoteQuestion(string roomId, string questionId)
    {
        var user = Visitor.User;
        if (!user.TryTakeVote(out var retryAfter))
        {
            return HubError.TooFast(retryAfter);
        }

        return EntityId.TryParse<RoomId>(roomId, out var room)
            && EntityId.TryParse<QuestionId>(questionId, out var question)
                ? await Submit(room, new UpvoteQuestion(question) { User = user.Id })
                : Verdict.Reject(RejectReason.Invalid);
    }
}
