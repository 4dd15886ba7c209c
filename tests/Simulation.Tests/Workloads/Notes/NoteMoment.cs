using System.Collections.Immutable;
using RedNote.Notes;

namespace RedNote.Simulation.Notes;

/// <summary>What a note was at one version of its log.</summary>
internal sealed record NoteMoment
{
    public long Version { get; init; }

    /// <summary>0: it was not written yet.</summary>
    public long Author { get; init; }

    public string Key { get; init; } = "";

    public long CreatedAt { get; init; }

    public long? EditedAt { get; init; }

    /// <summary>What was written first; null: it was blanked before anybody looked.</summary>
    public NoteContent? First { get; init; }

    /// <summary>What it says; null as above.</summary>
    public NoteContent? Content { get; init; }

    public bool IsDeleted { get; init; }

    public ImmutableSortedSet<long> Likers { get; init; } = [];

    public ImmutableSortedSet<long> Collectors { get; init; } = [];

    public bool IsShown => Author > 0 && !IsDeleted;

    public bool Has(UserId user, NoteMark mark) => Holders(mark).Contains(user.Value);

    public ImmutableSortedSet<long> Holders(NoteMark mark) => mark == NoteMark.Like ? Likers : Collectors;

    public bool Matches(NoteCounts counts)
        => counts == new NoteCounts(Version, Likers.Count, Collectors.Count, IsDeleted);

    /// <summary>Whether a reader is shown what it was.</summary>
    public bool Matches(Note shown, UserId? reader)
        => IsShown && Matches(shown.Counts) && shown.AuthorId.Value == Author && shown.CreatedAt == CreatedAt
            && shown.EditedAt == EditedAt && (Content is null || AreAlike(shown.Content, Content))
            && shown.Liked == Flag(reader, NoteMark.Like) && shown.Collected == Flag(reader, NoteMark.Collect);

    public static bool AreAlike(NoteContent one, NoteContent other)
        => one.Title == other.Title && one.Body == other.Body && one.Images.SequenceEqual(other.Images)
            && one.Tags.SequenceEqual(other.Tags);

    /// <summary>The first word of each text of a note, to look for it: no other has it.</summary>
    public static IEnumerable<string> Words(NoteContent content)
        => content.Images.AddRange(content.Tags).Add(content.Title).Add(content.Body).Where(text => text.Length > 0)
            .Select(text => text.Split(' ', '\n')[0]);

    public override string ToString()
        => $"version {Version}: {Content?.Title} of {Author}, {Key}, deleted {IsDeleted}, liked by "
            + $"{string.Join(',', Likers)}, collected by {string.Join(',', Collectors)}";

    private bool? Flag(UserId? reader, NoteMark mark) => reader is { } user ? Has(user, mark) : null;
}
