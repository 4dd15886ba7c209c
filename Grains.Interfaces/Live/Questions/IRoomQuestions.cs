namespace RedNote.Live;

/// <summary>The questions of a live room; asking and upvoting come with <see cref="RoomBatch"/>.</summary>
[Alias("live.room-questions")]
public interface IRoomQuestions : IGrain
{
    /// <summary>Marks a question as answered, with a text (0 to 200 characters, null: by word of mouth). Done (also
    /// when it was answered so), NotFound, Forbidden, Invalid, Conflict (answered otherwise).</summary>
    [Alias("answer-question")]
    Task<QuestionOutcome> AnswerQuestion(UserId by, QuestionId question, string? text);

    /// <summary>Takes a question away, from the tape too: the host, a moderator, or while it is open who asked it.
    /// Done, NotFound, Forbidden, WrongState (answered, to who asked it).</summary>
    [Alias("dismiss-question")]
    Task<CommandStatus> DismissQuestion(UserId by, QuestionId question);

    /// <summary>A page of questions; null: no such room. Limits out of range are brought into it.</summary>
    [Alias("questions")]
    Task<QuestionPage?> Questions(QuestionQuery query);
}
