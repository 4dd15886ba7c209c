using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace RedNote.Live;

/// <summary>The settings as they are from here on, all of them.</summary>
/// <param name="At">When, Unix ms.</param>
/// <param name="SlowModeSeconds">0 is off.</param>
/// <param name="FollowersOnly">Whether only the host's followers may speak.</param>
/// <param name="BlockedWords">As the host wrote them.</param>
/// <param name="Hold">What waits for review.</param>
/// <param name="Shield">Whether the strictest rules hold instead.</param>
/// <param name="By">Who changed them; null in old logs, where only the host could.</param>
public sealed record RulesChanged(
    long At,
    int SlowModeSeconds,
    bool FollowersOnly,
    ImmutableArray<string> BlockedWords,
    HoldMode Hold = HoldMode.Off,
    bool Shield = false,
    UserId? By = null) : LiveRoomEvent(At)
{
    public HostSettings ToSettings() => new(SlowModeSeconds, FollowersOnly, BlockedWords, Hold, Shield);
}

/// <summary>A viewer lost the word.</summary>
/// <param name="At">When, Unix ms.</param>
/// <param name="UserId">Who.</param>
/// <param name="By">By whom; null in old logs, where only the host could.</param>
/// <param name="Until">When it comes back by itself, Unix ms; null: never.</param>
public sealed record ViewerMuted(long At, UserId UserId, UserId? By = null, long? Until = null) : LiveRoomEvent(At);

/// <summary>A viewer may speak again.</summary>
public sealed record ViewerUnmuted(long At, UserId UserId, UserId? By = null) : LiveRoomEvent(At);

/// <summary>A user helps the host to keep order, and may speak again if they were muted.</summary>
public sealed record ModeratorAdded(long At, UserId UserId, UserId By) : LiveRoomEvent(At);

/// <summary>A user is no moderator any more.</summary>
public sealed record ModeratorRemoved(long At, UserId UserId, UserId By) : LiveRoomEvent(At);

/// <summary>A danmaku waits for review; it is shown by nobody yet.</summary>
/// <param name="At">When, Unix ms.</param>
/// <param name="HeldId">Its number among the held ones of the room, one above the last.</param>
/// <param name="UserId">Who sent it.</param>
/// <param name="Name">As the sender was called then.</param>
/// <param name="Text">1 to 200 characters; empty once it was blanked.</param>
/// <param name="Mode">Left out of the JSON when it is scroll.</param>
/// <param name="Color"><c>#rrggbb</c>.</param>
/// <param name="Reason">Why.</param>
/// <param name="Key">The sender's key, or null.</param>
/// <param name="Check">With a key: <see cref="KeyLedger.ContentHash(SendDanmaku)"/>.</param>
public sealed record DanmakuHeld(
    long At,
    long HeldId,
    UserId UserId,
    string Name,
    string Text,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] DanmakuMode Mode,
    string Color,
    HoldReason Reason,
    string? Key,
    long? Check) : LiveRoomEvent(At)
{
    public HeldDanmaku ToHeld() => new(HeldId, UserId, Name, Text, Mode, Color, Reason, At);
}

/// <summary>A held danmaku may be shown; the <see cref="DanmakuSent"/> behind this event shows it.</summary>
public sealed record HeldApproved(long At, long HeldId, UserId UserId, UserId By, long Seq) : LiveRoomEvent(At);

/// <summary>A held danmaku will not be shown; what it said stays for the host to judge the judge by.</summary>
public sealed record HeldRefused(long At, long HeldId, UserId UserId, UserId By, string Text) : LiveRoomEvent(At);

/// <summary>A danmaku was taken back. With this event its text was blanked in the log.</summary>
public sealed record DanmakuRecalled(long At, long Seq, UserId UserId, UserId By) : LiveRoomEvent(At);

/// <summary>Danmaku like one that was shown came, and are counted with it. Their texts are not kept.</summary>
/// <param name="At">When, Unix ms.</param>
/// <param name="Seq">The one that was shown.</param>
/// <param name="Count">How often it was said with these, at least 2.</param>
/// <param name="Senders">Those of one batch, in order.</param>
public sealed record DanmakuMerged(long At, long Seq, int Count, ImmutableArray<MergedSender> Senders)
    : LiveRoomEvent(At);

/// <summary>Who sent a danmaku that was merged.</summary>
/// <param name="UserId">Who.</param>
/// <param name="Key">The sender's key, or null.</param>
/// <param name="Check">With a key: <see cref="KeyLedger.ContentHash(SendDanmaku)"/>.</param>
public sealed record MergedSender(UserId UserId, string? Key = null, long? Check = null);
