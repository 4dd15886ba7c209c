using System.ComponentModel.DataAnnotations;

namespace RedNote.Notes;

/// <summary>Times of notes; configuration section <c>RedNote:Notes</c>.</summary>
public sealed class NoteOptions
{
    public const string Section = "RedNote:Notes";

    /// <summary>Shortest time between two counts that those who watch a note are sent, in ms. Default 200.</summary>
    [Range(10, 10_000)]
    public int NewsMs { get; set; } = 200;

    /// <summary>How long a note counts as watched after a front end has said so, in ms. Default 10,000.</summary>
    [Range(100, 600_000)]
    public int WatchedMs { get; set; } = 10_000;
}
