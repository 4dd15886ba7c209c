using System.Collections.Immutable;

namespace RedNote.Live;

/// <summary>Gathers ascending numbers into runs.</summary>
public sealed class SeqRuns
{
    private readonly ImmutableArray<SeqRun>.Builder _runs = ImmutableArray.CreateBuilder<SeqRun>();

    /// <summary>How many numbers were added.</summary>
    public int Count { get; private set; }

    public void Add(long seq)
    {
        Count++;
        if (_runs.Count > 0 && _runs[^1].Last == seq - 1)
        {
            _runs[^1] = _runs[^1] with { Last = seq };
        }
        else
        {
            _runs.Add(new SeqRun(seq, seq));
        }
    }

    public ImmutableArray<SeqRun> Build() => _runs.ToImmutable();

    /// <summary>Whether a number is in one of the runs, which are in order.</summary>
    public static bool Contains(ImmutableArray<SeqRun> runs, long seq)
    {
        var (low, high) = (0, runs.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (runs[middle].Contains(seq))
            {
                return true;
            }

            if (runs[middle].First > seq)
            {
                high = middle - 1;
            }
            else
            {
                low = middle + 1;
            }
        }

        return false;
    }
}
