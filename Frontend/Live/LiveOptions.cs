using System.ComponentModel.DataAnnotations;

namespace RedNote.Frontend.Live;

/// <summary>Bounds and times of a front end's live rooms: section <c>RedNote:Live:Frontend</c>.</summary>
public sealed class LiveOptions
{
    public const string Section = "RedNote:Live:Frontend";

    /// <summary>The largest hub message of a client, in bytes. Part of the wire contract.</summary>
    public const int MaxMessageBytes = 32 * 1024;

    /// <summary>The most likes of one call. Part of the wire contract.</summary>
    public const int MaxLikesPerCall = 50;

    /// <summary>Commands waiting in one room's gateway; more are <c>rate_limited</c>. Default 4,096.</summary>
    [Range(1, 1_000_000)]
    public int GatewayQueue { get; set; } = 4_096;

    /// <summary>Batches a second that one room is sent in the long run; one that is full goes at once. Default 100: a
    /// verdict in a busy room takes 10 ms more at most, and its log a tenth of the appends.</summary>
    [Range(1, 100_000)]
    public int GatewayBatchesPerSecond { get; set; } = 100;

    /// <summary>Batches that one room is sent at once after a quiet time. Default 20.</summary>
    [Range(1, 100_000)]
    public int GatewayBurst { get; set; } = 20;

    /// <summary>What a client is told to wait when the gateway is full. Default 500 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:01:00")]
    public TimeSpan GatewayFullRetry { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How often a batch is sent before its commands are answered <c>try_again</c>. Default 3.</summary>
    [Range(1, 20)]
    public int SubmitAttempts { get; set; } = 3;

    /// <summary>How long a room may take to answer a batch. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:01:00")]
    public TimeSpan SubmitTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The pause before a batch is sent again. Default 100 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan SubmitPause { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Rooms that one front end serves at a time. Default 20,000.</summary>
    [Range(1, 10_000_000)]
    public int MaxRooms { get; set; } = 20_000;

    /// <summary>Rooms that one connection may be in. Default 20.</summary>
    [Range(1, 1_000)]
    public int MaxRoomsPerConnection { get; set; } = 20;

    /// <summary>How far a slow viewer may be behind before the frames that wait for it become one. Default 1 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:01:00")]
    public TimeSpan ViewerLag { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Frames that wait for one slow viewer, beyond which they become one. Not more than
    /// <see cref="RecentFrames"/>: those are kept anyway, so that what waits for a viewer costs nothing. Default 100.
    /// </summary>
    [Range(1, 10_000)]
    public int ViewerQueueFrames { get; set; } = 100;

    /// <summary>Events that one coalesced frame holds; who misses more has to join again. Default 256.</summary>
    [Range(1, 100_000)]
    public int CoalescedEvents { get; set; } = 256;

    /// <summary>Bytes of such a frame, which is one viewer's own, unlike the others; who misses more has to join again.
    /// Default 128 KiB.</summary>
    [Range(4_096, 16 << 20)]
    public int CoalescedBytes { get; set; } = 128 * 1024;

    /// <summary>Bytes that one connection's transport takes before it counts as busy. Default 32 KiB; a frame that is
    /// larger is taken whole.</summary>
    [Range(4_096, 1 << 20)]
    public int TransportBufferBytes { get; set; } = 32 * 1024;

    /// <summary>What the kernel holds of what a client has not taken, in bytes; it counts about double. 0: as it likes,
    /// which is megabytes. Default 96 KiB.</summary>
    [Range(0, 16 << 20)]
    public int SendBufferBytes { get; set; } = 96 * 1024;

    /// <summary>Viewers of one room from which on its frames are handed to them by several cores. Default 2,048.
    /// </summary>
    [Range(2, 10_000_000)]
    public int ShareFanOutFrom { get; set; } = 2_048;

    /// <summary>How frames for many get to each connection that can take bytes made once. Default
    /// <see cref="DirectMode.Socket"/>.</summary>
    [EnumDataType(typeof(DirectMode))]
    public DirectMode Direct { get; set; } = DirectMode.Socket;

    /// <summary>Accepted danmaku of this front end's senders that are watched, per room, for whether they are left out
    /// of the frames. Default 16,384.</summary>
    [Range(1, 1_000_000)]
    public int SampledWatch { get; set; } = 16_384;

    /// <summary>Runs of left-out danmaku that are kept per room for verdicts that come behind them. Default 256.
    /// </summary>
    [Range(1, 100_000)]
    public int SampledRuns { get; set; } = 256;

    /// <summary>Frames kept while the ones before them are fetched. Default 1,024.</summary>
    [Range(1, 100_000)]
    public int AheadFrames { get; set; } = 1_024;

    /// <summary>Newest frames kept for viewers whose snapshot is on its way; with fewer than came in that time, they
    /// are told to join again. Default 128: six seconds of the busiest room.</summary>
    [Range(1, 10_000)]
    public int RecentFrames { get; set; } = 128;

    /// <summary>How often a front end reports its viewers to a room and compares heads. Default 2 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:00:09")]
    public TimeSpan ReportEvery { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How often rooms are looked after; a change of viewers is reported then. Default 250 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:00:09")]
    public TimeSpan PatrolEvery { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How far behind the room's head the stream may be before frames are fetched. Default 500 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:01:00")]
    public TimeSpan BehindPatience { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a room is kept after its last viewer and command. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan Linger { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How old the lobby's list may be. Default 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan LobbyMaxAge { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Names of users that are kept for lists of fans. Default 10,000.</summary>
    [Range(1, 10_000_000)]
    public int Names { get; set; } = 10_000;

    /// <summary>How old such a name may be. Default 1 minute.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan NameMaxAge { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Commands of one client that may be under way. Default 64.</summary>
    [Range(1, 10_000)]
    public int ParallelCommands { get; set; } = 64;

    /// <summary>How long a client may take nothing at all before it counts as gone. Default 2 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan SendTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>When the host stops: how long commands may take, and then clients to go. Default 2 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(2);
}
