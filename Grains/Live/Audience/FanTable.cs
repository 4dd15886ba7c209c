namespace RedNote.Live;

/// <summary>Watch time and points by user: 16 bytes each and some air, so that a room seen by a million takes 17 MB.
/// Users are never taken out.</summary>
public sealed class FanTable
{
    private readonly IdMap<Fan> _fans;

    public FanTable()
        : this(new IdMap<Fan>())
    {
    }

    private FanTable(IdMap<Fan> fans) => _fans = fans;

    private struct Fan
    {
        public int Points;

        /// <summary>In tenths of a second, which last for 13 years.</summary>
        public int Watched;
    }

    public int Count => _fans.Count;

    /// <summary>Bytes that the users take.</summary>
    public long Bytes => _fans.Bytes;

    public bool Contains(UserId user) => _fans.TryGet(user.Value, out _);

    public (long Points, long WatchedMs) this[UserId user]
        => _fans.TryGet(user.Value, out var fan) ? (fan.Points, fan.Watched * 100L) : default;

    /// <summary>Adds to what a user has, up to what can be counted; answers the points.</summary>
    public long Add(UserId user, long points, long watchedMs)
    {
        ref var fan = ref _fans.Enter(user.Value, out _);
        fan.Points = (int)Math.Min(int.MaxValue, fan.Points + points);
        fan.Watched = (int)Math.Min(int.MaxValue, fan.Watched + (watchedMs + 50) / 100);
        return fan.Points;
    }

    /// <summary>All users in order of id.</summary>
    public IEnumerable<(UserId User, long Points)> InOrder()
        => _fans.After(0).Select(fan => (new UserId(fan.Id), (long)fan.Value.Points));

    /// <summary>As a short text for snapshots, the same for the same table: of each user the distance of the id from
    /// the one before, the points and the time, seven bits a byte, in base64.</summary>
    public string Write() => Convert.ToBase64String(_fans.Write(2 * VarInt.MaxBytes, WriteFan));

    /// <summary>Reads such a text; throws <see cref="FormatException"/> on anything else.</summary>
    public static FanTable Read(string text) => new(new IdMap<Fan>(Convert.FromBase64String(text), ReadFan));

    private static int WriteFan(Span<byte> bytes, int at, Fan fan)
        => VarInt.Write(bytes, VarInt.Write(bytes, at, (uint)fan.Points), (uint)fan.Watched);

    private static Fan ReadFan(ref ReadOnlySpan<byte> bytes)
        => new() { Points = ReadInt(ref bytes), Watched = ReadInt(ref bytes) };

    private static int ReadInt(ref ReadOnlySpan<byte> bytes)
        => VarInt.Read(ref bytes) is var number and <= int.MaxValue
            ? (int)number
            : throw new FormatException("Nobody has so much.");
}
