using System.Collections.Immutable;

namespace RedNote.Live;

/// <summary>Something that happened in the audience.</summary>
public abstract record AudienceEvent(long At) : LiveRoomEvent(At);

/// <summary>Users came into the room or left it. A new epoch begins with nobody.</summary>
/// <param name="At">When, Unix ms.</param>
/// <param name="Came">Who was not there before.</param>
/// <param name="Left">Who is not there any more.</param>
/// <param name="LeftAt">When these were seen last, Unix ms, where that is not now: their front end is gone.</param>
public sealed record AudienceChanged(
    long At, ImmutableArray<UserId> Came, ImmutableArray<UserId> Left, long? LeftAt) : AudienceEvent(At);

/// <summary>
/// Who was there before is there still, and what users contributed since the last count. Of a crash only what came
/// after the last one of these is lost.
/// </summary>
/// <param name="At">When, Unix ms.</param>
/// <param name="Fans">Points since the last count, by user; null: none.</param>
public sealed record AudienceCounted(long At, ImmutableArray<FanPoints>? Fans) : AudienceEvent(At);

/// <summary>Points that a user gained.</summary>
public sealed record FanPoints(UserId User, int Points);

/// <summary>The likes have reached a milestone.</summary>
/// <param name="At">When, Unix ms.</param>
/// <param name="Likes">The milestone.</param>
/// <param name="MediaAt">Media time, ms.</param>
public sealed record MilestoneReached(long At, long Likes, long MediaAt) : AudienceEvent(At), IMediaEvent;
