using System.Collections.Immutable;

namespace RedNote.Live;

/// <summary>
/// A poll of a room as viewers may see it. Times are Unix ms; <paramref name="ClosesAt"/> is when it closes, or closed.
/// </summary>
/// <param name="PollId">Its id.</param>
/// <param name="Question">1 to 120 characters.</param>
/// <param name="Options">2 to 10, each 1 to 40 characters.</param>
/// <param name="Multiple">Whether a ballot may name several options.</param>
/// <param name="Anonymous">Whether nobody is told who chose what.</param>
/// <param name="Counts">Ballots that name each option.</param>
/// <param name="Voters">Ballots; one per user.</param>
/// <param name="OpenedAt">When it was opened.</param>
/// <param name="ClosesAt">After this no ballot counts.</param>
/// <param name="Closed">Whether it has closed; its counts are final then.</param>
/// <param name="MyChoices">The options, from 0, that the asking user has chosen; null: has not voted, or nobody asked.
/// </param>
[GenerateSerializer, Immutable, Alias("live.poll")]
public sealed record Poll(
    PollId PollId,
    string Question,
    ImmutableArray<string> Options,
    bool Multiple,
    bool Anonymous,
    ImmutableArray<int> Counts,
    int Voters,
    long OpenedAt,
    long ClosesAt,
    bool Closed,
    ImmutableArray<int>? MyChoices);

/// <summary>The counts of a poll as they are: the latest one is the whole truth.</summary>
[GenerateSerializer, Immutable, Alias("live.poll-tally")]
public sealed record PollTally(PollId PollId, ImmutableArray<int> Counts, int Voters, bool Closed);

/// <summary>Somebody's choices in a poll that is not anonymous.</summary>
[GenerateSerializer, Immutable, Alias("live.ballot")]
public sealed record Ballot(UserId UserId, ImmutableArray<int> Choices);

/// <summary>Ballots in order of the users' ids; <paramref name="Next"/> is what to ask after for more, null at the end.
/// </summary>
[GenerateSerializer, Immutable, Alias("live.ballot-page")]
public sealed record BallotPage(ImmutableArray<Ballot> Items, UserId? Next)
{
    /// <summary>Ballots in one answer.</summary>
    public const int MaxLimit = 1_000;
}

/// <summary>Two sides that viewers cheer for until the time is up.</summary>
/// <param name="PkId">Its id.</param>
/// <param name="Left">Name of one side, 1 to 40 characters.</param>
/// <param name="Right">Name of the other side.</param>
/// <param name="LeftPoints">Cheers for the left.</param>
/// <param name="RightPoints">Cheers for the right.</param>
/// <param name="OpenedAt">Unix ms.</param>
/// <param name="ClosesAt">After this no cheer counts; Unix ms.</param>
/// <param name="Closed">Whether it has closed; its points are final then.</param>
/// <param name="Winner">Null while it is open.</param>
[GenerateSerializer, Immutable, Alias("live.pk")]
public sealed record Pk(
    PkId PkId,
    string Left,
    string Right,
    long LeftPoints,
    long RightPoints,
    long OpenedAt,
    long ClosesAt,
    bool Closed,
    PkWinner? Winner);

/// <summary>The points of a PK as they are.</summary>
[GenerateSerializer, Immutable, Alias("live.pk-tally")]
public sealed record PkTally(PkId PkId, long LeftPoints, long RightPoints, bool Closed);
