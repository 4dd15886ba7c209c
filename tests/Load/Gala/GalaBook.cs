using RedNote.Load.Measure;

namespace RedNote.Load.Gala;

/// <summary>What clients sent of one kind, and what they were told.</summary>
public sealed class GalaFigures
{
    private readonly SortedDictionary<string, long> _answers = new(StringComparer.Ordinal);

    /// <summary>Calls; of likes there are fewer than interactions.</summary>
    public long Calls { get; private set; }

    public long Interactions { get; private set; }

    /// <summary>Calls that were answered.</summary>
    public long Answered { get; private set; }

    /// <summary>Interactions by what they were answered: a status, a reason, or the code of an error.</summary>
    public IReadOnlyDictionary<string, long> Answers => _answers;

    /// <summary>From when a call was due to its answer, of those that were due between bursts.</summary>
    public Histogram Outside { get; } = new();

    /// <summary>Of those that were due in a burst.</summary>
    public Histogram Inside { get; } = new();

    public void Sent(int interactions)
    {
        Calls++;
        Interactions += interactions;
    }

    public void Answer(string what, int interactions, bool inBurst, TimeSpan took)
    {
        Answered++;
        _answers[what] = _answers.GetValueOrDefault(what) + interactions;
        (inBurst ? Inside : Outside).Record((long)took.TotalMicroseconds);
    }

    public long Of(string answer) => _answers.GetValueOrDefault(answer);
}

/// <summary>One poll of the evening, as its voters were told.</summary>
/// <param name="id">The server's.</param>
public sealed class GalaPoll(string id) : GalaItem
{
    public const int Options = 4;

    public string Id => id;

    /// <summary>Accepted ballots by option.</summary>
    public int[] Told { get; } = new int[Options];
}

/// <summary>One deal of the evening, as its buyers were told.</summary>
/// <param name="id">The server's.</param>
/// <param name="stock">Pieces; every order is for one.</param>
public sealed class GalaDeal(string id, int stock) : GalaItem
{
    public string Id => id;

    public int Stock => stock;

    /// <summary>Orders that hold pieces, and who has them.</summary>
    public Dictionary<long, int> Accepted { get; } = [];

    /// <summary>Orders that wait.</summary>
    public Dictionary<long, int> Waiting { get; } = [];

    /// <summary>The first order that two buyers were told to have.</summary>
    public long Twice { get; private set; }

    public void Take(string status, long order, int who)
    {
        if (status is "accepted" or "waiting" && !(status == "accepted" ? Accepted : Waiting).TryAdd(order, who))
        {
            Twice = order;
        }
    }
}

/// <summary>Something that is open to everybody for a while. Written by the loop's thread alone.</summary>
public abstract class GalaItem
{
    public int Sent { get; set; }

    public int Answered { get; set; }

    /// <summary>Nobody is sent here any more.</summary>
    public bool IsOver { get; set; }

    /// <summary>Answers whose outcome is not known.</summary>
    public int Unknown { get; set; }
}
