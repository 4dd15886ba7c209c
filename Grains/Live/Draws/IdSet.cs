namespace RedNote.Live;

/// <summary>
/// A set of positive ids in one array, without an object per member: 10 to 15 bytes each, so that a draw with a million
/// entrants takes 15 MB while it is open. Members are never taken out. Enumerates in no particular order; whoever shows
/// it, sorts it.
/// </summary>
public sealed class IdSet
{
    private const int MinSlots = 16;

    private long[] _slots;

    public IdSet(int expected = 0) => _slots = new long[Math.Max(MinSlots, expected + expected / 3)];

    public int Count { get; private set; }

    /// <summary>Bytes that the members take.</summary>
    public long Bytes => _slots.LongLength * sizeof(long);

    public bool Contains(long id) => _slots[Find(id)] == id && id > 0;

    /// <summary>Whether it was not in before.</summary>
    public bool Add(long id)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(id);
        var slot = Find(id);
        if (_slots[slot] == id)
        {
            return false;
        }

        if ((Count + 1L) * 5 > _slots.LongLength * 4)
        {
            Grow();
            slot = Find(id);
        }

        _slots[slot] = id;
        Count++;
        return true;
    }

    /// <summary>All members, in no particular order.</summary>
    public long[] ToArray()
    {
        var members = new long[Count];
        var next = 0;
        foreach (var id in _slots)
        {
            if (id != 0)
            {
                members[next++] = id;
            }
        }

        return members;
    }

    /// <summary>The slot that holds the id, or the free one where it would go.</summary>
    private int Find(long id)
    {
        var slots = _slots;
        // Spreads ids that differ in few bits over all slots; any number of slots will do.
        var slot = (int)Math.BigMul((ulong)id * 0x9E3779B97F4A7C15, (ulong)slots.Length, out _);
        while (slots[slot] != id && slots[slot] != 0)
        {
            slot = slot + 1 == slots.Length ? 0 : slot + 1;
        }

        return slot;
    }

    private void Grow()
    {
        var old = _slots;
        _slots = new long[old.Length + old.Length / 2];
        foreach (var id in old)
        {
            if (id != 0)
            {
                _slots[Find(id)] = id;
            }
        }
    }
}
