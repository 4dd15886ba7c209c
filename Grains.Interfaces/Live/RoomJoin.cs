using System.Collections.Immutable;
using RedNote.Deals;

namespace RedNote.Live;

/// <summary>What a client has seen: every frame up to (epoch, seq) and every danmaku up to
/// <paramref name="DanmakuSeq"/>.</summary>
[GenerateSerializer, Immutable, Alias("live.resume-point")]
public sealed record ResumePoint(long Epoch, long Seq, long? DanmakuSeq);

/// <summary>
/// A room at (epoch, seq): the next frame is seq + 1. With <paramref name="Recovered"/> true,
/// <paramref name="Missed"/> holds every frame after the resume point and <paramref name="Recent"/> is empty; otherwise
/// <paramref name="Recent"/> holds what was shown after the resume point's danmaku (at most 500), or the last 50.
/// </summary>
[GenerateSerializer, Immutable, Alias("live.snapshot")]
public sealed record RoomSnapshot(
    Room Room,
    long Epoch,
    long Seq,
    RoomSettings Settings,
    ImmutableArray<Danmaku> Recent,
    bool Recovered,
    ImmutableArray<RoomFrame> Missed)
{
    /// <summary>Open draws, and the results of the last ones.</summary>
    [Id(20)]
    public ImmutableArray<Draw> Draws { get; init; } = [];

    /// <summary>Open polls and the last closed ones, oldest first, with the viewer's own choices.</summary>
    [Id(0)]
    public ImmutableArray<Poll> Polls { get; init; } = [];

    /// <summary>The open PK and the last closed ones, oldest first.</summary>
    [Id(1)]
    public ImmutableArray<Pk> Pks { get; init; } = [];

    /// <summary>Open questions with most upvotes, the most first.</summary>
    [Id(2)]
    public ImmutableArray<Question> Questions { get; init; } = [];

    /// <summary>Deals that are not over and have a time to begin at, and the last ones that are over; in the order in
    /// which they were made.</summary>
    [Id(4)]
    public ImmutableArray<Deal> Deals { get; init; } = [];

    /// <summary>What is pinned, or null.</summary>
    [Id(3)]
    public RoomPin? Pinned { get; init; }

    /// <summary>Who helps the host to keep order, by id.</summary>
    [Id(30)]
    public ImmutableArray<UserId> Moderators { get; init; } = [];
}

/// <summary>The newest frame of a room.</summary>
[GenerateSerializer, Immutable, Alias("live.head")]
public sealed record RoomHead(long Epoch, long Seq);

/// <summary>
/// The frames after a point; <paramref name="Frames"/> is empty and <paramref name="Complete"/> false when the room no
/// longer holds them all or the epoch has changed.
/// </summary>
[GenerateSerializer, Immutable, Alias("live.frames-answer")]
public sealed record FramesAnswer(RoomHead Head, bool Complete, ImmutableArray<RoomFrame> Frames);

/// <summary>Says every two seconds how many viewers a front end has in the room; a lease of ten seconds.</summary>
[GenerateSerializer, Immutable, Alias("live.presence")]
public sealed record GatewayPresence(string Gateway, int Viewers)
{
    /// <summary>Who came and left; null: nobody.</summary>
    [Id(20)]
    public AudienceChange? Audience { get; init; }

    /// <summary>What the front end has to tell besides; null: nothing.</summary>
    [Id(0)]
    public GatewayReport? Report { get; init; }
}
