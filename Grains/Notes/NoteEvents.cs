using System.Collections.Immutable;
using System.Text.Json.Serialization;
using RedNote.Journal;

namespace RedNote.Notes;

/// <summary>What happens to a note; log <c>note</c>.</summary>
/// <param name="At">Unix ms.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = JournalJson.Kind,
    UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(NoteWritten), "note.written")]
[JsonDerivedType(typeof(NoteChanged), "note.changed")]
[JsonDerivedType(typeof(NoteDeleted), "note.deleted")]
[JsonDerivedType(typeof(NoteMarked), "note.marked")]
public abstract record NoteEvent(long At);

/// <summary>The note exists from here on.</summary>
/// <param name="At">Unix ms.</param>
/// <param name="Author">Who wrote it.</param>
/// <param name="AuthorName">As shown beside it.</param>
/// <param name="Content">Blanked once it was changed or deleted.</param>
/// <param name="Key">The author's key.</param>
/// <param name="Check">A hash of what was first written, to tell a repeated key from one that is used again.</param>
public sealed record NoteWritten(
    long At, UserId Author, string AuthorName, NoteContent Content, string Key, long Check) : NoteEvent(At);

/// <summary>The author changed it.</summary>
/// <param name="At">Unix ms.</param>
/// <param name="Content">All that it says now; blanked once it was changed again or deleted.</param>
/// <param name="Version">The event's own, so that it can be found to be blanked.</param>
public sealed record NoteChanged(long At, NoteContent Content, long Version) : NoteEvent(At);

/// <summary>The author deleted it.</summary>
public sealed record NoteDeleted(long At) : NoteEvent(At);

/// <summary>Users who had not that mark have it now, or the other way about.</summary>
/// <param name="At">Unix ms.</param>
/// <param name="Mark">Which.</param>
/// <param name="On">Whether they have it from here on.</param>
/// <param name="Users">In the order in which they came; each once.</param>
public sealed record NoteMarked(long At, NoteMark Mark, bool On, ImmutableArray<UserId> Users) : NoteEvent(At);

/// <summary>The form in which snapshots hold a <see cref="NoteState"/>.</summary>
internal sealed record StoredNote
{
    /// <summary>The note's first event; null while there is none.</summary>
    public NoteWritten? Written { get; init; }

    public NoteContent? Content { get; init; }

    public long ContentVersion { get; init; }

    public long? EditedAt { get; init; }

    public bool IsDeleted { get; init; }

    /// <summary>As <see cref="MarkBook.Write"/> gives them, which JSON holds in base 64.</summary>
    public byte[] Marks { get; init; } = [];
}

/// <summary>The JSON of a note's events and snapshots.</summary>
[JsonSourceGenerationOptions]
[JsonSerializable(typeof(NoteEvent))]
[JsonSerializable(typeof(StoredNote))]
internal sealed partial class NoteJson : JsonSerializerContext
{
    /// <summary>In the form of the journal.</summary>
    public static NoteJson Journal { get; } = new(JournalJson.CreateOptions());
}
