using System.Runtime.InteropServices;
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
    /// <summary>Of the counts that were pushed last, of each note that is watched.</summary>
    private readonly Dictionary<NoteId, long> _versions = [];

    public void AddTo(CachePaths paths)
    {
        paths.Add(this, isWide: true);
        writer.AddTo(paths);
    }

    /// <summary>A fan-out that is under way may bring counts from before the connection's first.</summary>
    protected override bool IsNew(SharedCounts news)
    {
        ref var last = ref CollectionsMarshal.GetValueRefOrAddDefault(_versions, news.Note, out _);
        var isNew = news.Version >= last;
        last = Math.Max(last, news.Version);
        return isNew;
    }

    protected override void Forgotten(NoteId key) => _versions.Remove(key);

    protected override NoteId KeyOf(SharedCounts news) => news.Note;

    protected override ValueTask Write(SharedCounts news) => writer.Write(news);
}
