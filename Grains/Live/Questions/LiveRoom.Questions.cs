using System.Collections.Immutable;

namespace RedNote.Live;

/// <summary>The part of a room that takes questions.</summary>
public sealed partial class LiveRoom
{
    public QuestionBook Questions => _state.Questions;

    /// <summary>Marks a question as answered; null: by word of mouth.</summary>
    public CommandStatus AnswerQuestion(
        UserId by, QuestionId question, string? text, long now, List<LiveRoomEvent> events)
    {
        if (RefuseUnlessStaff(by) is { } refusal)
        {
            return refusal;
        }

        string? answer = null;
        if (text is not null)
        {
            var check = TextRules.Clean(text, TextRules.MaxQuestion, out var clean);
            if (check is not (TextCheck.Ok or TextCheck.Empty))
            {
                return CommandStatus.Invalid;
            }

            answer = check == TextCheck.Empty ? null : clean;
        }

        if (Questions.Find(question) is not { } entry)
        {
            return CommandStatus.NotFound;
        }

        if (!entry.IsOpen)
        {
            return entry.Answer == answer ? CommandStatus.Done : CommandStatus.Conflict;
        }

        events.Add(new QuestionSettled(now, question, by, answer, _state.MediaTime(now)));
        return CommandStatus.Done;
    }

    public CommandStatus DismissQuestion(UserId by, QuestionId question, long now, List<LiveRoomEvent> events)
    {
        var entry = Questions.Find(question);
        if (entry is null)
        {
            return CommandStatus.NotFound;
        }

        if (entry.UserId != by && RefuseUnlessStaff(by) is { } refusal)
        {
            return refusal;
        }

        if (!entry.IsOpen && !_state.IsStaff(by))
        {
            // With it goes the answer, which is not the asker's.
            return CommandStatus.WrongState;
        }

        events.Add(new QuestionRemoved(now, question, by, entry.UserId));
        if (_state.Pinned?.QuestionId == question)
        {
            events.Add(new PinTaken(now, _state.MediaTime(now), by));
        }

        return CommandStatus.Done;
    }

    private Verdict Decide(AskQuestion command, ImmutableArray<UserId> followers, BatchDraft draft)
    {
        if (!Exists)
        {
            return Verdict.Reject(RejectReason.NotFound);
        }

        var shape = TextRules.Clean(command.Text, TextRules.MaxQuestion, out var text) switch
        {
            TextCheck.Empty => RejectReason.Empty,
            TextCheck.TooLong => RejectReason.TooLong,
            TextCheck.Invalid => RejectReason.Invalid,
            _ => (RejectReason?)null,
        };
        if (TextRules.Clean(command.Name, TextRules.MaxUserName, out var name) != TextCheck.Ok
            || (command.Key is not null && !TextRules.IsKey(command.Key)))
        {
            shape ??= RejectReason.Invalid;
        }

        if (shape is { } malformed)
        {
            return Verdict.Reject(malformed);
        }

        var check = command.Key is null ? 0 : KeyLedger.ContentHash(command);
        if (FindAsked(command, draft) is { } asked)
        {
            return asked.Content == check ? Accept(asked.Question) : Verdict.Reject(RejectReason.Conflict);
        }

        if (Refuse(command.User, text, followers, draft) is { } refusal)
        {
            return refusal;
        }

        if (!_state.IsStaff(command.User) && IsForReview(text))
        {
            // There is no queue in which a question could wait for review: it can be asked when the rule is lifted.
            return Verdict.Reject(RejectReason.RateLimited, _options.HeldRetryMs);
        }

        return Questions.OpenCount + draft.Questions < _options.OpenQuestions
            && Questions.OpenOf(command.User) + draft.QuestionsOf(command.User) < _options.OpenQuestionsPerUser
                ? Accept(draft.Ask(command, name, text, check))
                : Verdict.Reject(RejectReason.RateLimited);
    }

    private bool IsForReview(string text)
    {
        if (_rules.Hold == HoldMode.Off)
        {
            return false;
        }

        var length = TextFold.Write(text, Form.AsSpan(1), out _);
        return Reason(text, Form.AsSpan(1, length), isBlocked: false) is not null;
    }

    /// <summary>What the command's key is bound to: as long as the question is kept, and ten minutes in any case.
    /// </summary>
    private (QuestionId Question, long Content)? FindAsked(AskQuestion command, BatchDraft draft)
    {
        if (command.Key is not { } key)
        {
            return null;
        }

        if (Questions.Find(command.User, key) is { } kept)
        {
            return (kept.Id, kept.Check ?? 0);
        }

        return Bound(command, draft) is { } bound ? (new QuestionId(bound.Result), bound.Content) : null;
    }

    private static Verdict Accept(QuestionId question) => Verdict.Done with { QuestionId = question };

    private Verdict Decide(UpvoteQuestion command, BatchDraft draft)
    {
        if (!Exists || Questions.Find(command.QuestionId) is not { IsOpen: true } question)
        {
            return Verdict.Reject(RejectReason.NotFound);
        }

        if (question.HasUpvoted(command.User) || draft.Polls.HasUpvoted(question.Id, command.User))
        {
            return Verdict.Reject(RejectReason.AlreadyVoted);
        }

        if (State != RoomState.Live)
        {
            return Verdict.Reject(RejectReason.NotLive);
        }

        if (Questions.Upvotes + draft.Polls.Upvotes >= _options.Upvotes)
        {
            return Verdict.Reject(RejectReason.RateLimited);
        }

        draft.Polls.Upvote(command);
        return Verdict.Done;
    }

    private void TakeQuestion(QuestionEvent raised)
    {
        switch (raised)
        {
            case QuestionReceived received when Questions.Find(received.QuestionId) is { } asked:
                Frames.Announce(new QuestionAsked(asked.ToQuestion(default)) { At = received.At });
                break;
            case QuestionSettled settled when Questions.Find(settled.QuestionId) is { } answered:
                Frames.Announce(new QuestionAnswered(answered.ToQuestion(default)) { At = settled.At });
                break;
            case QuestionRemoved removed:
                Frames.Announce(new QuestionDismissed(removed.QuestionId) { At = removed.At });
                break;
        }
    }
}
