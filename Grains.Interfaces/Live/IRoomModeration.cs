namespace RedNote.Live;

/// <summary>The part of a live room that keeps order. NotFound: no such room; Forbidden: not the host's, or not a
/// moderator's, to do.</summary>
[Alias("live.room-moderation")]
public interface IRoomModeration : IGrainWithIntegerKey
{
    /// <summary>
    /// Takes the word from a viewer, for <paramref name="seconds"/> or (null) until it is given back. Done, NotFound,
    /// Forbidden (neither host nor moderator, or a moderator against one of these), Invalid (the host, a moderator, too
    /// many seconds, or too many are muted).
    /// </summary>
    [Alias("mute")]
    Task<CommandStatus> Mute(UserId by, UserId target, int? seconds = null);

    /// <summary>Gives it back. Done (also when it was so), NotFound, Forbidden.</summary>
    [Alias("unmute")]
    Task<CommandStatus> Unmute(UserId by, UserId target);

    /// <summary>Lets a user moderate, and gives the word back to them. Done (also when it was so), NotFound, Forbidden
    /// (not the host), Invalid (the host, or there are too many).</summary>
    [Alias("add-moderator")]
    Task<CommandStatus> AddModerator(UserId by, UserId target);

    /// <summary>Done (also when it was so), NotFound, Forbidden (not the host).</summary>
    [Alias("remove-moderator")]
    Task<CommandStatus> RemoveModerator(UserId by, UserId target);

    /// <summary>Takes a danmaku back, for its sender, the host or a moderator: from frames, snapshots, the tape and the
    /// log. Done (also when it was so), NotFound (no such danmaku either), Forbidden.</summary>
    [Alias("recall")]
    Task<CommandStatus> Recall(UserId by, long seq);

    /// <summary>What waits for review, from behind <paramref name="after"/> on, at most <paramref name="limit"/>
    /// (brought into 1 to 200). Done, NotFound, Forbidden (neither host nor moderator).</summary>
    [Alias("held")]
    Task<HeldOutcome> Held(UserId by, long after, int limit);

    /// <summary>Shows a held danmaku. Done, NotFound (also when it waits no more), Forbidden, WrongState (not live).
    /// </summary>
    [Alias("approve")]
    Task<ReviewOutcome> Approve(UserId by, long heldId);

    /// <summary>Drops a held danmaku. Done, NotFound (also when it waits no more), Forbidden.</summary>
    [Alias("refuse")]
    Task<ReviewOutcome> Refuse(UserId by, long heldId);

    /// <summary>Acts before the act <paramref name="before"/> (null: from the newest on), at most
    /// <paramref name="limit"/> (brought into 1 to 200). Done, NotFound, Forbidden (not the host).</summary>
    [Alias("audit")]
    Task<AuditOutcome> Audit(UserId by, long? before, int limit);
}
