using RedNote.Notes;

namespace RedNote.Simulation.Notes;

/// <summary>What a batch of marks comes to at one moment, worked out anew.</summary>
internal sealed class MarkTrial
{
    private readonly SortedDictionary<(long User, NoteMark Mark), bool> _wanted = [];

    public MarkTrial(NoteMoment moment, IEnumerable<SetMark> marks)
    {
        var counts = new[] { moment.Likers.Count, moment.Collectors.Count };
        foreach (var (user, mark, on) in marks)
        {
            var had = _wanted.TryGetValue((user.Value, mark), out var now) ? now : moment.Has(user, mark);
            _wanted[(user.Value, mark)] = on;
            counts[(int)mark] += on == had ? 0 : on ? 1 : -1;
            Counts.Add(counts[(int)mark]);
        }

        Events = _wanted.Where(one => moment.Holders(one.Key.Mark).Contains(one.Key.User) != one.Value)
            .Select(one => (one.Key.Mark, one.Value)).Distinct().Count();
    }

    /// <summary>After each mark, how many have it.</summary>
    public List<int> Counts { get; } = [];

    /// <summary>How many events it makes: one for each mark that is given, and one for each that is taken.</summary>
    public int Events { get; }

    /// <summary>Whether a note has become what was wanted.</summary>
    public bool Became(NoteMoment moment)
        => _wanted.All(one => moment.Holders(one.Key.Mark).Contains(one.Key.User) == one.Value);
}
