using System.Collections.Immutable;
using RedNote.Notes;

namespace RedNote.Frontend.Notes;

/// <summary>A note as one reader sees it; times are Unix ms.</summary>
/// <param name="NoteId">Its id.</param>
/// <param name="AuthorId">Who wrote it.</param>
/// <param name="AuthorName">The author's name as it was then.</param>
/// <param name="Title">1 to 60 characters.</param>
/// <param name="Body">Up to 10,000 characters; lines end in <c>\n</c>.</param>
/// <param name="Images">Addresses of pictures.</param>
/// <param name="Tags">Without the number sign.</param>
/// <param name="CreatedAt">When it was written.</param>
/// <param name="EditedAt">When it was changed last; absent: never.</param>
/// <param name="Likes">Users who like it.</param>
/// <param name="Collects">Users who have collected it.</param>
/// <param name="Comments">Comments under it.</param>
/// <param name="Liked">Whether the caller likes it; absent for whoever is not logged in.</param>
/// <param name="Collected">Whether the caller has collected it; absent as above.</param>
public sealed record NoteView(
    NoteId NoteId,
    UserId AuthorId,
    string AuthorName,
    string Title,
    string Body,
    ImmutableArray<string> Images,
    ImmutableArray<string> Tags,
    long CreatedAt,
    long? EditedAt,
    int Likes,
    int Collects,
    int Comments,
    bool? Liked,
    bool? Collected)
{
    public static NoteView Of(Note note) => new(
        note.NoteId, note.AuthorId, note.AuthorName, note.Content.Title, note.Content.Body, note.Content.Images,
        note.Content.Tags, note.CreatedAt, note.EditedAt, note.Counts.Likes, note.Counts.Collects, Comments: 0,
        note.Liked, note.Collected);
}

/// <summary>What those who watch a note are sent.</summary>
/// <param name="Likes">Users who like it.</param>
/// <param name="Collects">Users who have collected it.</param>
/// <param name="Comments">Comments under it.</param>
/// <param name="Deleted">True once it was deleted, and nothing more comes; absent before.</param>
public sealed record NoteCountsView(int Likes, int Collects, int Comments, bool? Deleted)
{
    public static NoteCountsView Of(NoteCounts counts)
        => new(counts.Likes, counts.Collects, Comments: 0, counts.Deleted ? true : null);
}

/// <summary>The answer to a like, or to its end.</summary>
/// <param name="Likes">Users who like the note, right after it.</param>
/// <param name="Liked">Whether the caller does.</param>
public sealed record LikedNote(int Likes, bool Liked);

/// <summary>The answer to collecting a note, or to its end.</summary>
/// <param name="Collects">Users who have collected the note, right after it.</param>
/// <param name="Collected">Whether the caller has.</param>
public sealed record CollectedNote(int Collects, bool Collected);
