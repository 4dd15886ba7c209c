using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace RedNote.Live;

/// <summary>One thing a viewer asks of a room. The front end has authenticated <see cref="User"/>.</summary>
[GenerateSerializer, Immutable, Alias("live.command")]
public abstract record RoomCommand
{
    [Id(0)]
    public required UserId User { get; init; }

    /// <summary>The client's idempotency key, or null.</summary>
    [Id(1)]
    public string? Key { get; init; }
}

/// <summary>Answered by a <see cref="Verdict"/>.</summary>
[GenerateSerializer, Immutable, Alias("live.send-danmaku")]
public sealed record SendDanmaku(string Name, string Text, DanmakuMode Mode, string Color) : RoomCommand;

/// <summary>Answered by <see cref="LikesAccepted"/>, or by a <see cref="Verdict"/> that refuses.</summary>
[GenerateSerializer, Immutable, Alias("live.like")]
public sealed record LikeRoom(int Count) : RoomCommand;

/// <summary>The answer to one <see cref="RoomCommand"/>.</summary>
[GenerateSerializer, Immutable, Alias("live.answer")]
public abstract record RoomAnswer;

[JsonConverter(typeof(SnakeCaseEnum<VerdictStatus>))]
public enum VerdictStatus
{
    Accepted,
    Merged,
    Held,
    Rejected,
}

[JsonConverter(typeof(SnakeCaseEnum<RejectReason>))]
public enum RejectReason
{
    NotLive,
    Muted,
    SlowMode,
    FollowersOnly,
    BlockedWord,
    Duplicate,
    TooLong,
    Empty,
    Invalid,
    RateLimited,
    TryAgain,
    NotFound,
    Conflict,
    DrawClosed,
    AlreadyVoted,
    InvalidChoice,
    PollClosed,

    /// <summary>Held, and then refused by the host or a moderator. In totals only: no verdict says it.</summary>
    Refused,
}

/// <summary>
/// What became of a message: accepted under <paramref name="Seq"/>, counted with the like one of that
/// <paramref name="Seq"/> (merged), held under <paramref name="HeldId"/>, or rejected for <paramref name="Reason"/>,
/// with a time in milliseconds after which a retry makes sense where there is one.
/// </summary>
[GenerateSerializer, Immutable, Alias("live.verdict")]
public sealed record Verdict(
    VerdictStatus Status, long? Seq, RejectReason? Reason, long? RetryAfterMs, long? HeldId = null) : RoomAnswer
{
    /// <summary>Of a draw that was refused (<c>followers_only</c> or <c>invalid</c>): the condition that is not
    /// met.</summary>
    [Id(20)]
    public DrawConditionKind? Unmet { get; init; }

    /// <summary>Accepted, and nothing that a seq numbers.</summary>
    public static Verdict Done { get; } = new(VerdictStatus.Accepted, null, null, null);

    /// <summary>Of a question: its number.</summary>
    [Id(0)]
    public QuestionId? QuestionId { get; init; }

    public static Verdict Accept(long seq) => new(VerdictStatus.Accepted, seq, null, null);

    /// <summary>Shown with the one of that number.</summary>
    public static Verdict Merge(long seq) => new(VerdictStatus.Merged, seq, null, null);

    /// <summary>Waits for review.</summary>
    public static Verdict Hold(long heldId) => new(VerdictStatus.Held, null, null, null, heldId);

    public static Verdict Reject(RejectReason reason, long? retryAfterMs = null)
        => new(VerdictStatus.Rejected, null, reason, retryAfterMs);
}

/// <summary>How many likes were counted.</summary>
[GenerateSerializer, Immutable, Alias("live.likes-accepted")]
public sealed record LikesAccepted(int Accepted) : RoomAnswer;

/// <summary>
/// What one front end's connections asked of a room, in order of arrival, at most <see cref="MaxItems"/>. A gateway
/// has one batch in flight; <paramref name="Number"/> grows by one, and a batch that is sent again after a lost answer
/// is applied once.
/// </summary>
/// <param name="Gateway">Names the front end process and its gateway for this room; fresh at every start.</param>
/// <param name="Number">From 1.</param>
/// <param name="Viewers">Connections of this front end in the room.</param>
/// <param name="Commands">What was asked.</param>
[GenerateSerializer, Immutable, Alias("live.batch")]
public sealed record RoomBatch(string Gateway, long Number, int Viewers, ImmutableArray<RoomCommand> Commands)
{
    public const int MaxItems = 512;

    /// <summary>What the front end has to tell besides; null: nothing.</summary>
    [Id(0)]
    public GatewayReport? Report { get; init; }
}

/// <summary>One answer per command, in the same order.</summary>
[GenerateSerializer, Immutable, Alias("live.batch-answer")]
public sealed record BatchAnswer(ImmutableArray<RoomAnswer> Answers)
{
    /// <summary>False when the room has not taken note of the batch, neither of its danmaku nor of its report: the
    /// front end counts the refusals.</summary>
    [Id(0)]
    public bool IsCounted { get; init; } = true;
}
