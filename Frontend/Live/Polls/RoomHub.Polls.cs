using RedNote.Live;

namespace RedNote.Frontend.Live;

/// <summary>Ballots, cheers and questions.</summary>
internal sealed partial class RoomHub
{
    public async Task<Verdict> Vote(string roomId, string pollId, int[]? choices)
    {
        var user = Visitor.User;
        if (!user.TryTakeVote(out var retryAfter))
        {
            return TooFast(retryAfter);
        }

        return EntityId.TryParse<RoomId>(roomId, out var room) && EntityId.TryParse<PollId>(pollId, out var poll)
            ? await Submit(room, new CastVote(poll, ToBits(choices)) { User = user.Id })
            : Verdict.Reject(RejectReason.Invalid);
    }

    public async Task<LikeResult> Cheer(string roomId, string pkId, string side, int count, string? key)
    {
        var room = ParseRoom(roomId);
        if (!EntityId.TryParse<PkId>(pkId, out var pk) || side is not ("left" or "right"))
        {
            throw HubError.Of(RejectReason.Invalid, "A cheer names a PK's id, and left or right.");
        }

        CheckLikes(count, key);
        var user = Visitor.User;
        if (!user.TryTakeLike(out var retryAfter))
        {
            throw RateLimited(retryAfter);
        }

        var chosen = side == "left" ? PkSide.Left : PkSide.Right;
        return await Count(room, new Cheer(pk, chosen, count) { User = user.Id, Key = key });
    }

    public async Task<Verdict> Ask(string roomId, string? text, string? key)
    {
        var user = Visitor.User;
        if (!user.TryTakeAsk(out var retryAfter))
        {
            return TooFast(retryAfter);
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
            return TooFast(retryAfter);
        }

        return EntityId.TryParse<RoomId>(roomId, out var room)
            && EntityId.TryParse<QuestionId>(questionId, out var question)
                ? await Submit(room, new UpvoteQuestion(question) { User = user.Id })
                : Verdict.Reject(RejectReason.Invalid);
    }

    private async Task<Verdict> Submit(RoomId room, RoomCommand command)
        => ports.Use(room) is { } port
            ? await port.Gateway.Submit(command) as Verdict ?? Verdict.Reject(RejectReason.TryAgain)
            : Verdict.Reject(RejectReason.TryAgain);

    private static Verdict TooFast(TimeSpan retryAfter)
        => Verdict.Reject(RejectReason.RateLimited, Math.Max(1, (long)retryAfter.TotalMilliseconds));

    /// <summary>Bit i for option i; 0 for what is no choice in any poll.</summary>
    private static int ToBits(int[]? choices)
    {
        var bits = 0;
        foreach (var choice in choices ?? [])
        {
            if (choice is < 0 or >= 16 || (bits & (1 << choice)) != 0)
            {
                return 0;
            }

            bits |= 1 << choice;
        }

        return bits;
    }
}
