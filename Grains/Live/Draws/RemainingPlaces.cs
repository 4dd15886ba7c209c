using System.Numerics;

namespace RedNote.Live;

/// <summary>
/// The places of a list from which some are taken out: finds the n-th that is left in logarithmic time, where taking
/// out of the list itself would move all that lie behind. A binary indexed tree (Fenwick, 1994) over ones.
/// </summary>
internal sealed class RemainingPlaces
{
    private readonly int[] _sums;
    private readonly int _top;

    public RemainingPlaces(int count)
    {
        Count = count;
        _sums = new int[count + 1];
        for (var i = 1; i <= count; i++)
        {
            _sums[i] = i & -i;
        }

        _top = count == 0 ? 0 : 1 << BitOperations.Log2((uint)count);
    }

    /// <summary>How many are left.</summary>
    public int Count { get; private set; }

    /// <summary>Takes out the n-th of those left, from 0, and answers its place in the whole list.</summary>
    public int Take(int n)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(n, Count);
        var before = 0;
        for (var step = _top; step > 0; step >>= 1)
        {
            var next = before + step;
            if (next < _sums.Length && _sums[next] <= n)
            {
                before = next;
                n -= _sums[next];
            }
        }

        for (var i = before + 1; i < _sums.Length; i += i & -i)
        {
            _sums[i]--;
        }

        Count--;
        return before;
    }
}
