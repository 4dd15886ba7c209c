using System.Collections.Immutable;
using System.Text.Json.Serialization;
using RedNote.Journal;

namespace RedNote.Live;

/// <summary>The form in which snapshots hold <see cref="LiveRoomState"/>; see there for what members mean.</summary>
public sealed record StoredLiveRoom
{
    public string Token { get; init; } = "";

    /// <summary>Null while the room does not exist.</summary>
    public UserId? HostId { get; init; }
    public string HostName { get; init; } = "";
    public string Title { get; init; } = "";
    public string? Cover { get; init; }
    public RoomState State { get; init; }
    public long? StartsAt { get; init; }
    public long? StartedAt { get; init; }
    public long? EndedAt { get; init; }
    public HostSettings Settings { get; init; } = new(0, false, []);

    /// <summary>In order of id.</summary>
    public ImmutableArray<UserId> Moderators { get; init; } = [];

    /// <summary>For good; in order of id.</summary>
    public ImmutableArray<UserId> Muted { get; init; } = [];

    /// <summary>In order of id.</summary>
    public ImmutableArray<TimedMute> TimedMutes { get; init; } = [];

    /// <summary>In order of their numbers.</summary>
    public ImmutableArray<HeldDanmaku> Held { get; init; } = [];
    public long HeldSeq { get; init; }
    public long Merged { get; init; }
    public long Epoch { get; init; }
    public long DanmakuSeq { get; init; }
    public long MediaAt { get; init; }
    public long Likes { get; init; }
    public int PeakViewers { get; init; }

    /// <summary>In order of seq.</summary>
    public ImmutableArray<Danmaku> Recent { get; init; } = [];

    /// <summary>Up to this number, what is in <see cref="Recent"/> was shown.</summary>
    public long Settled { get; init; }

    /// <summary>In order of time.</summary>
    public ImmutableArray<GatewayMark> Gateways { get; init; } = [];
    public StoredDraws Draws { get; init; } = new();
    public StoredAudience Audience { get; init; } = new();
    public StoredPolls Polls { get; init; } = new();
    public StoredQuestions Questions { get; init; } = new();
    public StoredRoomDeals Deals { get; init; } = new();
    public RoomPin? Pinned { get; init; }
}

/// <summary>The JSON of a room's events, snapshots and tape.</summary>
[JsonSourceGenerationOptions]
[JsonSerializable(typeof(LiveRoomEvent))]
[JsonSerializable(typeof(StoredLiveRoom))]
[JsonSerializable(typeof(TapeItem))]
[JsonSerializable(typeof(Draw))]
[JsonSerializable(typeof(AuditItem))]
internal sealed partial class LiveRoomJson : JsonSerializerContext
{
    /// <summary>In the form of the journal.</summary>
    public static LiveRoomJson Journal { get; } = new(JournalJson.CreateOptions());
}
