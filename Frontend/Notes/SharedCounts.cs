using Microsoft.AspNetCore.SignalR.Protocol;
using RedNote.Frontend.Live;
using RedNote.Notes;

namespace RedNote.Frontend.Notes;

/// <summary>A note's counts as they are written to connections: <c>note(noteId, counts)</c>.</summary>
internal sealed class SharedCounts(NoteId note, NoteCounts counts, FrameEncoder encoder) : SharedMessage(encoder)
{
    /// <summary>The name under which clients get them.</summary>
    public const string Method = "note";

    public NoteId Note => note;

    public long Version => counts.Version;

    public bool IsOfDeleted => counts.Deleted;

    protected override InvocationMessage Make() => new(Method, [note, NoteCountsView.Of(counts)]);
}

/// <summary>What one connection is yet to be told of the notes that it watches: of each the latest.</summary>
internal sealed class NoteMailbox(IFrameWriter writer, int limit)
    : LatestMailbox<NoteId, SharedCounts>(limit), IFrameTaker<SharedCounts>
{
    public void AddTo(CachePaths paths)
    {
        paths.Add(this, isWide: true);
        writer.AddTo(paths);
    }

    protected override NoteId KeyOf(SharedCounts news) => news.Note;

    protected override ValueTask Write(SharedCounts news) => writer.Write(news);
}
