namespace RedNote.Frontend.Live;

/// <summary>What clients call to watch notes (CONTRACT.md, notes).</summary>
internal sealed partial class RoomHub
{
    public Task WatchNote(string noteId) => notes.Watch(Visitor, noteId);

    public Task UnwatchNote(string noteId)
    {
        notes.Unwatch(Visitor, noteId);
        return Task.CompletedTask;
    }
}
