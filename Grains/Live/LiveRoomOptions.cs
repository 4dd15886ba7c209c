using System.ComponentModel.DataAnnotations;

namespace RedNote.Live;

/// <summary>Bounds and times of a live room; configuration section <c>RedNote:Live</c>.</summary>
public sealed partial class LiveRoomOptions
{
    /// <summary>Least time between two frames, in milliseconds. Default 50.</summary>
    [Range(10, 500)]
    public int MinTickMs { get; set; } = 50;

    /// <summary>Most time between two frames of a busy room, in milliseconds. Default 500.</summary>
    [Range(10, 2_000)]
    public int MaxTickMs { get; set; } = 500;

    /// <summary>Up to this audience the tick is the least one; from there it grows in proportion. Default
    /// 5,000.</summary>
    [Range(1, 1_000_000)]
    public int ViewersAtMinTick { get; set; } = 5_000;

    /// <summary>Danmaku that viewers are shown in a second, in a fair sample; 0: everything. Those of the host and the
    /// moderators are always shown. Default 30.</summary>
    [Range(0, 100_000)]
    public int DisplayBudgetPerSecond { get; set; } = 30;

    /// <summary>Senders whose share of the display is remembered; with more, it is for a shorter time. Default
    /// 50,000.</summary>
    [Range(64, 1_000_000)]
    public int DisplaySenders { get; set; } = 50_000;

    /// <summary>Up to so many danmaku a second the tick is the least one; from there it grows in proportion. Default
    /// 4,000.</summary>
    [Range(1, 1_000_000)]
    public int DanmakuAtMinTick { get; set; } = 4_000;

    /// <summary>How much of its time a room spends on publishing at most, in percent: the tick is as long as that
    /// takes. Default 50.</summary>
    [Range(1, 100)]
    public int PublishPercent { get; set; } = 50;

    /// <summary>Frames kept for those who resume. Default 1,200 (a minute of a busy room).</summary>
    [Range(1, 10_000)]
    public int RingFrames { get; set; } = 1_200;

    /// <summary>Danmaku in the kept frames, all together; older frames go first. Default 8,000.</summary>
    [Range(1, 100_000)]
    public int RingDanmaku { get; set; } = 8_000;

    /// <summary>Newest danmaku kept for those who join, and stored. Default and most 500.</summary>
    [Range(50, 500)]
    public int RecentDanmaku { get; set; } = 500;

    /// <summary>Danmaku in the snapshot of somebody who joins anew. Default 50.</summary>
    [Range(0, 500)]
    public int SnapshotDanmaku { get; set; } = 50;

    /// <summary>Size of a frame's danmaku on the wire, in bytes at most; the rest waits. Default 106,496: a frame is
    /// written to a connection whole, and a viewer who does not read may cost 256 KiB, the web server's own 64 KiB and
    /// what waits behind the frame included.</summary>
    [Range(4_096, 200_704)]
    public int FrameBytes { get; set; } = 104 * 1024;

    /// <summary>Accepted danmaku that wait for a frame; beyond it a sender hears <c>rate_limited</c>. Default 8,192.
    /// </summary>
    [Range(512, 100_000)]
    public int PendingDanmaku { get; set; } = 8_192;

    /// <summary>Events in one frame; the rest waits. Default 256.</summary>
    [Range(1, 1_000)]
    public int FrameEvents { get; set; } = 256;

    /// <summary>How long a front end's viewers count without a report, in seconds. Default 10.</summary>
    [Range(3, 120)]
    public int LeaseSeconds { get; set; } = 10;

    /// <summary>Front ends a room knows at once. Default 4,096.</summary>
    [Range(1, 100_000)]
    public int Gateways { get; set; } = 4_096;

    /// <summary>Users a room can mute. Default 10,000.</summary>
    [Range(1, 100_000)]
    public int Muted { get; set; } = 10_000;

    /// <summary>Blocked words of a room. Default 500.</summary>
    [Range(1, 10_000)]
    public int BlockedWords { get; set; } = 500;

    /// <summary>Longest slow mode, in seconds. Default 600.</summary>
    [Range(1, 3_600)]
    public int MaxSlowModeSeconds { get; set; } = 600;

    /// <summary>How long a key is kept, in minutes. Default 10.</summary>
    [Range(1, 1_440)]
    public int KeyMinutes { get; set; } = 10;

    /// <summary>Keys kept per user; the oldest goes first. Default 64.</summary>
    [Range(1, 1_000)]
    public int KeysPerUser { get; set; } = 64;

    /// <summary>Keys kept per room; the oldest goes first. Default 100,000.</summary>
    [Range(64, 1_000_000)]
    public int Keys { get; set; } = 100_000;

    /// <summary>Events read back at most when a room's memory of keys and slow mode is restored. Default 200,000.
    /// </summary>
    [Range(1_000, 2_000_000)]
    public int RestoredEvents { get; set; } = 200_000;

    /// <summary>Events looked through at most for one page of the tape; the page then says where to go on. Default
    /// 20,000.</summary>
    [Range(512, 1_000_000)]
    public int TapeScanEvents { get; set; } = 20_000;

    /// <summary>Messages whose senders are remembered for slow mode; the oldest goes first. Default 100,000.</summary>
    [Range(64, 1_000_000)]
    public int SlowModeSenders { get; set; } = 100_000;

    /// <summary>How long <c>start</c> and <c>end</c> wait for the lobby to list what they did, in milliseconds; it
    /// learns of it in any case. Default 1,000.</summary>
    [Range(0, 10_000)]
    public int LobbyWaitMs { get; set; } = 1_000;
}
