using System.Collections.Immutable;
using RedNote.Live;

namespace RedNote.Notes;

/// <summary>What a note may say.</summary>
internal static class NoteRules
{
    /// <summary>Whether it is as <see cref="TextRules"/> and the bounds want it, cleaned already.</summary>
    public static bool IsSound(NoteContent? content)
        => content is not null
            && TextRules.Clean(content.Title, TextRules.MaxNoteTitle, out var title) == TextCheck.Ok
            && title == content.Title
            && TextRules.CleanLines(content.Body, TextRules.MaxNoteBody, out var body)
                is TextCheck.Ok or TextCheck.Empty
            && body == content.Body
            && content.Images is { IsDefault: false, Length: <= NoteContent.MaxImages } images
            && images.All(TextRules.IsImageAddress)
            && content.Tags is { IsDefault: false, Length: <= NoteContent.MaxTags } tags
            && tags.All(IsTag) && tags.Distinct().Count() == tags.Length;

    /// <summary>What it says when that is changed.</summary>
    public static NoteContent Change(NoteContent content, NoteChange change) => new(
        change.Title ?? content.Title, change.Body ?? content.Body, change.Images ?? content.Images,
        change.Tags ?? content.Tags);

    /// <summary>Whether both say the same.</summary>
    public static bool AreAlike(NoteContent one, NoteContent other)
        => one.Title == other.Title && one.Body == other.Body && one.Images.SequenceEqual(other.Images)
            && one.Tags.SequenceEqual(other.Tags);

    /// <summary>A hash of what it says, the same in every process.</summary>
    public static long Check(NoteContent content) => KeyLedger.Hash(string.Join(
        '\0', (ImmutableArray<string>)["note", content.Title, content.Body, .. content.Images, "", .. content.Tags]));

    private static bool IsTag(string tag)
        => TextRules.Clean(tag, TextRules.MaxNoteTag, out var clean) == TextCheck.Ok && clean == tag && tag[0] != '#';
}
