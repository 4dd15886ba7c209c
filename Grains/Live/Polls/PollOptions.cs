using System.ComponentModel.DataAnnotations;

namespace RedNote.Live;

/// <summary>The bounds of polls, PKs and questions.</summary>
public sealed partial class LiveRoomOptions
{
    /// <summary>Polls that are open at once. Default 5.</summary>
    [Range(1, 20)]
    public int OpenPolls { get; set; } = 5;

    /// <summary>Polls that a room keeps, and as many PKs: one that has closed goes, the oldest first, when it is seven
    /// days old and another needs its place; until then no other can be opened. Default 200.</summary>
    [Range(20, 2_000)]
    public int KeptPolls { get; set; } = 200;

    /// <summary>Longest time a poll or a PK is open, in seconds. Default 86,400.</summary>
    [Range(1, 604_800)]
    public int MaxPollSeconds { get; set; } = 86_400;

    /// <summary>Ballots of one poll; beyond it a voter hears <c>rate_limited</c>. A ballot takes 10 to 16 bytes of
    /// memory. Default 10,000,000.</summary>
    [Range(100, 100_000_000)]
    public int Ballots { get; set; } = 10_000_000;

    /// <summary>Ballots of closed polls that are kept, to tell voters what they chose and hosts who chose what; those
    /// of the poll that closed first are let go first. Counts are kept anyway. Default 4,000,000.</summary>
    [Range(0, 100_000_000)]
    public int KeptBallots { get; set; } = 4_000_000;

    /// <summary>Closed polls, and PKs, in the snapshot of somebody who joins. Default 5.</summary>
    [Range(0, 20)]
    public int SnapshotPolls { get; set; } = 5;

    /// <summary>Questions that wait for an answer; beyond it an asker hears <c>rate_limited</c>. Default 500.</summary>
    [Range(1, 10_000)]
    public int OpenQuestions { get; set; } = 500;

    /// <summary>Questions of one user that wait for an answer. Default 5.</summary>
    [Range(1, 100)]
    public int OpenQuestionsPerUser { get; set; } = 5;

    /// <summary>Answered questions that are kept; the one answered first goes first. Default 500.</summary>
    [Range(1, 10_000)]
    public int AnsweredQuestions { get; set; } = 500;

    /// <summary>Upvotes of all open questions; beyond it <c>rate_limited</c>. Default 5,000,000.</summary>
    [Range(100, 100_000_000)]
    public int Upvotes { get; set; } = 5_000_000;

    /// <summary>Questions in the snapshot of somebody who joins. Default 20.</summary>
    [Range(0, 100)]
    public int SnapshotQuestions { get; set; } = 20;

    /// <summary>Questions whose upvotes one frame tells; the rest waits. Default 50.</summary>
    [Range(1, 500)]
    public int FrameQuestions { get; set; } = 50;
}
