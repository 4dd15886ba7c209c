using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using RedNote.Journal;
using RedNote.Notes;

namespace RedNote.Simulation.Notes;

/// <summary>
/// A note's log, read as JSON and held against what is promised of notes, event by event. Remembers what the note was
/// at each version.
/// </summary>
internal sealed class StoredNoteLog(SimulatedWorld world, NoteId note, NoteBook book)
    : StoredLog(world, "note", note.Value)
{
    private readonly List<NoteMoment> _moments = [new NoteMoment()];
    private bool _hasChanged;

    public IReadOnlyList<NoteMoment> Moments => _moments;

    protected override void Take(long version, string kind, JsonElement stored)
        => _moments.Add(Apply(_moments[^1], version, kind, stored) with { Version = version });

    /// <summary>What is not said any more is in no event: it is blanked in the transaction that changes it.</summary>
    protected override void Refreshed()
    {
        if (!_hasChanged) return;
        _hasChanged = false;
        var rows = World.Journal.ReadAsync(
                new LogId("note", note.ToString()), new VersionRange(1), int.MaxValue, CancellationToken.None)
            .GetAwaiter().GetResult();
        var stored = string.Concat(rows.Select(row => Encoding.UTF8.GetString(row.Payload.Span)));
        foreach (var text in book.Unsaid(_moments[^1]))
            Require(!stored.Contains(text, StringComparison.Ordinal), $"no longer says {text}, and its log does");
    }

    private NoteMoment Apply(NoteMoment was, long version, string kind, JsonElement raised) => kind switch
    {
        "note.written" => Write(was, raised),
        "note.changed" => Change(was, version, raised),
        "note.deleted" => Delete(was),
        "note.marked" => Mark(was, raised),
        _ => Unknown(was, kind),
    };

    private NoteMoment Unknown(NoteMoment was, string kind)
    {
        World.Violate($"Note {note} holds a {kind}.");
        return was;
    }

    private NoteMoment Write(NoteMoment was, JsonElement raised)
    {
        Require(was.Version == 0, $"is written again: {raised}");
        var (author, key, content) = (User(raised, "author"), Text(raised, "key")!, Content(raised));
        book.Bind(author, key);
        return was with
        {
            Author = author.Value,
            Key = key,
            CreatedAt = Number(raised, "at"),
            First = content,
            Content = content,
        };
    }

    private NoteMoment Change(NoteMoment was, long version, JsonElement raised)
    {
        Require(was.IsShown && Number(raised, "version") == version, $"is changed: {raised}");
        _hasChanged = true;
        return was with { EditedAt = Number(raised, "at"), Content = Content(raised) };
    }

    private NoteMoment Delete(NoteMoment was)
    {
        Require(was.IsShown, "is deleted, and is not there");
        _hasChanged = true;
        return was with { IsDeleted = true, Content = null, Likers = [], Collectors = [] };
    }

    private NoteMoment Mark(NoteMoment was, JsonElement raised)
    {
        var (mark, on) = (Enum.Parse<NoteMark>(Text(raised, "mark")!, ignoreCase: true), Flag(raised, "on"));
        var users = Users(raised, "users");
        Require(was.IsShown && users.Count > 0, $"is marked: {raised}");
        var holders = was.Holders(mark).ToBuilder();
        foreach (var user in users)
        {
            Require(on ? holders.Add(user.Value) : holders.Remove(user.Value), $"counts {user} again: {raised}");
            Require(book.IsAskedFor(new SetMark(user, mark, on)), $"is marked as nobody asked: {user} in {raised}");
        }

        return mark == NoteMark.Like
            ? was with { Likers = holders.ToImmutable() }
            : was with { Collectors = holders.ToImmutable() };
    }

    private static NoteContent? Content(JsonElement raised)
    {
        var content = raised.GetProperty("content");
        var title = Text(content, "title")!;
        return title.Length == 0
            ? null
            : new NoteContent(title, Text(content, "body")!, Texts(content, "images"), Texts(content, "tags"));
    }

    private static ImmutableArray<string> Texts(JsonElement content, string name)
        => [.. content.GetProperty(name).EnumerateArray().Select(text => text.GetString()!)];

    private void Require(bool holds, string otherwise) => World.Require(holds, $"Note {note} {otherwise}.");
}
