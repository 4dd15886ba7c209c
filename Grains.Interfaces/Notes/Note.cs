using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace RedNote.Notes;

/// <summary>What an author has written.</summary>
/// <param name="Title">1 to 60 characters, in one line.</param>
/// <param name="Body">Up to 10,000 characters; lines end in <c>\n</c>. May be empty.</param>
/// <param name="Images">Addresses of pictures (<see cref="TextRules.IsImageAddress"/>), 18 at most.</param>
/// <param name="Tags">Each once, 1 to 20 characters, without the number sign; 10 at most.</param>
[GenerateSerializer, Immutable, Alias("notes.content")]
public sealed record NoteContent(
    string Title, string Body, ImmutableArray<string> Images, ImmutableArray<string> Tags)
{
    public const int MaxImages = 18;
    public const int MaxTags = 10;
}

/// <summary>A note as one reader sees it; times are Unix ms.</summary>
/// <param name="NoteId">Its id.</param>
/// <param name="AuthorId">Who wrote it.</param>
/// <param name="AuthorName">The author's name as it was then.</param>
/// <param name="Content">What it says.</param>
/// <param name="CreatedAt">When it was written.</param>
/// <param name="EditedAt">When it was changed last; null: never.</param>
/// <param name="Counts">How many like and collect it.</param>
/// <param name="Liked">Whether the reader likes it; null: nobody in particular reads.</param>
/// <param name="Collected">Whether the reader has collected it; null: as above.</param>
[GenerateSerializer, Immutable, Alias("notes.note")]
public sealed record Note(
    NoteId NoteId,
    UserId AuthorId,
    string AuthorName,
    NoteContent Content,
    long CreatedAt,
    long? EditedAt,
    NoteCounts Counts,
    bool? Liked,
    bool? Collected);

/// <summary>
/// How many like and collect a note: exactly as many as there are in the sets. What those who watch it are sent, too;
/// of two the one with the higher version is newer, whichever way they came.
/// </summary>
/// <param name="Version">Of the note's log; what it says is durable.</param>
/// <param name="Likes">Users who like it now.</param>
/// <param name="Collects">Users who have it in their collection now.</param>
/// <param name="Deleted">Whether it has been deleted; nothing is counted then.</param>
[GenerateSerializer, Immutable, Alias("notes.counts")]
public sealed record NoteCounts(long Version, int Likes, int Collects, bool Deleted = false);

/// <summary>What a user does to a note, once at most, and may take back.</summary>
[JsonConverter(typeof(SnakeCaseEnum<NoteMark>))]
public enum NoteMark
{
    Like,
    Collect,
}
