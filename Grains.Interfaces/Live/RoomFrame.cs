using System.Collections.Immutable;
using System.Text.Json.Serialization;
using RedNote.Deals;

namespace RedNote.Live;

[JsonConverter(typeof(SnakeCaseEnum<DanmakuMode>))]
public enum DanmakuMode
{
    Scroll,
    Top,
    Bottom,
    Reverse,
}

/// <summary>
/// A bullet comment. <paramref name="Seq"/> numbers the room's messages, is durable and never reused.
/// <paramref name="At"/> is Unix ms, <paramref name="MediaAt"/> ms since the room went live. <paramref name="Count"/>:
/// how often it was said within a few seconds, by whomever; null is once. It is sent again when that grows.
/// </summary>
[GenerateSerializer, Immutable, Alias("live.danmaku")]
public sealed record Danmaku(
    long Seq,
    UserId UserId,
    string Name,
    string Text,
    DanmakuMode Mode,
    string Color,
    long At,
    long MediaAt,
    int? Count = null);

/// <summary>
/// Everything that changed in a room since the frame before: the stream event of a room and, as it is, the payload of
/// the hub's <c>frame</c>. <paramref name="Seq"/> grows by exactly one per frame within an epoch; null members did not
/// change. To a slow connection one frame stands for <paramref name="From"/>..<paramref name="Seq"/>.
/// </summary>
[GenerateSerializer, Immutable, Alias("live.frame")]
public sealed record RoomFrame(
    long Epoch,
    long Seq,
    long At,
    RoomCounters? Counters,
    ImmutableArray<Danmaku>? Danmaku,
    ImmutableArray<RoomEvent>? Events,
    FrameShed? Shed,
    long? From)
{
    /// <summary>Polls whose counts changed, as they are now.</summary>
    [Id(0)]
    public ImmutableArray<PollTally>? Polls { get; init; }

    /// <summary>PKs whose points changed, as they are now.</summary>
    [Id(1)]
    public ImmutableArray<PkTally>? Pks { get; init; }

    /// <summary>Questions whose upvotes changed, as they are now.</summary>
    [Id(2)]
    public ImmutableArray<QuestionTally>? Questions { get; init; }

    /// <summary>Draws that were entered, as they are now.</summary>
    [Id(3)]
    public ImmutableArray<DrawTally>? Draws { get; init; }

    /// <summary>Deals whose numbers changed, as they are now.</summary>
    [Id(4)]
    public ImmutableArray<DealTicker>? Deals { get; init; }

    /// <summary>The numbers of the danmaku that the display budget left out, for the front ends to tell their senders;
    /// viewers are told how many there are (<see cref="FrameShed.Sampled"/>).</summary>
    [Id(40), JsonIgnore]
    public ImmutableArray<SeqRun>? Sampled { get; init; }
}

/// <summary>How many danmaku a frame leaves out: <paramref name="Skipped"/> were dropped for this slow
/// connection.</summary>
[GenerateSerializer, Immutable, Alias("live.shed")]
public sealed record FrameShed(int Merged, int Sampled, int? Skipped);

/// <summary>Something that happened in a room and that no viewer may miss. <see cref="At"/> is Unix ms.</summary>
[GenerateSerializer, Immutable, Alias("live.event")]
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(RoomStarted), "started")]
[JsonDerivedType(typeof(RoomEnded), "ended")]
[JsonDerivedType(typeof(SettingsChanged), "settings")]
[JsonDerivedType(typeof(UserMuted), "muted")]
[JsonDerivedType(typeof(DrawAnnounced), "draw_opened")]
[JsonDerivedType(typeof(DrawResultAnnounced), "draw_result")]
[JsonDerivedType(typeof(LikeMilestone), "like_milestone")]
[JsonDerivedType(typeof(PollOpened), "poll_opened")]
[JsonDerivedType(typeof(PollClosed), "poll_closed")]
[JsonDerivedType(typeof(PkOpened), "pk_opened")]
[JsonDerivedType(typeof(PkClosed), "pk_closed")]
[JsonDerivedType(typeof(QuestionAsked), "question")]
[JsonDerivedType(typeof(QuestionAnswered), "question_answered")]
[JsonDerivedType(typeof(QuestionDismissed), "question_dismissed")]
[JsonDerivedType(typeof(ItemPinned), "pinned")]
[JsonDerivedType(typeof(ItemUnpinned), "unpinned")]
[JsonDerivedType(typeof(DealScheduled), "deal_scheduled")]
[JsonDerivedType(typeof(DealOpened), "deal_opened")]
[JsonDerivedType(typeof(DealClosed), "deal_ended")]
[JsonDerivedType(typeof(OrderAnnounced), "order_announced")]
[JsonDerivedType(typeof(MessageRecalled), "recalled")]
[JsonDerivedType(typeof(HeldReviewed), "reviewed")]
[JsonDerivedType(typeof(ModeratorChanged), "moderator")]
public abstract record RoomEvent
{
    [Id(0)]
    public long At { get; init; }
}

[GenerateSerializer, Immutable, Alias("live.event.started")]
public sealed record RoomStarted : RoomEvent;

[GenerateSerializer, Immutable, Alias("live.event.ended")]
public sealed record RoomEnded : RoomEvent;

[GenerateSerializer, Immutable, Alias("live.event.settings")]
public sealed record SettingsChanged(RoomSettings Settings) : RoomEvent;

/// <summary>A user was muted, until that time (Unix ms; null: until it is lifted), or may speak again.</summary>
[GenerateSerializer, Immutable, Alias("live.event.muted")]
public sealed record UserMuted(UserId UserId, bool Muted, long? Until = null) : RoomEvent;
