using RedNote.Frontend.Live;
using RedNote.Notes;

namespace RedNote.Frontend.Notes;

/// <summary>The streams of counts, as far as a channel needs them.</summary>
internal interface INoteStreams
{
    /// <summary>Hands all counts of the note to <paramref name="onCounts"/>, one at a time; some may be lost.</summary>
    Task<IStreamSubscription> Subscribe(NoteId note, Action<NoteCounts> onCounts);
}

/// <summary>Orleans streams.</summary>
internal sealed class NoteStreams(IClusterClient cluster) : INoteStreams
{
    public Task<IStreamSubscription> Subscribe(NoteId note, Action<NoteCounts> onCounts)
        => cluster.Subscribe(StreamNames.Note(note), onCounts);
}
