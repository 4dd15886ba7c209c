using System.ComponentModel.DataAnnotations;

namespace RedNote.Frontend.Notes;

/// <summary>Bounds and times of a front end's notes: section <c>RedNote:Notes:Frontend</c>.</summary>
public sealed class NotePortOptions
{
    public const string Section = "RedNote:Notes:Frontend";

    /// <summary>Notes that one front end serves at a time; liking or watching more is <c>try_again</c>. Default 50,000.
    /// </summary>
    [Range(1, 10_000_000)]
    public int MaxNotes { get; set; } = 50_000;

    /// <summary>Notes that one connection may watch. Default 100.</summary>
    [Range(1, 1_000)]
    public int MaxNotesPerConnection { get; set; } = 100;

    /// <summary>Likes waiting to be sent to one note; more are <c>try_again</c>. Default 65,536.</summary>
    [Range(1, 1_000_000)]
    public int Queue { get; set; } = 65_536;

    /// <summary>How often a batch is sent before its likes are answered <c>try_again</c>. Default 2.</summary>
    [Range(1, 20)]
    public int Attempts { get; set; } = 2;

    /// <summary>How long a note may take to answer a batch. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:01:00")]
    public TimeSpan AnswerTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The pause before a batch is sent again. Default 100 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan Pause { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a note is kept after it was last of use to anybody here: with it goes hardly more than the
    /// order of likes that were under way. Default 3 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan Linger { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How often a note that is watched here is asked for its counts: what the stream lost shows after that
    /// long. Has to be well below <c>RedNote:Notes:WatchedMs</c>. Default 2 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:01:00")]
    public TimeSpan CheckEvery { get; set; } = TimeSpan.FromSeconds(2);
}
