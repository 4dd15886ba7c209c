using System.Text;
using RedNote.Embedded.Simulation;
using RedNote.Frontend.Notes;
using RedNote.Journal;
using RedNote.Notes;

namespace RedNote.Simulation.Notes;

/// <summary>Compares logs, answers and what viewers are shown in the end with each other, when nothing goes wrong any
/// more, and again after all memory was lost.</summary>
internal sealed class NotesCheck(
    SimulatedWorld world, SimulatedClient client, NoteCast cast, IReadOnlyList<NotePerson> people)
{
    /// <summary>How often a note may be asked in vain to tell what changes.</summary>
    private const int Attempts = 4;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>Longer than anything that was under way when faults ended.</summary>
    private static readonly TimeSpan Lingering = TimeSpan.FromMinutes(1);

    private readonly SortedDictionary<(long Note, long User, NoteMark Mark), bool> _told = [];

    public async Task Run()
    {
        await Task.Delay(Lingering, client.Node.Time);
        await Until(() => Task.FromResult(ViewersDiffer()));
        foreach (var book in cast.Books.Where(book => book.Now.IsShown)) await Settle(book);
        await Until(() => Task.FromResult(ViewersDiffer()));
        await Until(AnswersDiffer);
        CheckTold();

        // Another silo, whose grains have only snapshots and logs to go by, answers the same.
        world.Cluster.Kill(world.Cluster.Silo!);
        await world.Cluster.Calm();
        await Until(AnswersDiffer);
        CheckTold();
        await Until(() => Task.FromResult(Remains()));
    }

    /// <summary>Everybody says once more what they want, and is told that it is so; who watches hears of it soon.
    /// </summary>
    private async Task Settle(NoteBook book)
    {
        var heard = 0L;
        var subscription = await new NoteStreams(client.Cluster)
            .Subscribe(book.Id, counts => heard = Math.Max(heard, counts.Version));
        for (var place = 0; place < people.Count; place++) await Mark(book, place);
        for (var attempt = 1; heard < book.Head; attempt++)
        {
            // An activation that finds itself overtaken takes with it that it is watched.
            world.Require(attempt <= Attempts, $"Note {book.Id} is watched, tells {heard} and is {book.Now}.");
            await people[0].Ask("is watched", book, note => note.Watch());
            // At once over two front ends, so that the second change comes while the first is stored and told.
            await Task.WhenAll(Mark(book, 0), Mark(book, 1));
            await Task.Delay(TimeSpan.FromMilliseconds((2 * cast.Options.NewsMs) + 100), client.Node.Time);
        }

        await subscription.Unsubscribe();
    }

    private async Task Mark(NoteBook book, int place)
    {
        var user = new UserId(10 * (place + 1));
        var mark = new SetMark(user, (NoteMark)(place % 2), !book.Now.Has(user, (NoteMark)(place % 2)));
        var frontEnds = cast.Alive.ToList();
        await people[place].Settle(book, mark, frontEnds[place % frontEnds.Count]);
        _told[(book.Id.Value, user.Value, mark.Mark)] = mark.On;
    }

    private void CheckTold()
    {
        foreach (var ((note, user, mark), on) in _told)
        {
            world.Require(
                cast.Book(new NoteId(note)).Now.Has(new UserId(user), mark) == on,
                $"{user} was told {mark} {on} of note {note}, which is {cast.Book(new NoteId(note)).Now}.");
        }
    }

    /// <summary>What a note answers otherwise than its log says; one that was overtaken learns of that in time.
    /// </summary>
    private async Task<string?> AnswersDiffer()
    {
        foreach (var book in cast.Books)
        {
            var reader = new UserId(10);
            var shown = await people[0].Ask("is read", book, note => note.Get(reader));
            var counts = await people[0].Ask("is watched", book, note => note.Watch());
            var now = book.Now;
            if (!(shown is null ? !now.IsShown : now.Matches(shown, reader)))
                return $"note {book.Id} is read as {shown}, and is {now}";
            if (!(counts is null ? now.Author == 0 : now.Matches(counts)))
                return $"note {book.Id} is watched as {counts}, and is {now}";
        }

        return null;
    }

    private string? ViewersDiffer()
        => cast.Alive.SelectMany(frontEnd => frontEnd.Watching).Select(viewer => viewer.Difference())
            .FirstOrDefault(difference => difference is not null);

    /// <summary>What is not said any more, and is in a log or a snapshot all the same.</summary>
    private string? Remains()
    {
        var everything = Everything();
        var said = cast.Books.Select(book => book.Now.Content).OfType<NoteContent>().SelectMany(NoteMoment.Words)
            .ToHashSet();
        foreach (var text in cast.Books.SelectMany(book => book.Unsaid(book.Now)).Where(text => !said.Contains(text)))
        {
            foreach (var (where, what) in everything)
                if (what.Contains(text, StringComparison.Ordinal)) return $"'{text}' is in {where}";
        }

        return null;
    }

    private List<(string Where, string What)> Everything()
    {
        var found = new List<(string, string)>();
        foreach (var id in world.Journal.ListAsync(null, int.MaxValue, CancellationToken.None).GetAwaiter().GetResult())
        {
            var rows = world.Journal.ReadAsync(id, new VersionRange(1), int.MaxValue, CancellationToken.None)
                .GetAwaiter().GetResult();
            found.AddRange(rows.Select(row => ($"log {id}", Encoding.UTF8.GetString(row.Payload.Span))));
        }

        found.AddRange(world.Cluster.States.Texts.Select(row => ($"state {row.State} of {row.Grain}", row.Text)));
        return found;
    }

    /// <summary>Waits until there is nothing left to say.</summary>
    private async Task Until(Func<Task<string?>> whatIsMissing)
    {
        var end = world.Cluster.Loop.Now + Patience.Ticks;
        while (await whatIsMissing() is { } missing)
        {
            world.Require(world.Cluster.Loop.Now < end, $"Within {Patience} {missing}.");
            await Task.Delay(TimeSpan.FromSeconds(1), client.Node.Time);
        }
    }
}
