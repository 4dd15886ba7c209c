namespace RedNote.Live;

/// <summary>Numbers in few bytes: seven bits to a byte, low ones first, the eighth for "more follows".</summary>
internal static class VarInt
{
    /// <summary>Most bytes of a number.</summary>
    public const int MaxBytes = 10;

    /// <summary>Writes a number at a place, and answers the place behind it.</summary>
    public static int Write(Span<byte> bytes, int at, ulong number)
    {
        for (; number >= 0x80; number >>= 7)
        {
            bytes[at++] = (byte)(number | 0x80);
        }

        bytes[at++] = (byte)number;
        return at;
    }

    /// <summary>Takes a number from the front; throws <see cref="FormatException"/> when it does not end.</summary>
    public static ulong Read(ref ReadOnlySpan<byte> bytes)
    {
        var number = 0UL;
        for (var shift = 0; shift < 64 && !bytes.IsEmpty; shift += 7)
        {
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
