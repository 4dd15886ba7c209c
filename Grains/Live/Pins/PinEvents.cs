namespace RedNote.Live;

/// <summary>Something was pinned, in the place of what was.</summary>
/// <param name="At">When, Unix ms.</param>
/// <param name="By">Who pinned it.</param>
/// <param name="Text">Exactly one of this, the next and the last is there.</param>
/// <param name="PollId">A poll of the room.</param>
/// <param name="QuestionId">A question of the room.</param>
/// <param name="MediaAt">Media time, ms.</param>
/// <param name="DealId">A deal of the room.</param>
public sealed record PinSet(
    long At, UserId By, string? Text, PollId? PollId, QuestionId? QuestionId, long MediaAt, DealId? DealId = null)
    : LiveRoomEvent(At), IMediaEvent;

/// <summary>Nothing is pinned any more.</summary>
/// <param name="At">When, Unix ms.</param>
/// <param name="MediaAt">Media time, ms.</param>
/// <param name="By">Who took it, or what it showed, away; null in old logs.</param>
public sealed record PinTaken(long At, long MediaAt, UserId? By = null) : LiveRoomEvent(At), IMediaEvent;
