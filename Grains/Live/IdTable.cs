namespace RedNote.Live;

/// <summary>What an <see cref="IdTable{TSlot}"/> holds of one id.</summary>
public interface IIdSlot
{
    /// <summary>Positive; 0 in a slot that is free.</summary>
    long Id { get; set; }
}

/// <summary>
/// Entries by positive id in one array, without an object per entry: an entry takes 1.25 to 1.9 slots. Entries are
/// never taken out, and come in no particular order.
/// </summary>
public struct IdTable<TSlot>(int expected)
    where TSlot : struct, IIdSlot
{
    private const int MinSlots = 16;

    private TSlot[] _slots = new TSlot[Math.Max(MinSlots, expected + expected / 3)];

    public int Count { get; private set; }

    /// <summary>Slots in all, taken or free.</summary>
    public readonly int Capacity => _slots.Length;

    public readonly bool Contains(long id) => id > 0 && _slots[Find(id)].Id == id;

    /// <summary>The id's entry; of one that is not in, an empty one.</summary>
    public readonly TSlot this[long id] => Contains(id) ? _slots[Find(id)] : default;

    /// <summary>The id's entry, made if there is none, to be changed before the next entry is added.</summary>
    public ref TSlot Enter(long id, out bool isNew)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(id);
        var slot = Find(id);
        isNew = _slots[slot].Id != id;
        if (isNew)
        {
            if ((Count + 1L) * 5 > _slots.LongLength * 4)
            {
                Grow();
                slot = Find(id);
            }

            _slots[slot].Id = id;
            Count++;
        }

        return ref _slots[slot];
    }

    /// <summary>All entries, in no particular order.</summary>
    public readonly TSlot[] ToArray()
    {
        var entries = new TSlot[Count];
        var next = 0;
        foreach (var slot in _slots)
        {
            if (slot.Id != 0)
            {
                entries[next++] = slot;
            }
        }

        return entries;
    }

    /// <summary>The slot that holds the id, or the free one where it would go.</summary>
    private readonly int Find(long id)
    {
        var slots = _slots;
        // Spreads ids that differ in few bits over all slots; any number of slots will do.
        var slot = (int)Math.BigMul((ulong)id * 0x9E3779B97F4A7C15, (ulong)slots.Length, out _);
        while (slots[slot].Id != id && slots[slot].Id != 0)
        {
            slot = slot + 1 == slots.Length ? 0 : slot + 1;
        }

        return slot;
    }

    private void Grow()
    {
        var old = _slots;
        _slots = new TSlot[old.Length + old.Length / 2];
        foreach (var slot in old)
        {
            if (slot.Id != 0)
            {
                _slots[Find(slot.Id)] = slot;
            }
        }
    }
}
