using System.Collections.Immutable;
using System.Text.Json.Serialization;
using RedNote.Journal;

namespace RedNote.Live;

/// <summary>
/// Something that happened in a room, as its log keeps it for ever: members may be added, never renamed or dropped.
/// </summary>
/// <param name="At">When, Unix ms.</param>
[JsonPolymorphic(
    TypeDiscriminatorPropertyName = JournalJson.Kind,
    UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(RoomCreated), "room.created")]
[JsonDerivedType(typeof(ShowStarted), "room.started")]
[JsonDerivedType(typeof(ShowEnded), "room.ended")]
[JsonDerivedType(typeof(RulesChanged), "room.settings_changed")]
[JsonDerivedType(typeof(ViewerMuted), "room.muted")]
[JsonDerivedType(typeof(ViewerUnmuted), "room.unmuted")]
[JsonDerivedType(typeof(EpochBegan), "room.epoch_began")]
[JsonDerivedType(typeof(DanmakuSent), "room.danmaku_sent")]
[JsonDerivedType(typeof(LikesCounted), "room.liked")]
[JsonDerivedType(typeof(DanmakuSampled), "room.danmaku_sampled")]
[JsonDerivedType(typeof(BatchApplied), "room.batch_applied")]
[JsonDerivedType(typeof(PeakReached), "room.peak_reached")]
[JsonDerivedType(typeof(DrawOpened), "room.draw_opened")]
[JsonDerivedType(typeof(DrawPhraseSaid), "room.draw_phrase_said")]
[JsonDerivedType(typeof(DrawEntered), "room.draw_entered")]
[JsonDerivedType(typeof(DrawClosed), "room.draw_closed")]
[JsonDerivedType(typeof(DrawListed), "room.draw_listed")]
[JsonDerivedType(typeof(DrawDecided), "room.draw_decided")]
[JsonDerivedType(typeof(AudienceChanged), "room.audience_changed")]
[JsonDerivedType(typeof(AudienceCounted), "room.audience_counted")]
[JsonDerivedType(typeof(MilestoneReached), "room.like_milestone")]
[JsonDerivedType(typeof(PollBegan), "room.poll_opened")]
[JsonDerivedType(typeof(BallotsCast), "room.ballots_cast")]
[JsonDerivedType(typeof(PollEnded), "room.poll_closed")]
[JsonDerivedType(typeof(PkBegan), "room.pk_opened")]
[JsonDerivedType(typeof(CheersCounted), "room.cheered")]
[JsonDerivedType(typeof(PkEnded), "room.pk_closed")]
[JsonDerivedType(typeof(QuestionReceived), "room.question_asked")]
[JsonDerivedType(typeof(QuestionsBacked), "room.questions_upvoted")]
[JsonDerivedType(typeof(QuestionSettled), "room.question_answered")]
[JsonDerivedType(typeof(QuestionRemoved), "room.question_dismissed")]
[JsonDerivedType(typeof(DealAdded), "room.deal_added")]
[JsonDerivedType(typeof(DealDropped), "room.deal_dropped")]
[JsonDerivedType(typeof(DealPhraseSaid), "room.deal_phrase_said")]
[JsonDerivedType(typeof(DealReported), "room.deal_reported")]
[JsonDerivedType(typeof(DealSaleOpened), "room.deal_opened")]
[JsonDerivedType(typeof(DealSaleClosed), "room.deal_ended")]
[JsonDerivedType(typeof(DealEndOwed), "room.deal_end_owed")]
[JsonDerivedType(typeof(PinSet), "room.pinned")]
[JsonDerivedType(typeof(PinTaken), "room.unpinned")]
[JsonDerivedType(typeof(DanmakuMerged), "room.danmaku_merged")]
[JsonDerivedType(typeof(DanmakuHeld), "room.danmaku_held")]
[JsonDerivedType(typeof(HeldApproved), "room.held_approved")]
[JsonDerivedType(typeof(HeldRefused), "room.held_refused")]
[JsonDerivedType(typeof(DanmakuRecalled), "room.danmaku_recalled")]
[JsonDerivedType(typeof(ModeratorAdded), "room.moderator_added")]
[JsonDerivedType(typeof(ModeratorRemoved), "room.moderator_removed")]
public abstract record LiveRoomEvent([property: JsonPropertyOrder(-1)] long At);

/// <summary>An event with a place on the tape. Media time never goes back.</summary>
public interface IMediaEvent
{
    /// <summary>Media time, ms.</summary>
    long MediaAt { get; }
}

