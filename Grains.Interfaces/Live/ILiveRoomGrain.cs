using System.Collections.Immutable;
using Orleans.Concurrency;

namespace RedNote.Live;

/// <summary>
/// One live room, the authority over its state, counters and sequence. Frames go out on the stream
/// <see cref="StreamNames.Room"/>. Every answer and every frame leaves after what it rests on is durable.
/// Rooms that were never created answer NotFound or null and keep nothing.
/// </summary>
[Alias("live.room")]
public interface ILiveRoomGrain
    : IRoomModeration, IEffectSource, IRoomPolls, IRoomQuestions, IRoomPins, IRoomDraws, IRoomAudience, IRoomFlow,
        IRoomDeals
{
    /// <summary>Done, Invalid, or Conflict when the id is taken by another <see cref="CreateRoom.Token"/>.</summary>
    [Alias("create")]
    Task<RoomOutcome> Create(CreateRoom command);

    /// <summary>Goes live. Done (also when it is live already), NotFound, Forbidden (not the host), WrongState (ended).
    /// </summary>
    [Alias("start")]
    Task<RoomOutcome> Start(UserId by);

    /// <summary>Ends the show for good. Done (also when it has ended), NotFound, Forbidden.</summary>
    [Alias("end")]
    Task<RoomOutcome> End(UserId by);

    /// <summary>Done, NotFound, Forbidden (not the host; a moderator may turn the shield, and nothing else), Invalid,
    /// WrongState (ended).</summary>
    [Alias("change-settings")]
    Task<SettingsOutcome> ChangeSettings(UserId by, RoomSettingsChange change);

    /// <summary>The room, or null.</summary>
    [Alias("get")]
    Task<Room?> Get();

    /// <summary>The settings, for the host only.</summary>
    [Alias("settings")]
    Task<SettingsOutcome> Settings(UserId by);

    /// <summary>A snapshot, with what came after <paramref name="since"/> if the room still holds it; null: no such
    /// room. <paramref name="viewer"/>, if there is one, is told what is its own: the choices in polls.</summary>
    [Alias("join")]
    Task<RoomSnapshot?> Join(ResumePoint? since, UserId viewer = default);

    /// <summary>Decides a batch; one answer per command. A number seen before is not applied again: the kept answers
    /// come back, or try_again where they are no longer held.</summary>
    [Alias("submit")]
    Task<BatchAnswer> Submit(RoomBatch batch);

    /// <summary>The frames of <paramref name="after"/>'s epoch after its seq; null: no such room.</summary>
    [Alias("frames-after")]
    Task<FramesAnswer?> FramesAfter(RoomHead after);

    /// <summary>Renews a front end's lease and answers the head; null: no such room.</summary>
    [Alias("report")]
    Task<RoomHead?> Report(GatewayPresence presence);

    /// <summary>A piece of the tape; null: no such room. Limits out of range are brought into it.</summary>
    [Alias("tape")]
    Task<TapePage?> Tape(TapeQuery query);
}

/// <summary>The list of rooms for the lobby. It follows the rooms; each room's own grain is the truth.</summary>
[Alias("live.directory")]
public interface IRoomDirectoryGrain : IGrainWithIntegerKey
{
    /// <summary>
    /// From the room's own grain: lists the room as of <paramref name="version"/>, which grows with each change of the
    /// card (the version of the event in the room's log that changed it). What is not newer than the version that is
    /// listed changes nothing. Durable when answered; throws <see cref="TryAgainException"/> when it may not be.
    /// </summary>
    [Alias("put")]
    Task Put(Room room, long version);

    /// <summary>Refreshes counters of a listed room; not durable.</summary>
    [Alias("refresh")]
    Task Refresh(RoomId room, RoomCounters counters);

    /// <summary>Rooms of that state, live ones with most viewers first, others newest first; at most
    /// <paramref name="limit"/> (1 to 100).</summary>
    [Alias("list"), ReadOnly]
    Task<ImmutableArray<Room>> List(RoomState state, int limit);
}
