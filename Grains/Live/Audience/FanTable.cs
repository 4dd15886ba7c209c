namespace RedNote.Live;

/// <summary>
/// Watch time and points by user, in one array of 16 bytes a slot: 20 to 30 bytes for each user, so that a room seen by
/// a million takes 30 MB. Users are never taken out.
/// </summary>
public sealed class FanTable
{
    private const int MinSlots = 16;

    private Slot[] _slots;

    public FanTable(int expected = 0) => _slots = new Slot[Math.Max(MinSlots, expected + expected / 3)];

    private struct Slot
    {
        public long Id;
        public int Points;

        /// <summary>In tenths of a second, which last for 13 years.</summary>
        public int Watched;
    }

    public int Count { get; private set; }

    /// <summary>Bytes that the users take.</summary>
    public long Bytes => _slots.LongLength * 16;

    public bool Contains(UserId user) => user.Value > 0 && _slots[Find(user.Value)].Id == user.Value;

    public (long Points, long WatchedMs) this[UserId user]
    {
        get
        {
            var slot = _slots[Find(user.Value)];
            return slot.Id == user.Value ? (slot.Points, slot.Watched * 100L) : default;
        }
    }

    /// <summary>Adds to what a user has, up to what can be counted; answers the points.</summary>
    public long Add(UserId user, long points, long watchedMs)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(user.Value);
        var at = Find(user.Value);
        if (_slots[at].Id == 0)
        {
            if ((Count + 1L) * 5 > _slots.LongLength * 4)
            {
                Grow();
                at = Find(user.Value);
            }

            _slots[at].Id = user.Value;
            Count++;
        }

        ref var slot = ref _slots[at];
        slot.Points = (int)Math.Min(int.MaxValue, slot.Points + points);
        slot.Watched = (int)Math.Min(int.MaxValue, slot.Watched + (watchedMs + 50) / 100);
        return slot.Points;
    }

    /// <summary>All users in order of id.</summary>
    public (long Id, int Points, int Watched)[] ToSorted()
    {
        var all = new (long Id, int Points, int Watched)[Count];
        var next = 0;
        foreach (var slot in _slots)
        {
            if (slot.Id != 0)
            {
                all[next++] = (slot.Id, slot.Points, slot.Watched);
            }
        }

        Array.Sort(all, (left, right) => left.Id.CompareTo(right.Id));
        return all;
    }

    /// <summary>As a short text for snapshots, the same for the same table: see <see cref="PackedIds"/>.</summary>
    public string Write()
    {
        var all = ToSorted();
        var bytes = new byte[all.Length * 20];
        var length = 0;
        var last = 0L;
        foreach (var (id, points, watched) in all)
        {
            length = PackedIds.WriteNumber(bytes, length, (ulong)(id - last));
            length = PackedIds.WriteNumber(bytes, length, (uint)points);
            length = PackedIds.WriteNumber(bytes, length, (uint)watched);
            last = id;
        }

        return Convert.ToBase64String(bytes.AsSpan(0, length));
    }

    public static FanTable Read(string text)
    {
        ReadOnlySpan<byte> bytes = Convert.FromBase64String(text);
        var table = new FanTable(bytes.Length / 8);
        var last = 0L;
        while (!bytes.IsEmpty)
        {
            last += (long)PackedIds.ReadNumber(ref bytes);
            var points = (long)PackedIds.ReadNumber(ref bytes);
            table.Add(new UserId(last), points, (long)PackedIds.ReadNumber(ref bytes) * 100);
        }

        return table;
    }

    private int Find(long id)
    {
        var slots = _slots;
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
        _slots = new Slot[old.Length + old.Length / 2];
        foreach (var slot in old)
        {
            if (slot.Id != 0)
            {
                _slots[Find(slot.Id)] = slot;
            }
        }
    }
}
