using System.ComponentModel.DataAnnotations;

namespace RedNote.Frontend.Users;

/// <summary>Bounds and times of notifications on a front end: section <c>RedNote:Notices</c>.</summary>
public sealed class NoticeOptions
{
    public const string Section = "RedNote:Notices";

    /// <summary>How long users who come and go are gathered before the grains that look for them are told. Default
    /// 200 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:00:10")]
    public TimeSpan Gather { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How often a front end says that it is there though nobody came or left; the grains forget it after a
    /// minute. Default 20 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:00:50")]
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a report may take, and how long until the next after one that failed. Default 5 s and 1 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:01:00")]
    public TimeSpan ReportTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>See <see cref="ReportTimeout"/>.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:01:00")]
    public TimeSpan Retry { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>A report that is answered by nothing on the stream for so long shows that the stream is deaf. Default
    /// 3 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:01:00")]
    public TimeSpan DeafAfter { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Notifications that wait for one slow connection; of more the oldest are dropped, as the list has them.
    /// Default 16.</summary>
    [Range(1, 10_000)]
    public int PerConnection { get; set; } = 16;

    /// <summary>Groups that are asked how far the user has read, when notifications are listed; those about messages in
    /// more of them count as they are. Default 100.</summary>
    [Range(1, 1_000)]
    public int AskedGroups { get; set; } = 100;

    /// <summary>Groups that are asked at a time. Default 16.</summary>
    [Range(1, 1_000)]
    public int ParallelCalls { get; set; } = 16;
}
