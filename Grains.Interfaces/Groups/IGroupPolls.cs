using RedNote.Live;

namespace RedNote.Groups;

/// <summary>The polls of a group: any member opens one, and a message with its card is sent.</summary>
[Alias("groups.polls")]
public interface IGroupPolls : IGrain
{
    /// <summary>Done (also when the key was used for the same poll), NotFound, Forbidden (not a member, or muted),
    /// Invalid, Conflict, RateLimited (as many are open as can be). The poll comes with the message that shows it.
    /// </summary>
    [Alias("open-poll")]
    Task<GroupPollOutcome> OpenPoll(UserId by, string name, OpenPoll command);

    /// <summary>Closes a poll before its time: who opened it, owner, admins. Done (also when it has closed), NotFound,
    /// Forbidden.</summary>
    [Alias("close-poll")]
    Task<PollOutcome> ClosePoll(UserId by, PollId poll);

    /// <summary>A poll with the member's own choices. Done, NotFound, Forbidden.</summary>
    [Alias("poll")]
    Task<PollOutcome> Poll(PollId poll, UserId reader);

    /// <summary>A member's ballot; see <see cref="CastVote"/>.</summary>
    [Alias("vote")]
    Task<Verdict> Vote(UserId by, PollId poll, int choices);

    /// <summary>Who chose what in a poll that is not anonymous; members. As
    /// <see cref="IRoomPolls.Ballots"/>.</summary>
    [Alias("ballots")]
    Task<BallotsOutcome> Ballots(UserId by, PollId poll, UserId after, int limit);
}

/// <summary>The poll and the number of the message that shows it are null unless Done.</summary>
[GenerateSerializer, Immutable, Alias("groups.poll-outcome")]
public sealed record GroupPollOutcome(CommandStatus Status, Poll? Poll, long? Seq);
