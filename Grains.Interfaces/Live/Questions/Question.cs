using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace RedNote.Live;

[JsonConverter(typeof(SnakeCaseEnum<QuestionState>))]
public enum QuestionState
{
    Open,
    Answered,
}

/// <summary>A viewer's question. Times are Unix ms.</summary>
/// <param name="QuestionId">Its number in the room, from 1.</param>
/// <param name="UserId">Who asks.</param>
/// <param name="Name">As the asker was called then.</param>
/// <param name="Text">1 to 200 characters.</param>
/// <param name="Upvotes">Users who want it answered too.</param>
/// <param name="At">When it was asked.</param>
/// <param name="State">Open until it is answered.</param>
/// <param name="Answer">In writing; null: by word of mouth, or not yet.</param>
/// <param name="AnsweredAt">Null while it is open.</param>
/// <param name="Upvoted">Whether the asking viewer has upvoted it; null when nobody asks, or when that is no longer
/// known because it was answered.</param>
[GenerateSerializer, Immutable, Alias("live.question")]
public sealed record Question(
    QuestionId QuestionId,
    UserId UserId,
    string Name,
    string Text,
    int Upvotes,
    long At,
    QuestionState State,
    string? Answer,
    long? AnsweredAt,
    bool? Upvoted);

/// <summary>How many want a question answered.</summary>
[GenerateSerializer, Immutable, Alias("live.question-tally")]
public sealed record QuestionTally(QuestionId QuestionId, int Upvotes);

/// <summary>Asks; answered by a <see cref="Verdict"/> with <see cref="Verdict.QuestionId"/>.</summary>
[GenerateSerializer, Immutable, Alias("live.ask")]
public sealed record AskQuestion(string Name, string Text) : RoomCommand;

/// <summary>Wants a question answered; answered by a <see cref="Verdict"/>.</summary>
[GenerateSerializer, Immutable, Alias("live.upvote-question")]
public sealed record UpvoteQuestion(QuestionId QuestionId) : RoomCommand;

public enum QuestionOrder
{
    /// <summary>Most upvotes first, among equals the earlier first.</summary>
    Top,

    /// <summary>Newest first.</summary>
    New,
}

/// <summary>Asks for questions of a state, behind that question in that order (null: from the first).</summary>
/// <param name="Order">What comes first.</param>
/// <param name="State">Which.</param>
/// <param name="After">The last question of the page before. Among the top ones it may be gone or have moved: then the
/// page begins where it would stand.</param>
/// <param name="Limit">1 to 100.</param>
/// <param name="Viewer">Who asks, if anybody: <see cref="Question.Upvoted"/> is told.</param>
[GenerateSerializer, Immutable, Alias("live.question-query")]
public sealed record QuestionQuery(
    QuestionOrder Order, QuestionState State, QuestionPosition? After, int Limit, UserId Viewer)
{
    /// <summary>Questions in one answer.</summary>
    public const int MaxLimit = 100;
}

/// <summary>A place in a list of questions.</summary>
/// <param name="Upvotes">Those of the question before it; not used in order of time.</param>
/// <param name="QuestionId">The question before it.</param>
[GenerateSerializer, Immutable, Alias("live.question-position")]
public sealed record QuestionPosition(int Upvotes, QuestionId QuestionId);

/// <summary><paramref name="Next"/> is where to go on, null when nothing more was there.</summary>
[GenerateSerializer, Immutable, Alias("live.question-page")]
public sealed record QuestionPage(ImmutableArray<Question> Items, QuestionPosition? Next);

/// <summary>The question is null unless Done.</summary>
[GenerateSerializer, Immutable, Alias("live.question-outcome")]
public sealed record QuestionOutcome(CommandStatus Status, Question? Question);

/// <summary>Somebody asks something.</summary>
[GenerateSerializer, Immutable, Alias("live.event.question")]
public sealed record QuestionAsked(Question Question) : RoomEvent;

/// <summary>A question was answered.</summary>
[GenerateSerializer, Immutable, Alias("live.event.question-answered")]
public sealed record QuestionAnswered(Question Question) : RoomEvent;

/// <summary>A question was taken away.</summary>
[GenerateSerializer, Immutable, Alias("live.event.question-dismissed")]
public sealed record QuestionDismissed(QuestionId QuestionId) : RoomEvent;

/// <summary>A question was asked.</summary>
[GenerateSerializer, Immutable, Alias("live.tape.question")]
public sealed record TapeQuestion(QuestionId QuestionId, UserId UserId, string Name, string Text) : TapeItem;

/// <summary>A question was answered.</summary>
[GenerateSerializer, Immutable, Alias("live.tape.question-answered")]
public sealed record TapeQuestionAnswered(QuestionId QuestionId, string? Answer) : TapeItem;
