using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;
using RedNote.Frontend.Live;
using RedNote.Frontend.Problems;

namespace RedNote.Frontend.Notes;

/// <summary>The rules of what clients call to watch notes.</summary>
internal sealed class NoteCalls(NotePorts ports, IOptions<NotePortOptions> options)
{
    /// <summary>Watches a note: its counts come as the event <c>note</c>, first those of now.</summary>
    /// <exception cref="HubException">Refused, with a code.</exception>
    public async Task Watch(RoomVisitor visitor, string noteId)
    {
        var note = Parse(noteId);
        if (!visitor.User.TryTakeWatch(out var retryAfter))
        {
            throw HubError.RateLimited(retryAfter);
        }

        var watched = visitor.NotesUpTo(options.Value.MaxNotesPerConnection);
        if (!watched.HasPlaceFor(note))
        {
            throw HubError.Of(
                ProblemCodes.Invalid, $"A connection may watch {options.Value.MaxNotesPerConnection} notes.");
        }

        var port = ports.Use(note)
            ?? throw HubError.Of(ProblemCodes.TryAgain, "This server takes no more notes now.");
        if (!await watched.Watch(port))
        {
            ports.Forget(port);
            throw HubError.Of(ProblemCodes.NotFound, "There is no such note.");
        }
    }

    public void Unwatch(RoomVisitor visitor, string noteId)
        => visitor.NotesUpTo(options.Value.MaxNotesPerConnection).Leave(Parse(noteId));

    private static NoteId Parse(string noteId) => EntityId.TryParse<NoteId>(noteId, out var note)
        ? note
        : throw HubError.Of(ProblemCodes.Invalid, "A note's id is a string that holds a positive decimal integer.");
}
