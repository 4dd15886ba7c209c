namespace RedNote.Live;

/// <summary>
/// Ids as a short text for snapshots: sorted, each as its distance from the one before (<see cref="VarInt"/>), in
/// base64. Ids of users who came within a day take six characters or so, where JSON would take twenty.
/// </summary>
public static class PackedIds
{
    /// <summary>The same text for the same set.</summary>
    public static string Write(IdSet ids)
    {
        var sorted = ids.ToArray();
        Array.Sort(sorted);
        var bytes = new byte[sorted.Length * VarInt.MaxBytes];
        var length = 0;
        var last = 0L;
        foreach (var id in sorted)
        {
            length = VarInt.Write(bytes, length, (ulong)(id - last));
            last = id;
        }

        return Convert.ToBase64String(bytes.AsSpan(0, length));
    }

    /// <summary>Throws <see cref="FormatException"/> for what <see cref="Write"/> did not make.</summary>
    public static IdSet Read(string text)
    {
        ReadOnlySpan<byte> bytes = Convert.FromBase64String(text);
        var count = 0;
        foreach (var part in bytes)
        {
            count += part < 0x80 ? 1 : 0;
        }

        var ids = new IdSet(count);
        var last = 0L;
        while (!bytes.IsEmpty)
        {
            last += (long)VarInt.Read(ref bytes);
            if (last <= 0 || !ids.Add(last))
            {
                throw new FormatException("Packed ids grow.");
            }
        }

        return ids;
    }
}
