using System.Collections.Immutable;

namespace RedNote.Polls;

/// <summary>A poll as it was opened.</summary>
/// <param name="At">When, Unix ms.</param>
/// <param name="PollId">No other poll has it.</param>
/// <param name="By">Who opened it.</param>
/// <param name="Question">1 to 120 characters; empty once the poll was taken back.</param>
/// <param name="Options">2 to 10; each empty once the poll was taken back.</param>
/// <param name="Multiple">Whether a ballot may name several.</param>
/// <param name="Anonymous">Whether nobody is told who chose what.</param>
/// <param name="ClosesAt">Unix ms.</param>
/// <param name="Key">The key of who opened it.</param>
/// <param name="Check">A hash of what was asked for with the key.</param>
public sealed record PollTerms(
    long At,
    PollId PollId,
    UserId By,
    string Question,
    ImmutableArray<string> Options,
    bool Multiple,
    bool Anonymous,
    long ClosesAt,
    string Key,
    long Check)
{
    /// <summary>What is left of a poll that was taken back: how many options it had, not what it asked.</summary>
    public PollTerms Blanked() => this with { Question = "", Options = [.. Options.Select(_ => "")] };
}

/// <summary>Voters who chose the same.</summary>
/// <param name="Choices">The options, from 0, in order.</param>
/// <param name="Voters">In the order in which they voted.</param>
public sealed record BallotGroup(ImmutableArray<int> Choices, ImmutableArray<UserId> Voters);
