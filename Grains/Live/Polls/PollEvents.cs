using System.Collections.Immutable;
using RedNote.Polls;

namespace RedNote.Live;

/// <summary>Something that <see cref="PollBook"/> takes in.</summary>
public abstract record PollEvent(long At) : LiveRoomEvent(At);

/// <summary>A poll was opened.</summary>
/// <param name="At">When, Unix ms.</param>
/// <param name="PollId">No other poll has it.</param>
/// <param name="By">Who opened it.</param>
/// <param name="Question">1 to 120 characters.</param>
/// <param name="Options">2 to 10.</param>
/// <param name="Multiple">Whether a ballot may name several.</param>
/// <param name="Anonymous">Whether nobody is told who chose what.</param>
/// <param name="ClosesAt">Unix ms.</param>
/// <param name="MediaAt">Media time, ms.</param>
/// <param name="Key">The key of who opened it.</param>
/// <param name="Check">A hash of what was asked for with the key.</param>
public sealed record PollBegan(
    long At,
    PollId PollId,
    UserId By,
    string Question,
    ImmutableArray<string> Options,
    bool Multiple,
    bool Anonymous,
    long ClosesAt,
    long MediaAt,
    string Key,
    long Check) : PollEvent(At), IMediaEvent
{
    internal PollTerms ToTerms()
        => new(At, PollId, By, Question, Options, Multiple, Anonymous, ClosesAt, Key, Check);
}

/// <summary>
/// The ballots of one batch in one poll. Those of an anonymous poll are here with their voters too: one ballot per
/// voter for ever cannot be kept up without knowing who has voted, nor can a voter be told the own choice. The log is
/// for the operators of the server alone; no route reads them from it.
/// </summary>
/// <param name="At">When, Unix ms.</param>
/// <param name="PollId">The poll.</param>
/// <param name="Ballots">Those who chose the same together.</param>
public sealed record BallotsCast(long At, PollId PollId, ImmutableArray<BallotGroup> Ballots) : PollEvent(At);

/// <summary>A poll closed, with this result.</summary>
/// <param name="At">When, Unix ms: its time, or when it was closed before that.</param>
/// <param name="PollId">The poll.</param>
/// <param name="Counts">Ballots that name each option.</param>
/// <param name="Voters">Ballots.</param>
/// <param name="MediaAt">Media time, ms.</param>
/// <param name="By">Who closed it before its time; null: nobody.</param>
public sealed record PollEnded(
    long At, PollId PollId, ImmutableArray<int> Counts, int Voters, long MediaAt, UserId? By = null)
    : PollEvent(At), IMediaEvent;

/// <summary>A PK was opened.</summary>
/// <param name="At">When, Unix ms.</param>
/// <param name="PkId">No other PK has it.</param>
/// <param name="By">Who opened it.</param>
/// <param name="Left">Name of one side.</param>
/// <param name="Right">Name of the other.</param>
/// <param name="ClosesAt">Unix ms.</param>
/// <param name="MediaAt">Media time, ms.</param>
/// <param name="Key">The key of who opened it.</param>
/// <param name="Check">A hash of what was asked for with the key.</param>
public sealed record PkBegan(
    long At, PkId PkId, UserId By, string Left, string Right, long ClosesAt, long MediaAt, string Key, long Check)
    : PollEvent(At), IMediaEvent;

/// <summary>The cheers of one batch in one PK.</summary>
/// <param name="At">When, Unix ms.</param>
/// <param name="PkId">The PK.</param>
/// <param name="Left">Points for the left, those with keys included.</param>
/// <param name="Right">Points for the right.</param>
/// <param name="Keys">The keys that were bound, in order; null: none.</param>
public sealed record CheersCounted(long At, PkId PkId, long Left, long Right, ImmutableArray<LikeKey>? Keys)
    : PollEvent(At);

/// <summary>A PK ended with these points.</summary>
/// <param name="At">When, Unix ms: its time, or when it was closed before that.</param>
/// <param name="PkId">The PK.</param>
/// <param name="Left">Points of the left.</param>
/// <param name="Right">Points of the right.</param>
/// <param name="MediaAt">Media time, ms.</param>
/// <param name="By">Who closed it before its time; null: nobody.</param>
public sealed record PkEnded(long At, PkId PkId, long Left, long Right, long MediaAt, UserId? By = null)
    : PollEvent(At), IMediaEvent;
