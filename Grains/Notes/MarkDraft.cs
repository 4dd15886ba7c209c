using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace RedNote.Notes;

/// <summary>
/// Decides a batch of marks on the present state: what each is answered in turn, and what of it all there is to raise.
/// Who changes their mind within a batch leaves nothing behind. Used over and over, by one turn at a time.
/// </summary>
internal sealed class MarkDraft
{
    private readonly Dictionary<UserId, int> _bits = [];
    private readonly List<UserId> _users = [];

    /// <summary>Of each, how many users have that mark right after it; <paramref name="events"/> are what to raise.
    /// </summary>
    public ImmutableArray<int> Decide(
        MarkBook book, ImmutableArray<SetMark> marks, long now, List<NoteEvent> events)
    {
        _bits.Clear();
        _users.Clear();
        Span<int> counts = [book[NoteMark.Like], book[NoteMark.Collect]];
        var answers = new int[marks.Length];
        for (var i = 0; i < answers.Length; i++)
        {
            var (user, mark, on) = marks[i];
            ref var count = ref counts[(int)mark];
            ref var bits = ref CollectionsMarshal.GetValueRefOrAddDefault(_bits, user, out var isKnown);
            if (!isKnown)
            {
                bits = book.BitsOf(user);
                _users.Add(user);
            }

            var bit = MarkBook.BitOf(mark);
            if ((bits & bit) != 0 != on)
            {
                bits ^= bit;
                count += on ? 1 : -1;
            }

            answers[i] = count;
        }

        Raise(book, NoteMark.Like, now, events);
        Raise(book, NoteMark.Collect, now, events);
        return ImmutableCollectionsMarshal.AsImmutableArray(answers);
    }

    private void Raise(MarkBook book, NoteMark mark, long now, List<NoteEvent> events)
    {
        var given = ImmutableArray.CreateBuilder<UserId>();
        var taken = ImmutableArray.CreateBuilder<UserId>();
        foreach (var user in _users)
        {
            var has = (_bits[user] & MarkBook.BitOf(mark)) != 0;
            if (has != book.Holds(user, mark))
            {
                (has ? given : taken).Add(user);
            }
        }

        if (given.Count > 0)
        {
            events.Add(new NoteMarked(now, mark, On: true, given.DrainToImmutable()));
        }

        if (taken.Count > 0)
        {
            events.Add(new NoteMarked(now, mark, On: false, taken.DrainToImmutable()));
        }
    }
}
