using System.ComponentModel.DataAnnotations;

namespace RedNote.Live;

/// <summary>The bounds of watch time and contribution.</summary>
public sealed partial class LiveRoomOptions
{
    /// <summary>Users of whom a room counts watch time and points; who comes after them is not counted. Default
    /// 2,000,000.</summary>
    [Range(100, 20_000_000)]
    public int AudienceUsers { get; set; } = 2_000_000;

    /// <summary>How often watch time and points go into the log, in seconds: what a crash of the room can cost. Default
    /// 10.</summary>
    [Range(1, 600)]
    public int AudienceSeconds { get; set; } = 10;

    /// <summary>Points for a danmaku. Default 10.</summary>
    [Range(0, 1_000)]
    public int DanmakuPoints { get; set; } = 10;

    /// <summary>Points for a like. Default 1.</summary>
    [Range(0, 1_000)]
    public int LikePoints { get; set; } = 1;

    /// <summary>Points for a ballot. Default 20.</summary>
    [Range(0, 1_000)]
    public int VotePoints { get; set; } = 20;
}
