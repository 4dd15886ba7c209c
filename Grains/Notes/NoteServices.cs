using Microsoft.Extensions.DependencyInjection;
using RedNote.Journal;

namespace RedNote.Notes;

/// <summary>The logs of notes.</summary>
internal static class NoteServices
{
    /// <summary>Name of the log of a note; it is in databases.</summary>
    public const string Log = "note";

    public static IServiceCollection AddNotes(this IServiceCollection services) => services.AddEventLog(_ => Define());

    internal static EventLogDefinition<NoteState, NoteEvent> Define() => new()
    {
        Name = Log,
        Create = () => new NoteState(),
        Event = NoteJson.Journal.NoteEvent,
        Snapshot = new SnapshotForm<NoteState, StoredNote>(
            NoteJson.Journal.StoredNote, state => state.ToStored(), stored => new NoteState(stored)),
        // What was said before is in older snapshots.
        Redacts = raised => raised is NoteChanged or NoteDeleted,
    };
}
