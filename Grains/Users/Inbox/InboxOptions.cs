using System.ComponentModel.DataAnnotations;

namespace RedNote.Users;

/// <summary>Bounds of what waits for a user, and of telling it; configuration section <c>RedNote:Inbox</c>.</summary>
public sealed class InboxOptions
{
    public const string Section = "RedNote:Inbox";

    /// <summary>Notifications that are kept for a user; the oldest go first. Default 1,000.</summary>
    [Range(10, 100_000)]
    public int Notifications { get; set; } = 1_000;

    /// <summary>Days after which a log that said nothing more is forgotten, and a group that the user has left: what is
    /// repeated from before then would be taken for new. Default 30.</summary>
    [Range(1, 3_650)]
    public int ForgetAfterDays { get; set; } = 30;

    /// <summary>Least time between two notices that others follow a user, in seconds; those who come meanwhile are told
    /// together. 0: each is told. Default 10.</summary>
    [Range(0, 3_600)]
    public int FollowSeconds { get; set; } = 10;

    /// <summary>Notifications of a user that wait to be sent to where the user is; those in the list are not lost when
    /// there are more. Default 16.</summary>
    [Range(1, 1_000)]
    public int Untold { get; set; } = 16;

    /// <summary>Groups of which an inbox remembers how far its user has read. Default 500.</summary>
    [Range(1, 10_000)]
    public int HeardMarks { get; set; } = 500;

    /// <summary>A front end that is silent for so long is forgotten with its users, in seconds. Default 60.</summary>
    [Range(5, 3_600)]
    public int LeaseSeconds { get; set; } = 60;

    /// <summary>Notices for one front end that wait in a shard; the oldest are left out then. Default 4,096.</summary>
    [Range(16, 1_000_000)]
    public int NoticesPerFrontEnd { get; set; } = 4_096;

    /// <summary>Notices in one event of a front end's stream. Default 256.</summary>
    [Range(1, 4_096)]
    public int NoticesPerEvent { get; set; } = 256;
}
