using System.Collections.Immutable;
using RedNote.Polls;

namespace RedNote.Groups;

/// <summary>A member opened a poll.</summary>
/// <param name="At">When, Unix ms.</param>
/// <param name="Seq">The message that shows it.</param>
/// <param name="Terms">The poll.</param>
public sealed record GroupPollOpened(long At, long Seq, PollTerms Terms) : GroupLogEvent(At);

/// <summary>Members voted. Those of an anonymous poll are here with their names too, or nobody could be kept from
/// voting twice; no route reads them from it.</summary>
public sealed record GroupBallotsCast(long At, PollId PollId, ImmutableArray<BallotGroup> Ballots)
    : GroupLogEvent(At);

/// <summary>A poll closed, with this result.</summary>
/// <param name="At">When, Unix ms.</param>
/// <param name="PollId">The poll.</param>
/// <param name="Counts">Ballots that name each option.</param>
/// <param name="Voters">Ballots.</param>
/// <param name="By">Who closed it before its time; null: nobody.</param>
public sealed record GroupPollClosed(
    long At, PollId PollId, ImmutableArray<int> Counts, int Voters, UserId? By) : GroupLogEvent(At);
