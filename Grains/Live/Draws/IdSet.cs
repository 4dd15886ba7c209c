namespace RedNote.Live;

/// <summary>
/// A set of positive ids: 9 bytes each and some air, so that a draw with a million entrants takes 10 MB while it is
/// open. Members are never taken out.
/// </summary>
public sealed class IdSet
{
    private readonly IdMap<Nothing> _members;

    public IdSet()
        : this(new IdMap<Nothing>())
    {
    }

    private IdSet(IdMap<Nothing> members) => _members = members;

    private readonly struct Nothing;

    public int Count => _members.Count;

    /// <summary>Bytes that the members take.</summary>
    public long Bytes => _members.Bytes;

    public bool Contains(long id) => _members.TryGet(id, out _);

    /// <summary>Whether it was not in before.</summary>
    public bool Add(long id)
    {
        _members.Enter(id, out var isNew);
        return isNew;
    }

    /// <summary>All members, the smallest first.</summary>
    public long[] ToArray() => _members.ToIds();

    /// <summary>
    /// As a short text for snapshots: each as its distance from the one before, seven bits a byte, in base64. Ids of
    /// users who came within a day take six characters or so, where JSON would take twenty.
    /// </summary>
    public string Write() => Convert.ToBase64String(_members.Write(0, static (_, at, _) => at));

    /// <summary>Reads such a text; throws <see cref="FormatException"/> on anything else.</summary>
    public static IdSet Read(string text)
        => new(new IdMap<Nothing>(Convert.FromBase64String(text), static (ref ReadOnlySpan<byte> _) => default));
}
