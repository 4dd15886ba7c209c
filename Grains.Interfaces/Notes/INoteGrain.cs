using Orleans.Concurrency;

namespace RedNote.Notes;

/// <summary>
/// One note: what it says, who likes it and who has collected it. Every answer leaves only when what it says is
/// durable. Counts equal the size of the sets they count.
/// </summary>
[Alias("notes.note-grain")]
public interface INoteGrain : IGrainWithIntegerKey
{
    /// <summary>Done, also when the same author and key wrote the same; Conflict: the key wrote something else, or what
    /// it wrote was deleted; Forbidden: the id is that of another author's note or another key's, take another; or
    /// Invalid.</summary>
    [Alias("write")]
    Task<NoteOutcome> Write(WriteNote command);

    /// <summary>The author changes it; what it said before is gone for good. Done, NotFound, Forbidden, Invalid.
    /// </summary>
    [Alias("change")]
    Task<NoteOutcome> Change(UserId by, NoteChange change);

    /// <summary>The author deletes it for good: what it said is kept nowhere, who liked it is in the log still, and
    /// told to nobody. Done, also when it was so already; NotFound, Forbidden.</summary>
    [Alias("delete")]
    Task<CommandStatus> Delete(UserId by);

    /// <summary>The note as <paramref name="reader"/> sees it (null: nobody in particular); null: there is none.
    /// </summary>
    [Alias("get"), ReadOnly]
    Task<Note?> Get(UserId? reader);

    /// <summary>Likes and collects, and takes back; each counts as done when it was so already. A batch that was not
    /// answered may still take effect later, also after what the same user asked for by another gateway.</summary>
    [Alias("mark")]
    Task<MarkOutcome> Mark(MarkBatch batch);

    /// <summary>The counts now; and for a while from now on (<c>RedNote:Notes:WatchedMs</c>) they are sent to the
    /// note's stream whenever they change. Null: there never was such a note.</summary>
    [Alias("watch")]
    Task<NoteCounts?> Watch();
}
