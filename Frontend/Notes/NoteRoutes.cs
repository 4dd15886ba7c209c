using System.Security.Claims;
using RedNote.Frontend.Limits;
using RedNote.Frontend.Problems;
using RedNote.Frontend.Users;
using RedNote.Notes;

namespace RedNote.Frontend.Notes;

/// <summary>Notes over REST: write, read, change, delete, like, collect.</summary>
internal static class NoteRoutes
{
    public static void MapNotes(this WebApplication app)
    {
        var notes = app.MapGroup("/api/notes").WithTags("Notes");
        notes.MapPost("", (NewNoteRequest request, Caller caller, NewNotes news) => news.Write(caller.Id, request))
            .RequireAuthorization().RequireRateLimiting(RateLimits.NewNote)
            .WithSummary("Writes a note.")
            .WithDescription(
                """
                The same key with the same content gives the same note for ever; with other content, or when the note
                was deleted, 409 `conflict`. `body` may have lines. Products and polls are not taken yet.

                Whoever wants to see the counts change calls `WatchNote(noteId)` on the hub: the event
                `note(noteId, {likes, collects, comments, deleted?})` comes at once and with every change, a few times
                a second at most; `UnwatchNote(noteId)` ends it.
                """)
            .Produces<NoteView>(StatusCodes.Status201Created).Refuses(400, 401, 409, 429, 503);
        notes.MapGet("/{id}", Get)
            .WithSummary("A note, with whether the caller likes it and has collected it.")
            .Produces<NoteView>().Refuses(400, 404, 503);
        notes.MapPatch("/{id}", Change).RequireAuthorization().RequireRateLimiting(RateLimits.EditNote)
            .WithSummary("Changes what is given (author); what it said before is kept nowhere.")
            .Produces<NoteView>().Refuses(400, 401, 403, 404, 429, 503);
        notes.MapDelete("/{id}", Delete).RequireAuthorization()
            .WithSummary("Deletes a note for good (author); done also when it was so already.")
            .Produces(StatusCodes.Status204NoContent).Refuses(400, 401, 403, 404, 503);
        notes.MapMark<LikedNote>(
            "like", NoteMark.Like, "Likes a note; once, however often it is asked for.", "No longer likes a note.");
        notes.MapMark<CollectedNote>(
            "collect", NoteMark.Collect, "Collects a note; once, however often it is asked for.",
            "Takes a note out of the caller's collection.");
    }

    private static void MapMark<TAnswer>(
        this RouteGroupBuilder notes, string name, NoteMark mark, string whenSet, string whenTaken)
    {
        (string Method, bool On, string Summary)[] ways =
            [(HttpMethods.Put, true, whenSet), (HttpMethods.Delete, false, whenTaken)];
        foreach (var (method, on, summary) in ways)
        {
            notes.MapMethods(
                    "/{id}/" + name, [method], (RouteId<NoteId> id, Caller caller, NotePorts ports)
                        => Mark(ports, id.Id, new SetMark(caller.Id, mark, on)))
                .RequireAuthorization()
                .WithSummary(summary)
                .Produces<TAnswer>().Refuses(400, 401, 404, 503);
        }
    }

    private static async Task<IResult> Get(RouteId<NoteId> id, ClaimsPrincipal principal, IGrainFactory grains)
        => await grains.Note(id.Id).Get(principal.TryGetUserId(out var reader) ? reader : null) is { } note
            ? Results.Ok(NoteView.Of(note))
            : Refuse.NotFound;

    private static async Task<IResult> Change(
        RouteId<NoteId> id, NoteChangeRequest request, Caller caller, IGrainFactory grains)
    {
        var invalids = new Invalids();
        var change = NewNotes.Read(request, invalids);
        if (invalids.Refusal() is { } refusal)
        {
            return refusal;
        }

        var outcome = await grains.Note(id.Id).Change(caller.Id, change);
        return outcome is { Status: CommandStatus.Done, Note: { } note }
            ? Results.Ok(NoteView.Of(note))
            : Refuse.For(outcome.Status);
    }

    private static async Task<IResult> Delete(RouteId<NoteId> id, Caller caller, IGrainFactory grains)
        => await grains.Note(id.Id).Delete(caller.Id) is not CommandStatus.Done and var status
            ? Refuse.For(status)
            : Results.NoContent();

    private static async Task<IResult> Mark(NotePorts ports, NoteId note, SetMark mark)
    {
        if (ports.Use(note) is not { } port)
        {
            return Refuse.TryAgain;
        }

        var (status, count) = await port.Mark(mark);
        if (status == CommandStatus.NotFound)
        {
            ports.Forget(port);
        }

        return status != CommandStatus.Done ? Refuse.For(status)
            : mark.Mark == NoteMark.Like ? Results.Ok(new LikedNote(count, mark.On))
            : Results.Ok(new CollectedNote(count, mark.On));
    }
}
