using System.ComponentModel.DataAnnotations;

namespace RedNote.Groups;

/// <summary>Bounds and times of groups and conversations; configuration section <c>RedNote:Groups</c>.</summary>
public sealed class GroupOptions
{
    public const string Section = "RedNote:Groups";

    /// <summary>Members of a group. Default 500.</summary>
    [Range(2, 10_000)]
    public int Members { get; set; } = 500;

    /// <summary>Admins of a group besides the owner. Default 50.</summary>
    [Range(1, 500)]
    public int Admins { get; set; } = 50;

    /// <summary>Those who ask to become members and are not answered yet. Default 500.</summary>
    [Range(1, 10_000)]
    public int Requests { get; set; } = 500;

    /// <summary>Invites of a group that hold at once. Default 50.</summary>
    [Range(1, 500)]
    public int Invites { get; set; } = 50;

    /// <summary>Longest time an invite holds, in seconds. Default 2,592,000: 30 days.</summary>
    [Range(60, 31_536_000)]
    public int InviteSeconds { get; set; } = 2_592_000;

    /// <summary>Most uses that an invite can be made for. Default 10,000.</summary>
    [Range(1, 1_000_000)]
    public int InviteUses { get; set; } = 10_000;

    /// <summary>Members whom one message mentions. Default 50.</summary>
    [Range(1, 200)]
    public int Mentions { get; set; } = 50;

    /// <summary>How long a message's text can be changed, in seconds. Default 900: 15 minutes.</summary>
    [Range(0, 604_800)]
    public int EditSeconds { get; set; } = 900;

    /// <summary>Changes of one message. Default 50.</summary>
    [Range(1, 1_000)]
    public int Edits { get; set; } = 50;

    /// <summary>How long senders can take a message back, in seconds; owner and admins can any time. Default
    /// 120.</summary>
    [Range(0, 604_800)]
    public int RecallSeconds { get; set; } = 120;

    /// <summary>Different emoji under one message. Default 20.</summary>
    [Range(1, 20)]
    public int Emojis { get; set; } = 20;

    /// <summary>The newest messages held in memory, so that they are not read from the table. Default 1,000.</summary>
    [Range(200, 20_000)]
    public int RecentMessages { get; set; } = 1_000;

    /// <summary>Older messages held in memory because somebody changed or answered them lately. Default 200.</summary>
    [Range(1, 10_000)]
    public int OldMessages { get; set; } = 200;

    /// <summary>Keys of messages held in memory, 80 bytes each; a key that may be older is looked up in the table.
    /// Default 100,000.</summary>
    [Range(100, 1_000_000)]
    public int Keys { get; set; } = 100_000;

    /// <summary>Least time between two appends with read marks, in milliseconds: as much of them is lost in a crash.
    /// Default 1,000.</summary>
    [Range(10, 60_000)]
    public int MarksMs { get; set; } = 1_000;

    /// <summary>Groups of up to so many members are told at once who has read what; in larger ones a member's own
    /// devices are told, together with the append of the marks. Default 200.</summary>
    [Range(0, 10_000)]
    public int ReadNewsMembers { get; set; } = 200;

    /// <summary>Least time between two news, in milliseconds; after a quiet while they leave at once. Default
    /// 50.</summary>
    [Range(1, 5_000)]
    public int NewsMs { get; set; } = 50;

    /// <summary>Bytes of one <see cref="GroupNews"/>, roughly; what is over comes with the next. Default 256 KiB.
    /// </summary>
    [Range(64 * 1024, 1024 * 1024)]
    public int NewsBytes { get; set; } = 256 * 1024;

    /// <summary>News kept for front ends that missed some. Default 512.</summary>
    [Range(1, 10_000)]
    public int RingNews { get; set; } = 512;

    /// <summary>Bytes of the news that are kept, roughly. Default 2 MiB.</summary>
    [Range(64 * 1024, 64 * 1024 * 1024)]
    public int RingBytes { get; set; } = 2 * 1024 * 1024;

    /// <summary>How long a report of who looks on counts, in seconds. Default 60.</summary>
    [Range(5, 3_600)]
    public int PresenceSeconds { get; set; } = 60;

    /// <summary>Front ends whose reports count at once. Default 1,000.</summary>
    [Range(1, 10_000)]
    public int FrontEnds { get; set; } = 1_000;

    /// <summary>Least time between two tellings that a member types, in milliseconds. Default 2,000.</summary>
    [Range(100, 60_000)]
    public int TypingMs { get; set; } = 2_000;

    /// <summary>In groups of more members nobody is told who types. Default 200.</summary>
    [Range(0, 10_000)]
    public int TypingMembers { get; set; } = 200;

    /// <summary>How often members who do not look on are told of new messages, in milliseconds: those whose turn it is
    /// together, and each once until the next mark. Default 1,000.</summary>
    [Range(10, 60_000)]
    public int KnockMs { get; set; } = 1_000;

    /// <summary>Members told at once of new messages. Default 500.</summary>
    [Range(1, 1_000)]
    public int Knocks { get; set; } = 500;

    /// <summary>Polls of a group that are open at once. Default 5.</summary>
    [Range(1, 50)]
    public int OpenPolls { get; set; } = 5;

    /// <summary>Polls that a group keeps; one that has closed goes, the oldest first, when it is seven days old and
    /// another needs its place. Default 200.</summary>
    [Range(20, 2_000)]
    public int KeptPolls { get; set; } = 200;

    /// <summary>Longest time a poll is open, in seconds. Default 604,800: a week.</summary>
    [Range(1, 2_592_000)]
    public int PollSeconds { get; set; } = 604_800;

    /// <summary>Messages that a digest looks at. Default 1,000.</summary>
    [Range(10, 10_000)]
    public int DigestMessages { get; set; } = 1_000;

    /// <summary>How long a digest waits for what a language model says, in milliseconds. Default 5,000.</summary>
    [Range(100, 30_000)]
    public int DigestMs { get; set; } = 5_000;

    /// <summary>Points a day for messages, one for each. Default 50.</summary>
    [Range(0, 10_000)]
    public int MessagePoints { get; set; } = 50;

    /// <summary>Points a day for reactions of others, one for each that is not taken away on that day. Default
    /// 20.</summary>
    [Range(0, 10_000)]
    public int ReactionPoints { get; set; } = 20;
}
