using System.Numerics;

namespace RedNote.Deals;

/// <summary>
/// Which orders wait, first come first served: as orders are numbered in the order of their coming, the line is a set
/// of numbers. One bit an order and a count for each 4,096 of them, so that a place in a line of a million is found in
/// microseconds.
/// </summary>
internal sealed class WaitingLine
{
    private const int BlockBits = 4_096;
    private const int WordsPerBlock = BlockBits / 64;

    private readonly List<ulong> _bits = [];
    private readonly List<int> _counts = [];
    private int _firstBlock;

    /// <summary>How many wait.</summary>
    public int Count { get; private set; }

    public bool Contains(int number)
        => number / 64 < _bits.Count && (_bits[number / 64] & (1UL << (number % 64))) != 0;

    /// <summary>Adds an order; it is behind all with a lower number.</summary>
    public void Add(int number)
    {
        while (_counts.Count <= number / BlockBits)
        {
            _counts.Add(0);
            _bits.AddRange(new ulong[WordsPerBlock]);
        }

        if (!Contains(number))
        {
            _bits[number / 64] |= 1UL << (number % 64);
            _counts[number / BlockBits]++;
            _firstBlock = Math.Min(_firstBlock, number / BlockBits);
            Count++;
        }
    }

    public void Remove(int number)
    {
        if (Contains(number))
        {
            _bits[number / 64] &= ~(1UL << (number % 64));
            _counts[number / BlockBits]--;
            Count--;
        }
    }

    /// <summary>The first that waits behind that number; 0: nobody does.</summary>
    public int After(int number)
    {
        if (Count == 0)
        {
            return 0;
        }

        while (_counts[_firstBlock] == 0)
        {
            _firstBlock++;
        }

        var next = Math.Max(number + 1, _firstBlock * BlockBits);
        for (var word = next / 64; word < _bits.Count; word++)
        {
            if (word % WordsPerBlock == 0 && _counts[word / WordsPerBlock] == 0)
            {
                word += WordsPerBlock - 1;
                continue;
            }

            var bits = _bits[word] & (word == next / 64 ? ulong.MaxValue << (next % 64) : ulong.MaxValue);
            if (bits != 0)
            {
                return (word * 64) + BitOperations.TrailingZeroCount(bits);
            }
        }

        return 0;
    }

    /// <summary>The place of one that waits, from 1.</summary>
    public int PositionOf(int number)
    {
        var position = 0;
        var block = number / BlockBits;
        for (var before = _firstBlock; before < block; before++)
        {
            position += _counts[before];
        }

        for (var word = block * WordsPerBlock; word < number / 64; word++)
        {
            position += BitOperations.PopCount(_bits[word]);
        }

        return position + BitOperations.PopCount(_bits[number / 64] & ((2UL << (number % 64)) - 1));
    }
}
