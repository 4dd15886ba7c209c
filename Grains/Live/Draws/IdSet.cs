using System.Runtime.InteropServices;

namespace RedNote.Live;

/// <summary>
/// A set of positive ids without an object per member: 10 to 15 bytes each, so that a draw with a million entrants
/// takes 15 MB while it is open. Members are never taken out. Whoever shows it, sorts it.
/// </summary>
public sealed class IdSet(int expected = 0)
{
    private IdTable<Slot> _members = new(expected);

    private struct Slot : IIdSlot
    {
        public long Id { get; set; }
    }

    public int Count => _members.Count;

    /// <summary>Bytes that the members take.</summary>
    public long Bytes => (long)_members.Capacity * sizeof(long);

    public bool Contains(long id) => _members.Contains(id);

    /// <summary>Whether it was not in before.</summary>
    public bool Add(long id)
    {
        _members.Enter(id, out var isNew);
        return isNew;
    }

    /// <summary>All members, in no particular order.</summary>
    public long[] ToArray() => MemoryMarshal.Cast<Slot, long>(_members.ToArray()).ToArray();
}
