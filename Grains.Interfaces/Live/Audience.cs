using System.Collections.Immutable;

namespace RedNote.Live;

/// <summary>
/// Whom a front end has in a room, as changes since its last report: reports are numbered, and one that comes late is
/// passed over. To a new activation (another epoch) a front end says everybody anew.
/// </summary>
/// <param name="Number">From 1; grows with each report of the gateway.</param>
/// <param name="Came">Users who have at least one connection in the room now.</param>
/// <param name="Left">Users who have none any more.</param>
[GenerateSerializer, Immutable, Alias("live.audience-change")]
public sealed record AudienceChange(long Number, ImmutableArray<UserId> Came, ImmutableArray<UserId> Left)
{
    /// <summary>Users in one report, both lists together; the rest goes with the next one.</summary>
    public const int MaxUsers = 2_048;
}

/// <summary>What a room counts of one viewer.</summary>
/// <param name="UserId">Who.</param>
/// <param name="Points">Contribution: danmaku, likes and votes, weighted.</param>
/// <param name="WatchSeconds">Time in the room while it was live, in seconds; several connections count once.</param>
/// <param name="Rank">Place by contribution, from 1; null: not among those the room ranks.</param>
[GenerateSerializer, Immutable, Alias("live.fan")]
public sealed record Fan(UserId UserId, long Points, long WatchSeconds, int? Rank);

/// <summary>A room's fans with most points, first first.</summary>
[GenerateSerializer, Immutable, Alias("live.fans")]
public sealed record FanList(ImmutableArray<Fan> Items)
{
    /// <summary>Fans that a room ranks, and that one answer can hold.</summary>
    public const int MaxFans = 100;
}

/// <summary>The room has as many likes as never before: 1,000, 10,000, 100,000 and so on, each told once.</summary>
/// <param name="Likes">The milestone.</param>
[GenerateSerializer, Immutable, Alias("live.event.like-milestone")]
public sealed record LikeMilestone(long Likes) : RoomEvent;

/// <summary>The room had as many likes as never before.</summary>
[GenerateSerializer, Immutable, Alias("live.tape.like-milestone")]
public sealed record TapeLikeMilestone(long Likes) : TapeItem;
