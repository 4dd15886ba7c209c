using System.ComponentModel.DataAnnotations;

namespace RedNote.Frontend.Groups;

/// <summary>Bounds and times of a front end's groups: section <c>RedNote:Groups:Frontend</c>.</summary>
public sealed class GroupPortOptions
{
    public const string Section = "RedNote:Groups:Frontend";

    /// <summary>Groups that one front end serves at a time. Default 50,000.</summary>
    [Range(1, 10_000_000)]
    public int MaxGroups { get; set; } = 50_000;

    /// <summary>Groups that one connection may have open. Default 50.</summary>
    [Range(1, 1_000)]
    public int MaxGroupsPerConnection { get; set; } = 50;

    /// <summary>Newest news kept for members whose group is being opened. Default 128: six seconds of the busiest
    /// group.</summary>
    [Range(1, 10_000)]
    public int RecentNews { get; set; } = 128;

    /// <summary>News kept while the ones before them are fetched. Default 1,024.</summary>
    [Range(1, 100_000)]
    public int AheadNews { get; set; } = 1_024;

    /// <summary>News that wait for one slow connection; when there are more they are dropped, and once it takes again
    /// it is sent what it missed. Default 100.</summary>
    [Range(1, 10_000)]
    public int QueuedNews { get; set; } = 100;

    /// <summary>Changes to messages, members and the like that are kept for a slow connection, of each the latest; who
    /// misses more is told to ask again. Default 256.</summary>
    [Range(1, 100_000)]
    public int KeptChanges { get; set; } = 256;

    /// <summary>Messages that a connection that was slow is sent afterwards; who missed more is told to page. Default
    /// 1,000.</summary>
    [Range(0, 100_000)]
    public int CatchUpMessages { get; set; } = 1_000;

    /// <summary>Connections of one front end that fetch what they missed at the same time. Default 32.</summary>
    [Range(1, 1_000)]
    public int CatchUps { get; set; } = 32;

    /// <summary>The pause before a group that does not answer is asked again for what a connection missed. Default 1 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan CatchUpPause { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How large the messages of one hub message may be, in bytes; an opened group then holds fewer, and says
    /// that there are more. Default 256 KiB.</summary>
    [Range(32_768, 4 << 20)]
    public int MessageBytes { get; set; } = 256 * 1024;

    /// <summary>Members of a group up to which everybody is told who has read what; in a larger one that is told to the
    /// member's own connections alone. Default 200.</summary>
    [Range(0, 1_000_000)]
    public int ReadsForAllUpTo { get; set; } = 200;

    /// <summary>How often a change of who looks on is reported to a group. Default 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:00:20")]
    public TimeSpan ReportPause { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often it is reported without a change; a report counts for a minute. Default 20 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:00:50")]
    public TimeSpan LeaseEvery { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>The same while news come, as each report also tells whether any were lost. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:00:50")]
    public TimeSpan CheckEvery { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How far behind a group's head its stream may be before news are fetched. Default 500 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:01:00")]
    public TimeSpan BehindPatience { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a group is kept after the last who looked on. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan Linger { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Groups in a user's list: those joined last. Default 500.</summary>
    [Range(1, 10_000)]
    public int ListedGroups { get; set; } = 500;

    /// <summary>Members that a group can be made with, besides who makes it. Default 499.</summary>
    [Range(0, 10_000)]
    public int FirstMembers { get; set; } = 499;

    /// <summary>Groups that are asked at the same time for one list, and users for one group's names. Default 16.
    /// </summary>
    [Range(1, 1_000)]
    public int ParallelCalls { get; set; } = 16;
}
