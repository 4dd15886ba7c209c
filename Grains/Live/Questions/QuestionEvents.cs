using System.Collections.Immutable;

namespace RedNote.Live;

/// <summary>Something that <see cref="QuestionBook"/> takes in.</summary>
public abstract record QuestionEvent(long At) : LiveRoomEvent(At);

/// <summary>A viewer asked something.</summary>
/// <param name="At">When, Unix ms.</param>
/// <param name="QuestionId">One above the last.</param>
/// <param name="UserId">Who asks.</param>
/// <param name="Name">As the asker was called then.</param>
/// <param name="Text">1 to 200 characters.</param>
/// <param name="MediaAt">Media time, ms.</param>
/// <param name="Key">The asker's key, or null.</param>
/// <param name="Check">With a key: a hash of the text.</param>
public sealed record QuestionReceived(
    long At, QuestionId QuestionId, UserId UserId, string Name, string Text, long MediaAt, string? Key, long? Check)
    : QuestionEvent(At), IMediaEvent;

/// <summary>The upvotes of one batch.</summary>
public sealed record QuestionsBacked(long At, ImmutableArray<QuestionUpvotes> Upvotes) : QuestionEvent(At);

/// <summary>Users who want a question answered, in the order in which they said so.</summary>
public sealed record QuestionUpvotes(QuestionId QuestionId, ImmutableArray<UserId> Users);

/// <summary>A question was answered.</summary>
/// <param name="At">When, Unix ms.</param>
/// <param name="QuestionId">The question.</param>
/// <param name="By">Who answered it.</param>
/// <param name="Answer">Null: by word of mouth.</param>
/// <param name="MediaAt">Media time, ms.</param>
public sealed record QuestionSettled(long At, QuestionId QuestionId, UserId By, string? Answer, long MediaAt)
    : QuestionEvent(At), IMediaEvent;

/// <summary>A question was taken away.</summary>
/// <param name="At">When, Unix ms.</param>
/// <param name="QuestionId">The question; open or answered.</param>
/// <param name="By">Its asker, or who may.</param>
/// <param name="UserId">Its asker; null in old logs.</param>
public sealed record QuestionRemoved(long At, QuestionId QuestionId, UserId By, UserId? UserId = null)
    : QuestionEvent(At);
