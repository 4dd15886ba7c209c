using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace RedNote.Live;

[JsonConverter(typeof(SnakeCaseEnum<RoomState>))]
public enum RoomState
{
    Scheduled,
    Live,
    Ended,
}

/// <summary>A room as everybody may see it. Times are Unix milliseconds.</summary>
[GenerateSerializer, Immutable, Alias("live.room-card")]
public sealed record Room(
    RoomId RoomId,
    string Title,
    RoomState State,
    UserId HostId,
    string HostName,
    RoomCounters Counters,
    string? Cover,
    long? StartsAt,
    long? StartedAt,
    long? EndedAt);

/// <summary>
/// What a room counts. Viewers are connections, now and at most; likes and danmaku are exact and survive a crash.
/// </summary>
[GenerateSerializer, Immutable, Alias("live.counters")]
public sealed record RoomCounters(
    int Viewers,
    int PeakViewers,
    long Likes,
    long Danmaku,
    long Shares,
    long Orders,
    Money Sales)
{
    public static RoomCounters Zero { get; } = new(0, 0, 0, 0, 0, 0, Money.Zero);
}

/// <summary>What viewers may know of a room's rules, as they hold: with the <paramref name="Shield"/> up they are
/// stricter than the host has set them. <paramref name="SlowModeSeconds"/>: 0 is off, at most 600.</summary>
[GenerateSerializer, Immutable, Alias("live.settings")]
public sealed record RoomSettings(
    int SlowModeSeconds, bool FollowersOnly, HoldMode Hold = HoldMode.Off, bool Shield = false)
{
    public static RoomSettings Default { get; } = new(0, false);
}

/// <summary>New values; null leaves a setting as it is.</summary>
[GenerateSerializer, Immutable, Alias("live.settings-change")]
public sealed record RoomSettingsChange(
    int? SlowModeSeconds,
    bool? FollowersOnly,
    ImmutableArray<string>? BlockedWords,
    HoldMode? Hold = null,
    bool? Shield = null);

/// <summary>
/// All settings, for the host. <paramref name="BlockedWords"/> is never shown to viewers. While the
/// <paramref name="Shield"/> is up, the strictest rules hold whatever the others say; they hold again without it.
/// </summary>
[GenerateSerializer, Immutable, Alias("live.host-settings")]
public sealed record HostSettings(
    int SlowModeSeconds,
    bool FollowersOnly,
    ImmutableArray<string> BlockedWords,
    HoldMode Hold = HoldMode.Off,
    bool Shield = false);

/// <summary>Makes a room in state scheduled. <paramref name="Token"/>: random, tells a repeat from a taken
/// id.</summary>
[GenerateSerializer, Immutable, Alias("live.create-room")]
public sealed record CreateRoom(
    UserId HostId, string HostName, string Title, string? Cover, long? StartsAt, string Token);

/// <summary>The room is null unless Done.</summary>
[GenerateSerializer, Immutable, Alias("live.room-outcome")]
public sealed record RoomOutcome(CommandStatus Status, Room? Room);

/// <summary>The settings are null unless Done.</summary>
[GenerateSerializer, Immutable, Alias("live.settings-outcome")]
public sealed record SettingsOutcome(CommandStatus Status, HostSettings? Settings);
