namespace RedNote.Live;

/// <summary>The polls and PKs of a live room, opened and closed by its host and moderators; ballots and cheers come
/// with <see cref="RoomBatch"/>.</summary>
[Alias("live.room-polls")]
public interface IRoomPolls : IGrain
{
    /// <summary>Done (also when the key was used for the same poll: that poll as it is now), NotFound, Forbidden,
    /// Invalid, WrongState (not live, or as many are open as can be), Conflict (the key stands for another poll),
    /// RateLimited (too many polls within the week that they are kept).</summary>
    [Alias("open-poll")]
    Task<PollOutcome> OpenPoll(UserId by, OpenPoll command);

    /// <summary>Closes a poll before its time. Done (also when it has closed), NotFound, Forbidden.</summary>
    [Alias("close-poll")]
    Task<PollOutcome> ClosePoll(UserId by, PollId poll);

    /// <summary>A poll, with the viewer's own choices; null: no such room or poll.</summary>
    [Alias("poll")]
    Task<Poll?> Poll(PollId poll, UserId viewer);

    /// <summary>
    /// Who chose what in a poll that is not anonymous, after that user in order of ids (0: from the first), at most
    /// <paramref name="limit"/> (1 to 1,000). Done, NotFound (also: no longer kept), Forbidden (not the host, or an
    /// anonymous poll).
    /// </summary>
    [Alias("ballots")]
    Task<BallotsOutcome> Ballots(UserId by, PollId poll, UserId after, int limit);

    /// <summary>As <see cref="OpenPoll"/>; one PK at a time.</summary>
    [Alias("open-pk")]
    Task<PkOutcome> OpenPk(UserId by, OpenPk command);

    /// <summary>Closes a PK before its time. Done (also when it has closed), NotFound, Forbidden.</summary>
    [Alias("close-pk")]
    Task<PkOutcome> ClosePk(UserId by, PkId pk);
}
