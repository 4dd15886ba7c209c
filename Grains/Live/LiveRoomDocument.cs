using System.Collections.Immutable;

namespace RedNote.Live;

/// <summary>What is stored of a room. Lists are in order of arrival.</summary>
public sealed record LiveRoomDocument
{
    /// <summary>What the creator sent along; empty while the room does not exist.</summary>
    public string Token { get; init; } = "";
    public UserId HostId { get; init; }
    public string HostName { get; init; } = "";
    public string Title { get; init; } = "";
    public string? Cover { get; init; }
    public RoomState State { get; init; }
    public long? StartsAt { get; init; }
    public long? StartedAt { get; init; }
    public long? EndedAt { get; init; }
    public HostSettings Settings { get; init; } = new(0, false, []);
    public ImmutableArray<UserId> Muted { get; init; } = [];

    /// <summary>The epoch of the activation that wrote this; the next one starts above it.</summary>
    public long Epoch { get; init; }

    /// <summary>The last danmaku number given away.</summary>
    public long DanmakuSeq { get; init; }
    public long Likes { get; init; }
    public int PeakViewers { get; init; }

    /// <summary>The newest danmaku, at most <see cref="LiveRoomOptions.RecentDanmaku"/>.</summary>
    public ImmutableArray<Danmaku> Recent { get; init; } = [];

    /// <summary>The newest keys, at most <see cref="LiveRoomOptions.StoredKeys"/>.</summary>
    public ImmutableArray<KeyEntry> Keys { get; init; } = [];

    /// <summary>The last batch of each gateway that was applied.</summary>
    public ImmutableArray<GatewayMark> Gateways { get; init; } = [];
}

/// <summary>A key that is bound: to a danmaku's seq, or to a count of likes.</summary>
/// <param name="User">Whose key.</param>
/// <param name="Key">The client's key.</param>
/// <param name="Content">A hash of the command, to tell a repeat from a conflict.</param>
/// <param name="Result">The danmaku's seq, or the likes accepted.</param>
/// <param name="At">When it was bound, Unix ms.</param>
public sealed record KeyEntry(UserId User, string Key, long Content, long Result, long At);

/// <summary>A gateway and the number of its last applied batch.</summary>
public sealed record GatewayMark(string Gateway, long Number);