/// <summary>The room exists from here on, in state scheduled.</summary>
/// <param name="At">When, Unix ms.</param>
/// <param name="Token">What the creator sent along, to tell a repeat from a taken id.</param>
/// <param name="HostId">Whose room it is.</param>
/// <param name="HostName">As the host was called then.</param>
/// <param name="Title">1 to 60 characters.</param>
/// <param name="Cover">Address of a picture, or null.</param>
/// <param name="StartsAt">What it is announced for, Unix ms, or null.</param>
public sealed record RoomCreated(
    long At, string Token, UserId HostId, string HostName, string Title, string? Cover, long? StartsAt)
    : LiveRoomEvent(At);

/// <summary>The room went live; media time counts from here.</summary>
public sealed record ShowStarted(long At) : LiveRoomEvent(At);

/// <summary>The show ended for good.</summary>
/// <param name="At">When, Unix ms.</param>
/// <param name="MediaAt">Media time, ms; 0 if it never went live.</param>
public sealed record ShowEnded(long At, long MediaAt) : LiveRoomEvent(At);

/// <summary>An activation of the room begins to send frames, in an epoch that was never used before.</summary>
public sealed record EpochBegan(long At, long Epoch) : LiveRoomEvent(At);

/// <summary>A danmaku was accepted.</summary>
/// <param name="At">When, Unix ms.</param>
/// <param name="Seq">Its number in the room, one above the last.</param>
/// <param name="UserId">Who sent it.</param>
/// <param name="Name">As the sender was called then.</param>
/// <param name="Text">1 to 200 characters; empty once it was blanked.</param>
/// <param name="Mode">Left out of the JSON when it is scroll.</param>
/// <param name="Color"><c>#rrggbb</c>.</param>
/// <param name="MediaAt">Media time, ms; never less than that of an earlier event.</param>
/// <param name="Key">The sender's key, or null.</param>
/// <param name="Check">With a key: <see cref="KeyLedger.ContentHash(SendDanmaku)"/>.</param>
/// <param name="HeldId">Its number while it was held; null: it was not. The key is then bound to that.</param>
public sealed record DanmakuSent(
    long At,
    long Seq,
    UserId UserId,
    string Name,
    string Text,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] DanmakuMode Mode,
    string Color,
    long MediaAt,
    string? Key,
    long? Check,
    long? HeldId = null) : LiveRoomEvent(At)
{
    public Danmaku ToDanmaku() => new(Seq, UserId, Name, Text, Mode, Color, At, MediaAt);
}

/// <summary>The likes of one batch.</summary>
/// <param name="At">When, Unix ms.</param>
/// <param name="Count">All of them, those with keys included.</param>
/// <param name="MediaAt">Media time, ms.</param>
/// <param name="Keys">The keys that were bound, in order; null: none.</param>
public sealed record LikesCounted(long At, long Count, long MediaAt, ImmutableArray<LikeKey>? Keys)
    : LiveRoomEvent(At)
{
    /// <summary>Who sent how many; not stored, as fans are counted by events of their own.</summary>
    internal IReadOnlyList<(UserId User, int Count)> Senders { get; init; } = [];
}

/// <summary>A key bound to a count of likes.</summary>
/// <param name="UserId">Whose key.</param>
/// <param name="Key">The client's key.</param>
/// <param name="Check"><see cref="KeyLedger.ContentHash(LikeRoom)"/>.</param>
/// <param name="Count">The likes accepted.</param>
public sealed record LikeKey(UserId UserId, string Key, long Check, int Count);

/// <summary>A frame left danmaku out for want of room.</summary>
/// <param name="At">When, Unix ms.</param>
/// <param name="Runs">Their numbers, in order.</param>
public sealed record DanmakuSampled(long At, ImmutableArray<SeqRun> Runs) : LiveRoomEvent(At);

/// <summary>A gateway's batch is applied with the events before this one, and is not to be applied again.</summary>
/// <param name="At">When, Unix ms.</param>
/// <param name="Gateway">Whose.</param>
/// <param name="Number">Which.</param>
/// <param name="Settled">Up to this number all danmaku were shown by then, or left out by an event before this one;
/// null in older logs.</param>
public sealed record BatchApplied(long At, string Gateway, long Number, long? Settled = null) : LiveRoomEvent(At);

/// <summary>There were never as many viewers at once before.</summary>
public sealed record PeakReached(long At, int Viewers) : LiveRoomEvent(At);
