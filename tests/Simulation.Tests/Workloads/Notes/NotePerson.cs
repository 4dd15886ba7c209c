using System.Collections.Immutable;
using RedNote.Embedded.Simulation;
using RedNote.Notes;

namespace RedNote.Simulation.Notes;

/// <summary>
/// One person with a client of their own, who writes, changes and deletes notes and reads those of all; and likes and
/// collects through a front end, together with some friends, of whom nobody else is one.
/// </summary>
internal sealed class NotePerson(
    SimulatedWorld world, UserId id, SimulatedClient client, SimulationRandom random, NoteCast cast)
{
    private const int Keys = 4;
    private const int Friends = 4;
    private const int MostMarks = 8;

    private readonly Dictionary<string, WriteNote> _written = new(StringComparer.Ordinal);
    private readonly List<NoteBook> _own = [];
    private int _words;

    public SimulatedClient Client => client;

    public async Task Live(int commands)
    {
        for (var i = 0; i < commands; i++)
        {
            if (random.Chance(0.6))
                await Task.Delay(random.Delay(TimeSpan.Zero, TimeSpan.FromSeconds(4)), client.Node.Time);
            var (kind, number) = (i == 0 ? 0 : random.Next(100), random.Next(1_000_000));
            var book = Pick();
            if (!world.Take($"{client.Node.Name} does {kind}, {number} with {book.Id}")) continue;
            await Act(kind, book, number);
        }
    }

    /// <summary>Likes or collects, or takes back, and repeats it until it is answered, and not by an activation that
    /// does not know yet that the note was written.</summary>
    public async Task Settle(NoteBook book, SetMark mark, NoteFrontEnd frontEnd)
    {
        while (!(await Send(book, [mark], frontEnd)).IsEmpty || book.Now.Has(mark.User, mark.Mark) != mark.On)
            await Task.Delay(TimeSpan.FromMilliseconds(500), client.Node.Time);
    }

    /// <summary>What a note of the run is, as a checker asks.</summary>
    public Task<T> Ask<T>(string what, NoteBook book, Func<INoteGrain, Task<T>> call)
        => Calls.UntilAnswered(
            world, client, $"{id}: note {book.Id} {what}", grains => call(grains.Note(book.Id)),
            answer => answer is not (CommandStatus.TryAgain or NoteOutcome { Status: CommandStatus.TryAgain }));

    private Task Act(int kind, NoteBook book, int number) => kind switch
    {
        < 8 => Write(number),
        < 20 => Change(Own(book, number), number),
        < 22 => Delete(Own(book, number)),
        < 70 => Mark(book, number),
        < 92 => Ask("is read", book, note => note.Get(number % 5 == 0 ? null : Friend(number))),
        _ => Ask("is watched", book, note => note.Watch()),
    };

    /// <summary>Mostly a note that is there, and some more often than others, so that much happens to them.</summary>
    private NoteBook Pick()
    {
        var (part, isAny) = (random.NextDouble(), random.Chance(0.1));
        var shown = isAny ? [] : cast.Books.FindAll(book => book.Now.IsShown);
        var books = shown.Count > 0 ? shown : cast.Books;
        return books[(int)(books.Count * part * part)];
    }

    /// <summary>Mostly one's own note; nobody may touch another's.</summary>
    private NoteBook Own(NoteBook book, int number)
        => _own.Count > 0 && number % 7 > 0 ? _own[number % _own.Count] : book;

    /// <summary>As a front end does: a key leads to ids, of which the first that is free, or is it, is taken.</summary>
    private async Task Write(int number)
    {
        var key = $"k{number % Keys}";
        var isKnown = _written.TryGetValue(key, out var command);
        if (!isKnown || number % 6 == 0)
            command = new WriteNote(id, $"person {id}", NextContent(number), key);
        foreach (var note in NoteCast.IdsOf(id, key))
        {
            var book = cast.Book(note);
            var outcome = await Ask($"is written as {key}", book, grain => grain.Write(command!));
            if (outcome.Status == CommandStatus.Forbidden) continue;
            if (outcome.Status == CommandStatus.Done)
            {
                _written[key] = command!;
                if (!_own.Contains(book)) _own.Add(book);
            }

            return;
        }
    }

    private Task<NoteOutcome> Change(NoteBook book, int number)
    {
        var content = NextContent(number);
        var change = new NoteChange(
            number % 2 == 0 ? content.Title : null, number % 3 == 0 ? content.Body : null,
            number % 5 == 0 ? content.Images : null, number % 4 == 0 ? content.Tags : null);
        return Ask($"is changed to {content.Title}", book, note => note.Change(id, change));
    }

    private Task<CommandStatus> Delete(NoteBook book) => Ask("is deleted", book, note => note.Delete(id));

    private async Task Mark(NoteBook book, int number)
    {
        var chance = new SimulationRandom((ulong)number);
        var marks = Enumerable.Range(0, chance.Chance(0.5) ? 1 : 1 + chance.Next(MostMarks))
            .Select(_ => new SetMark(
                Friend(chance.Next(Friends)), chance.Chance(0.6) ? NoteMark.Like : NoteMark.Collect,
                On: chance.Chance(0.6)))
            .ToImmutableArray();
        var attempts = 1 + chance.Next(4);
        while (!marks.IsEmpty && attempts-- > 0)
            marks = await Send(book, marks, await cast.Reach(chance, client.Node));
    }

    /// <summary>Answers what has to be sent again, as nobody knows what has become of it.</summary>
    private async Task<ImmutableArray<SetMark>> Send(
        NoteBook book, ImmutableArray<SetMark> marks, NoteFrontEnd frontEnd)
    {
        var before = book.Answers.Count;
        if (await frontEnd.Mark(book.Id, marks) is not { Length: > 0 } counts) return marks;
        world.Cluster.Note($"{id} to note {book.Id}: {string.Join(' ', marks)}: {string.Join(' ', counts)}");
        for (var i = 0; i < marks.Length; i++)
        {
            world.Require(
                counts[i].Status is CommandStatus.TryAgain or CommandStatus.NotFound
                    || (counts[i].Status == CommandStatus.Done
                        && book.Answers.Skip(before).Contains((marks[i], counts[i].Count))),
                $"{marks[i]} of note {book.Id} is answered {counts[i]}, as the note has not.");
        }

        return [.. marks.Where((_, place) => counts[place].Status == CommandStatus.TryAgain)];
    }

    private UserId Friend(int number) => new((id.Value * 10) + (number % Friends));

    private NoteContent NextContent(int number)
    {
        var word = $"t{id}x{++_words}";
        return new NoteContent(
            $"{word}a 大家好", number % 3 == 0 ? "" : $"{word}b\n第二行", number % 2 == 0 ? [$"/media/{word}c"] : [],
            [$"{word}d"]);
    }
}
