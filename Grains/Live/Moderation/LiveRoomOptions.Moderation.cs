using System.ComponentModel.DataAnnotations;

namespace RedNote.Live;

/// <summary>Bounds of merging and moderation.</summary>
public sealed partial class LiveRoomOptions
{
    private BlockedWords? _globalWords;

    /// <summary>Danmaku that say the same are shown as one within so many seconds of the first. Default 5; 0: each is
    /// shown by itself.</summary>
    [Range(0, 60)]
    public int MergeSeconds { get; set; } = 5;

    /// <summary>Texts that are watched for repetitions at once; the oldest goes first. Default 4,096.</summary>
    [Range(1, 100_000)]
    public int MergeTexts { get; set; } = 4_096;

    /// <summary>How often one user's repetitions of a text are counted with it while it is watched; more are
    /// <c>duplicate</c>. Default 0: as often as the rate limit lets them, as nobody is to be told no for cheering.
    /// While a room's shield is up it is not once.</summary>
    [Range(0, 1_000)]
    public int OwnRepeats { get; set; }

    /// <summary>Senders remembered for one text; repetitions of further ones are counted without a limit of their own.
    /// Default 10,000.</summary>
    [Range(1, 1_000_000)]
    public int MergeSenders { get; set; } = 10_000;

    /// <summary>Blocked words of all rooms; none may be said anywhere. Default: none.</summary>
    [MaxLength(10_000)]
    public string[] GlobalBlockedWords { get; set; } = [];

    /// <summary>What finds them; made once for all rooms.</summary>
    internal BlockedWords GlobalWords => _globalWords ??= new BlockedWords([.. GlobalBlockedWords]);

    /// <summary>Moderators of a room. Default 100.</summary>
    [Range(1, 1_000)]
    public int Moderators { get; set; } = 100;

    /// <summary>Longest mute that ends by itself, in seconds. Default 2,592,000 (30 days).</summary>
    [Range(1, 31_536_000)]
    public int MaxMuteSeconds { get; set; } = 2_592_000;

    /// <summary>Danmaku of a room that wait for review; when there are more, a sender hears <c>rate_limited</c>.
    /// Default 300.</summary>
    [Range(1, 10_000)]
    public int Held { get; set; } = 300;

    /// <summary>Of them, those of one user. Default 5.</summary>
    [Range(1, 10_000)]
    public int HeldPerUser { get; set; } = 5;

    /// <summary>When a sender who met a full queue may try again, in milliseconds. Default 10,000.</summary>
    [Range(1, 600_000)]
    public int HeldRetryMs { get; set; } = 10_000;

    /// <summary>Least slow mode while a room's shield is up, in seconds. Default 30.</summary>
    [Range(0, 600)]
    public int ShieldSlowModeSeconds { get; set; } = 30;
}
