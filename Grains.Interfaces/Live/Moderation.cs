using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace RedNote.Live;

/// <summary>Which danmaku wait for the host or a moderator before they are shown. Those of the host and the moderators
/// never do.</summary>
[JsonConverter(typeof(SnakeCaseEnum<HoldMode>))]
public enum HoldMode
{
    /// <summary>None; one with a blocked word is refused.</summary>
    Off,

    /// <summary>Those with one of the room's blocked words, which are refused otherwise.</summary>
    Words,

    /// <summary>Those too that look like advertising: addresses, long numbers, many at signs.</summary>
    Suspicious,

    /// <summary>Every one.</summary>
    All,
}

/// <summary>Why a danmaku is held.</summary>
[JsonConverter(typeof(SnakeCaseEnum<HoldReason>))]
public enum HoldReason
{
    /// <summary>Every one is (<see cref="HoldMode.All"/>).</summary>
    Review,
    BlockedWord,
    Suspicious,
}

/// <summary>A danmaku that waits to be shown; <paramref name="HeldId"/> numbers those of a room and is never used
/// again. <paramref name="At"/> is Unix ms.</summary>
[GenerateSerializer, Immutable, Alias("live.held-danmaku")]
public sealed record HeldDanmaku(
    long HeldId,
    UserId UserId,
    string Name,
    string Text,
    DanmakuMode Mode,
    string Color,
    HoldReason Reason,
    long At);

/// <summary>Those that wait, oldest first; <paramref name="Total"/> counts all of them. <paramref name="Next"/> is
/// where to go on, null behind the last.</summary>
[GenerateSerializer, Immutable, Alias("live.held-page")]
public sealed record HeldPage(ImmutableArray<HeldDanmaku> Items, int Total, long? Next);

/// <summary>The page is null unless Done.</summary>
[GenerateSerializer, Immutable, Alias("live.held-outcome")]
public sealed record HeldOutcome(CommandStatus Status, HeldPage? Page);

/// <summary>What became of a held danmaku: <paramref name="Seq"/> is its number when it was approved.</summary>
[GenerateSerializer, Immutable, Alias("live.review-outcome")]
public sealed record ReviewOutcome(CommandStatus Status, long? Seq);

/// <summary>What somebody with a say in a room did.</summary>
[JsonConverter(typeof(SnakeCaseEnum<AuditAct>))]
public enum AuditAct
{
    SettingsChanged,
    ModeratorAdded,
    ModeratorRemoved,
    Muted,
    Unmuted,
    Approved,
    Refused,
    Recalled,
    Started,
    Ended,
    PollOpened,
    PollClosed,
    PkOpened,
    PkClosed,
    Pinned,
    Unpinned,
    QuestionAnswered,
    QuestionDismissed,
    DrawOpened,

    /// <summary>The host made a deal.</summary>
    DealAdded,
}

/// <summary>One act; null is what does not apply to it.</summary>
/// <param name="Id">Grows with each act of a room, with gaps.</param>
/// <param name="At">Unix ms.</param>
/// <param name="Act">What was done.</param>
/// <param name="By">Who did it; always there in an answer.</param>
/// <param name="UserId">Whom it concerns.</param>
/// <param name="Seq">The danmaku that was approved or recalled.</param>
/// <param name="HeldId">The held danmaku that was approved or refused.</param>
/// <param name="Until">When a mute ends, Unix ms; null: when it is lifted.</param>
/// <param name="Text">What was refused, pinned, answered, or asked by a poll; what a draw is for, what
/// a deal is called.</param>
/// <param name="Settings">The settings as they were from then on.</param>
[GenerateSerializer, Immutable, Alias("live.audit-item")]
public sealed record AuditItem(
    long Id,
    long At,
    AuditAct Act,
    UserId? By,
    UserId? UserId = null,
    long? Seq = null,
    long? HeldId = null,
    long? Until = null,
    string? Text = null,
    HostSettings? Settings = null)
{
    /// <summary>The poll that was opened, closed or pinned.</summary>
    [Id(0)]
    public PollId? PollId { get; init; }

    /// <summary>The PK that was opened or closed.</summary>
    [Id(1)]
    public PkId? PkId { get; init; }

    /// <summary>The question that was answered, taken away or pinned.</summary>
    [Id(2)]
    public QuestionId? QuestionId { get; init; }

    /// <summary>The draw that was opened.</summary>
    [Id(3)]
    public DrawId? DrawId { get; init; }

    /// <summary>The deal that was made or pinned.</summary>
    [Id(4)]
    public DealId? DealId { get; init; }
}

/// <summary>Acts, newest first. <paramref name="Next"/> is where to go on, null behind the first act of all.</summary>
[GenerateSerializer, Immutable, Alias("live.audit-page")]
public sealed record AuditPage(ImmutableArray<AuditItem> Items, long? Next)
{
    /// <summary>Items in one answer.</summary>
    public const int MaxLimit = 200;
}

/// <summary>The page is null unless Done.</summary>
[GenerateSerializer, Immutable, Alias("live.audit-outcome")]
public sealed record AuditOutcome(CommandStatus Status, AuditPage? Page);

/// <summary>A held danmaku was approved, with the number it is shown under, or refused. Its sender knows it by its id.
/// </summary>
[GenerateSerializer, Immutable, Alias("live.event.reviewed")]
public sealed record HeldReviewed(long HeldId, bool Approved, long? Seq) : RoomEvent;

/// <summary>A danmaku was taken back: it is not to be shown any longer.</summary>
[GenerateSerializer, Immutable, Alias("live.event.recalled")]
public sealed record MessageRecalled(long Seq) : RoomEvent;

/// <summary>Somebody became a moderator, or is none any more.</summary>
[GenerateSerializer, Immutable, Alias("live.event.moderator")]
public sealed record ModeratorChanged(UserId UserId, bool Moderator) : RoomEvent;
