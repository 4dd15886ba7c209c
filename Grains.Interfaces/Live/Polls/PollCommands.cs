using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace RedNote.Live;

/// <summary>A ballot; answered by a <see cref="Verdict"/>.</summary>
/// <param name="PollId">The poll.</param>
/// <param name="Choices">Bit i is set when option i, from 0, is chosen.</param>
[GenerateSerializer, Immutable, Alias("live.cast-vote")]
public sealed record CastVote(PollId PollId, int Choices) : RoomCommand;

[JsonConverter(typeof(SnakeCaseEnum<PkSide>))]
public enum PkSide
{
    Left,
    Right,
}

[JsonConverter(typeof(SnakeCaseEnum<PkWinner>))]
public enum PkWinner
{
    Left,
    Right,

    /// <summary>Both have the same points.</summary>
    Draw,
}

/// <summary>Points for a side of a PK; answered as <see cref="LikeRoom"/> is.</summary>
[GenerateSerializer, Immutable, Alias("live.cheer")]
public sealed record Cheer(PkId PkId, PkSide Side, int Count) : RoomCommand;

/// <summary>Opens a poll for <paramref name="Seconds"/>; <paramref name="PollId"/> is taken unless the key is bound
/// already.</summary>
[GenerateSerializer, Immutable, Alias("live.open-poll")]
public sealed record OpenPoll(
    PollId PollId,
    string Question,
    ImmutableArray<string> Options,
    bool Multiple,
    bool Anonymous,
    int Seconds,
    string Key);

/// <summary>Opens a PK for <paramref name="Seconds"/>.</summary>
[GenerateSerializer, Immutable, Alias("live.open-pk")]
public sealed record OpenPk(PkId PkId, string Left, string Right, int Seconds, string Key);

/// <summary>The poll is null unless Done.</summary>
[GenerateSerializer, Immutable, Alias("live.poll-outcome")]
public sealed record PollOutcome(CommandStatus Status, Poll? Poll);

/// <summary>The PK is null unless Done.</summary>
[GenerateSerializer, Immutable, Alias("live.pk-outcome")]
public sealed record PkOutcome(CommandStatus Status, Pk? Pk);

/// <summary>The page is null unless Done.</summary>
[GenerateSerializer, Immutable, Alias("live.ballots-outcome")]
public sealed record BallotsOutcome(CommandStatus Status, BallotPage? Page);
