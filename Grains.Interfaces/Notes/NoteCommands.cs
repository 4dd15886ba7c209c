using System.Collections.Immutable;

namespace RedNote.Notes;

/// <summary>Writes a note.</summary>
/// <param name="Author">Whose note it is.</param>
/// <param name="AuthorName">As shown beside it.</param>
/// <param name="Content">Cleaned by <see cref="TextRules"/>.</param>
/// <param name="Key">The author's key.</param>
[GenerateSerializer, Immutable, Alias("notes.write")]
public sealed record WriteNote(UserId Author, string AuthorName, NoteContent Content, string Key);

/// <summary>Changes what is not null.</summary>
[GenerateSerializer, Immutable, Alias("notes.change")]
public sealed record NoteChange(
    string? Title, string? Body, ImmutableArray<string>? Images, ImmutableArray<string>? Tags);

/// <summary>What became of a command.</summary>
/// <param name="Status">See the command.</param>
/// <param name="Note">As its author sees it; null unless it is done.</param>
[GenerateSerializer, Immutable, Alias("notes.outcome")]
public sealed record NoteOutcome(CommandStatus Status, Note? Note = null);

/// <summary>A user likes or collects a note, or does so no longer.</summary>
[GenerateSerializer, Immutable, Alias("notes.mark")]
public readonly record struct SetMark(UserId User, NoteMark Mark, bool On);

/// <summary>What a front end's users want.</summary>
/// <param name="Gateway">Who sends it: another one in each run of a front end.</param>
/// <param name="Number">From 1, one more with each batch of the gateway, the same when it is sent again: what comes
/// late, behind one that followed it, changes nothing.</param>
/// <param name="Marks">In their order; 512 at most.</param>
[GenerateSerializer, Immutable, Alias("notes.mark-batch")]
public sealed record MarkBatch(long Gateway, long Number, ImmutableArray<SetMark> Marks)
{
    public const int MaxMarks = 512;
}

/// <summary>What became of a batch.</summary>
/// <param name="Status">Done, NotFound (there is no such note, or no longer), Invalid, WrongState (it came late and
/// changed nothing), TryAgain; of all alike.</param>
/// <param name="Counts">If done: of each, how many users had that mark right after it.</param>
[GenerateSerializer, Immutable, Alias("notes.mark-outcome")]
public sealed record MarkOutcome(CommandStatus Status, ImmutableArray<int> Counts);
