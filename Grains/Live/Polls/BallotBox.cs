namespace RedNote.Live;

/// <summary>
/// Who voted, and for what: a sorted list in blocks (a B+ tree of two levels), so that a million voters take 10 bytes
/// each and some air, no ballot ever waits for all others to be moved, and pages and snapshots need no sorting.
/// </summary>
public sealed class BallotBox
{
    /// <summary>Voters of a block; what a new one in the middle of it has to move at most.</summary>
    private const int BlockSize = 512;

    /// <summary>A block that is full grows by so many, so that little is held in vain.</summary>
    private const int Growth = 64;

    /// <summary>Blocks that are read back are filled so far, so that the next ballots do not split them all.</summary>
    private const int ReadFill = 448;

    private readonly List<Block> _blocks = [];

    /// <summary>The first voter of each block, apart from the blocks: a search touches little memory.</summary>
    private readonly List<long> _firsts = [];

    private sealed class Block(int capacity)
    {
        public long[] Voters = new long[capacity];
        public ushort[] Choices = new ushort[capacity];
        public int Count;

        public void Insert(int at, long voter, ushort choices)
        {
            if (Count == Voters.Length)
            {
                Resize(Math.Min(BlockSize, Count + Math.Min(Count, Growth)));
            }

            Array.Copy(Voters, at, Voters, at + 1, Count - at);
            Array.Copy(Choices, at, Choices, at + 1, Count - at);
            Voters[at] = voter;
            Choices[at] = choices;
            Count++;
        }

        public Block SplitOff()
        {
            var half = Count / 2;
            var upper = new Block(Count - half) { Count = Count - half };
            Array.Copy(Voters, half, upper.Voters, 0, upper.Count);
            Array.Copy(Choices, half, upper.Choices, 0, upper.Count);
            Count = half;
            Resize(half);
            return upper;
        }

        public void Resize(int capacity)
        {
            Array.Resize(ref Voters, capacity);
            Array.Resize(ref Choices, capacity);
        }
    }

    public int Count { get; private set; }

    /// <summary>What the ballots take of memory: the arrays, with the headers of these and of the blocks.</summary>
    internal long MemoryBytes
    {
        get
        {
            const int headers = 40 + 24 + 24 + 8 + 8;
            return _blocks.Sum(block => headers + (long)block.Voters.Length * (sizeof(long) + sizeof(ushort)));
        }
    }

    /// <summary>Puts a ballot in; false if that voter's is in it already.</summary>
    /// <param name="voter">Above 0.</param>
    /// <param name="choices">Bit i: option i; 16 at most.</param>
    public bool Add(UserId voter, int choices)
    {
        var at = Find(voter, out var place);
        if (place >= 0)
        {
            return false;
        }

        Insert(at, ~place, voter.Value, checked((ushort)choices));
        Count++;
        return true;
    }

    /// <summary>What that voter chose; 0: has not voted.</summary>
    public int ChoicesOf(UserId voter)
    {
        var at = Find(voter, out var place);
        return place >= 0 ? _blocks[at].Choices[place] : 0;
    }

    /// <summary>Ballots in order of the voters' ids, after that one.</summary>
    public IEnumerable<(UserId Voter, int Choices)> After(UserId voter)
    {
        var at = Find(voter, out var place);
        place = place >= 0 ? place + 1 : ~place;
        for (; at < _blocks.Count; at++, place = 0)
        {
            for (; place < _blocks[at].Count; place++)
            {
                yield return (new UserId(_blocks[at].Voters[place]), _blocks[at].Choices[place]);
            }
        }
    }

    /// <summary>All ballots: of each the distance of the voter's id from the one before and the choices, both with
    /// seven bits to a byte, low ones first, the eighth for "more follows".</summary>
    public byte[] Write()
    {
        var written = new byte[Math.Max(16, Count * 8)];
        var length = 0;
        var last = 0L;
        foreach (var block in _blocks)
        {
            for (var i = 0; i < block.Count; i++)
            {
                if (written.Length - length < 16)
                {
                    Array.Resize(ref written, written.Length + (written.Length / 4) + 16);
                }

                length = VarInt.Write(written, length, (ulong)(block.Voters[i] - last));
                length = VarInt.Write(written, length, block.Choices[i]);
                last = block.Voters[i];
            }
        }

        Array.Resize(ref written, length);
        return written;
    }

    /// <summary>Reads what <see cref="Write"/> has written; throws <see cref="FormatException"/> on anything
    /// else.</summary>
    public static BallotBox Read(ReadOnlySpan<byte> written)
    {
        var box = new BallotBox();
        Block? block = null;
        for (var last = 0L; !written.IsEmpty;)
        {
            var voter = last + (long)VarInt.Read(ref written);
            var choices = VarInt.Read(ref written);
            if (voter <= last || choices is 0 or > ushort.MaxValue)
            {
                throw new FormatException("Ballots are not in order.");
            }

            if (block is null or { Count: ReadFill })
            {
                block = new Block(ReadFill);
                box._blocks.Add(block);
                box._firsts.Add(voter);
            }

            block.Voters[block.Count] = voter;
            block.Choices[block.Count++] = (ushort)choices;
            box.Count++;
            last = voter;
        }

        block?.Resize(block.Count);
        return box;
    }

    /// <summary>The block where the voter is or belongs, and the place in it (its complement, if not there).</summary>
    private int Find(UserId voter, out int place)
    {
        var at = _firsts.BinarySearch(voter.Value);
        if (at < 0)
        {
            at = Math.Max(0, ~at - 1);
        }

        place = at < _blocks.Count
            ? Array.BinarySearch(_blocks[at].Voters, 0, _blocks[at].Count, voter.Value)
            : ~0;
        return at;
    }

    private void Insert(int at, int place, long voter, ushort choices)
    {
        var isFull = at < _blocks.Count && _blocks[at].Count == BlockSize;
        if (_blocks.Count == 0 || (isFull && place == BlockSize && at == _blocks.Count - 1))
        {
            // Ids that only grow fill one block after the other, instead of leaving halves behind.
            at = _blocks.Count;
            place = 0;
            _blocks.Add(new Block(8));
            _firsts.Add(voter);
        }
        else if (isFull)
        {
            var upper = _blocks[at].SplitOff();
            _blocks.Insert(at + 1, upper);
            _firsts.Insert(at + 1, upper.Voters[0]);
            if (place > _blocks[at].Count)
            {
                place -= _blocks[at].Count;
                at++;
            }
        }

        _blocks[at].Insert(place, voter, choices);
        _firsts[at] = _blocks[at].Voters[0];
    }
}
