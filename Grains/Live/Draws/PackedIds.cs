namespace RedNote.Live;

/// <summary>
/// Ids as a short text for snapshots: sorted, each as its distance from the one before, seven bits a byte, in base64.
/// Ids of users who came within a day take six characters or so, where JSON would take twenty.
/// </summary>
public static class PackedIds
{
    /// <summary>The same text for the same set.</summary>
    public static string Write(IdSet ids)
    {
        var sorted = ids.ToArray();
        Array.Sort(sorted);
        var bytes = new byte[sorted.Length * 10];
        var length = 0;
        var last = 0L;
        foreach (var id in sorted)
        {
            length = WriteNumber(bytes, length, (ulong)(id - last));
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
            last += (long)ReadNumber(ref bytes);
            if (last <= 0 || !ids.Add(last))
            {
                throw new FormatException("Packed ids grow.");
            }
        }

        return ids;
    }

    /// <summary>Writes a number at a place, and answers the place behind it.</summary>
    internal static int WriteNumber(Span<byte> bytes, int at, ulong number)
    {
        for (; number >= 0x80; number >>= 7)
        {
            bytes[at++] = (byte)(number | 0x80);
        }

        bytes[at++] = (byte)number;
        return at;
    }

    /// <summary>Takes a number from the front.</summary>
    internal static ulong ReadNumber(ref ReadOnlySpan<byte> bytes)
    {
        var number = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (bytes.IsEmpty)
            {
                break;
            }

            var part = bytes[0];
            bytes = bytes[1..];
            number |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return number;
            }
        }

        throw new FormatException("A packed number does not end.");
    }
}
