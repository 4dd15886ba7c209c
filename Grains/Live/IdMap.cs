using System.Runtime.CompilerServices;

namespace RedNote.Live;

/// <summary>
/// Entries in order of a positive id, in blocks (a B+ tree of two levels): a million take 8 bytes each beside their
/// values, and some air. No entry ever waits for all others to be moved, and pages and snapshots need no sorting.
/// Entries are never taken out.
/// </summary>
public sealed class IdMap<TValue>
    where TValue : unmanaged
{
    /// <summary>Entries of a block; what a new one in the middle of it has to move at most.</summary>
    private const int BlockSize = 512;

    /// <summary>A block that is full grows by so many, so that little is held in vain.</summary>
    private const int Growth = 64;

    /// <summary>Blocks that are read back are filled so far, so that the next entries do not split them all.</summary>
    private const int ReadFill = 448;

    private readonly List<Block> _blocks = [];

    /// <summary>The first id of each block, apart from the blocks: a search touches little memory.</summary>
    private readonly List<long> _firsts = [];

    public IdMap()
    {
    }

    /// <summary>Reads what <see cref="Write"/> has written; throws <see cref="FormatException"/> on anything
    /// else.</summary>
    public IdMap(ReadOnlySpan<byte> written, ValueReader read)
    {
        Block? block = null;
        for (var last = 0L; !written.IsEmpty;)
        {
            var id = last + (long)VarInt.Read(ref written);
            if (id <= last)
            {
                throw new FormatException("Ids are not in order.");
            }

            if (block is null or { Count: ReadFill })
            {
                block = new Block(ReadFill);
                _blocks.Add(block);
                _firsts.Add(id);
            }

            block.Ids[block.Count] = id;
            block.Values[block.Count++] = read(ref written);
            Count++;
            last = id;
        }

        block?.Resize(block.Count);
    }

    /// <summary>Writes a value at a place, and answers the place behind it.</summary>
    public delegate int ValueWriter(Span<byte> bytes, int at, TValue value);

    /// <summary>Takes a value from the front; throws <see cref="FormatException"/> for what was not written.</summary>
    public delegate TValue ValueReader(ref ReadOnlySpan<byte> bytes);

    private sealed class Block(int capacity)
    {
        public long[] Ids = new long[capacity];
        public TValue[] Values = new TValue[capacity];
        public int Count;

        public void Insert(int at, long id)
        {
            if (Count == Ids.Length)
            {
                Resize(Math.Min(BlockSize, Count + Math.Min(Count, Growth)));
            }

            Array.Copy(Ids, at, Ids, at + 1, Count - at);
            Array.Copy(Values, at, Values, at + 1, Count - at);
            Ids[at] = id;
            Values[at] = default;
            Count++;
        }

        public Block SplitOff()
        {
            var half = Count / 2;
            var upper = new Block(Count - half) { Count = Count - half };
            Array.Copy(Ids, half, upper.Ids, 0, upper.Count);
            Array.Copy(Values, half, upper.Values, 0, upper.Count);
            Count = half;
            Resize(half);
            return upper;
        }

        public void Resize(int capacity)
        {
            Array.Resize(ref Ids, capacity);
            Array.Resize(ref Values, capacity);
        }
    }

    public int Count { get; private set; }

    /// <summary>What the entries take of memory: the arrays, with the headers of these and of the blocks.</summary>
    public long Bytes
    {
        get
        {
            const int headers = 40 + 24 + 24 + 8 + 8;
            return _blocks.Sum(block => headers + (block.Ids.LongLength * (sizeof(long) + Unsafe.SizeOf<TValue>())));
        }
    }

    public bool TryGet(long id, out TValue value)
    {
        var at = Find(id, out var place);
        value = place >= 0 ? _blocks[at].Values[place] : default;
        return place >= 0;
    }

    /// <summary>The id's value, empty if the id is new; to be changed before the next entry is made.</summary>
    public ref TValue Enter(long id, out bool isNew)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(id);
        var at = Find(id, out var place);
        isNew = place < 0;
        if (isNew)
        {
            (at, place) = Insert(at, ~place, id);
            Count++;
        }

        return ref _blocks[at].Values[place];
    }

    /// <summary>Entries in order, after that id.</summary>
    public IEnumerable<(long Id, TValue Value)> After(long id)
    {
        var at = Find(id, out var place);
        place = place >= 0 ? place + 1 : ~place;
        for (; at < _blocks.Count; at++, place = 0)
        {
            for (; place < _blocks[at].Count; place++)
            {
                yield return (_blocks[at].Ids[place], _blocks[at].Values[place]);
            }
        }
    }

    /// <summary>All ids, in order.</summary>
    public long[] ToIds()
    {
        var ids = new long[Count];
        var next = 0;
        foreach (var block in _blocks)
        {
            Array.Copy(block.Ids, 0, ids, next, block.Count);
            next += block.Count;
        }

        return ids;
    }

    /// <summary>All entries: of each the distance of its id from the one before (<see cref="VarInt"/>), and its value.
    /// </summary>
    /// <param name="valueBytes">Most bytes of a value.</param>
    /// <param name="write">Writes one.</param>
    public byte[] Write(int valueBytes, ValueWriter write)
    {
        var written = new byte[Math.Max(16, Count * 8)];
        var length = 0;
        var last = 0L;
        foreach (var block in _blocks)
        {
            for (var i = 0; i < block.Count; i++)
            {
                if (written.Length - length < VarInt.MaxBytes + valueBytes)
                {
                    Array.Resize(ref written, written.Length + (written.Length / 4) + VarInt.MaxBytes + valueBytes);
                }

                length = write(written, VarInt.Write(written, length, (ulong)(block.Ids[i] - last)), block.Values[i]);
                last = block.Ids[i];
            }
        }

        Array.Resize(ref written, length);
        return written;
    }

    /// <summary>The block where the id is or belongs, and the place in it (its complement, if not there).</summary>
    private int Find(long id, out int place)
    {
        var at = _firsts.BinarySearch(id);
        if (at < 0)
        {
            at = Math.Max(0, ~at - 1);
        }

        place = at < _blocks.Count ? Array.BinarySearch(_blocks[at].Ids, 0, _blocks[at].Count, id) : ~0;
        return at;
    }

    /// <summary>Makes room for an id there, and answers where that is by then.</summary>
    private (int At, int Place) Insert(int at, int place, long id)
    {
        var isFull = at < _blocks.Count && _blocks[at].Count == BlockSize;
        if (_blocks.Count == 0 || (isFull && place == BlockSize && at == _blocks.Count - 1))
        {
            // Ids that only grow fill one block after the other, instead of leaving halves behind.
            at = _blocks.Count;
            place = 0;
            _blocks.Add(new Block(8));
            _firsts.Add(id);
        }
        else if (isFull)
        {
            var upper = _blocks[at].SplitOff();
            _blocks.Insert(at + 1, upper);
            _firsts.Insert(at + 1, upper.Ids[0]);
            if (place > _blocks[at].Count)
            {
                place -= _blocks[at].Count;
                at++;
            }
        }

        _blocks[at].Insert(place, id);
        _firsts[at] = _blocks[at].Ids[0];
        return (at, place);
    }
}
