namespace RedNote.Live;

/// <summary>
/// Watch time and points by user, 16 bytes a slot: 20 to 30 bytes for each user, so that a room seen by a
/// million takes 30 MB. Users are never taken out.
/// </summary>
public sealed class FanTable(int expected = 0)
{
    private IdTable<Slot> _fans = new(expected);

    private struct Slot : IIdSlot
    {
        public long Id { get; set; }

        public int Points;

        /// <summary>In tenths of a second, which last for 13 years.</summary>
        public int Watched;
    }

    public int Count => _fans.Count;

    /// <summary>Bytes that the users take.</summary>
    public long Bytes => _fans.Capacity * 16L;

    public bool Contains(UserId user) => _fans.Contains(user.Value);

    public (long Points, long WatchedMs) this[UserId user]
    {
        get
        {
            var slot = _fans[user.Value];
            return (slot.Points, slot.Watched * 100L);
        }
    }

    /// <summary>Adds to what a user has, up to what can be counted; answers the points.</summary>
    public long Add(UserId user, long points, long watchedMs)
    {
        ref var slot = ref _fans.Enter(user.Value, out _);
        slot.Points = (int)Math.Min(int.MaxValue, slot.Points + points);
        slot.Watched = (int)Math.Min(int.MaxValue, slot.Watched + (watchedMs + 50) / 100);
        return slot.Points;
    }

    /// <summary>All users in order of id.</summary>
    public (long Id, int Points, int Watched)[] ToSorted()
    {
        var all = Array.ConvertAll(_fans.ToArray(), slot => (slot.Id, slot.Points, slot.Watched));
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
            length = VarInt.Write(bytes, length, (ulong)(id - last));
            length = VarInt.Write(bytes, length, (uint)points);
            length = VarInt.Write(bytes, length, (uint)watched);
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
            last += (long)VarInt.Read(ref bytes);
            var points = (long)VarInt.Read(ref bytes);
            table.Add(new UserId(last), points, (long)VarInt.Read(ref bytes) * 100);
        }

        return table;
    }
}
