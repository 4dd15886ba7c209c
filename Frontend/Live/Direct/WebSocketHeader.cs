using System.Buffers.Binary;

namespace RedNote.Frontend.Live;

/// <summary>The header of a WebSocket frame as a server writes it: no mask (RFC 6455, section 5.2).</summary>
/// <param name="IsFinal">Whether it ends its message.</param>
/// <param name="Opcode">What the frame is.</param>
/// <param name="HeaderBytes">Bytes of the header.</param>
/// <param name="PayloadBytes">Bytes that follow it.</param>
internal readonly record struct WebSocketHeader(bool IsFinal, int Opcode, int HeaderBytes, long PayloadBytes)
{
    /// <summary>The most bytes of such a header.</summary>
    public const int MaxBytes = 10;

    /// <summary>The fewest.</summary>
    public const int ShortBytes = 2;

    /// <summary>In the second byte: a mask follows the length.</summary>
    public const int MaskedBit = 0x80;

    private const int Text = 1;
    private const int Close = 8;
    private const int Final = 0x80;
    private const int OpcodeBits = 0x0f;
    private const int MaxShort = 125;
    private const int TwoBytes = 126;
    private const int EightBytes = 127;

    /// <summary>Bytes of the whole frame.</summary>
    public long Length => HeaderBytes + PayloadBytes;

    /// <summary>Control frames may stand between the fragments of a message.</summary>
    public bool IsControl => Opcode >= Close;

    public bool IsClose => Opcode == Close;

    /// <summary>Bytes of the header before a payload of that length.</summary>
    public static int BytesFor(int payload) => payload <= MaxShort ? 2 : payload <= ushort.MaxValue ? 4 : MaxBytes;

    /// <summary>Writes the header of a whole text message; <paramref name="header"/> has the length of
    /// <see cref="BytesFor"/>.</summary>
    public static void WriteText(Span<byte> header, int payload)
    {
        header[0] = Final | Text;
        switch (header.Length)
        {
            case 2:
                header[1] = (byte)payload;
                break;
            case 4:
                header[1] = TwoBytes;
                BinaryPrimitives.WriteUInt16BigEndian(header[2..], (ushort)payload);
                break;
            default:
                header[1] = EightBytes;
                BinaryPrimitives.WriteUInt64BigEndian(header[2..], (ulong)payload);
                break;
        }
    }

    /// <summary>Reads the header that a server's frame begins with; false: these bytes are none.</summary>
    public static bool TryRead(ReadOnlySpan<byte> frame, out WebSocketHeader header)
    {
        header = default;
        if (!TryReadLength(frame, out var size, out var payload) || IsMasked(frame))
        {
            return false;
        }

        header = new WebSocketHeader((frame[0] & Final) != 0, frame[0] & OpcodeBits, size, payload);
        return payload >= 0;
    }

    /// <summary>Whether the frame that begins with these bytes, two at least, has a mask, as those of clients do.
    /// </summary>
    public static bool IsMasked(ReadOnlySpan<byte> frame) => (frame[1] & MaskedBit) != 0;

    /// <summary>Reads the payload's length, which stands in the frames of both sides alike, and how many bytes of the
    /// header that makes, without a mask's key; false: more of them have to come.</summary>
    public static bool TryReadLength(ReadOnlySpan<byte> frame, out int size, out long payload)
    {
        (size, payload) = (0, 0);
        if (frame.Length < ShortBytes)
        {
            return false;
        }

        var length = frame[1] & ~MaskedBit;
        size = length switch { TwoBytes => 4, EightBytes => MaxBytes, _ => ShortBytes };
        if (frame.Length < size)
        {
            return false;
        }

        payload = length switch
        {
            TwoBytes => BinaryPrimitives.ReadUInt16BigEndian(frame[ShortBytes..]),
            EightBytes => BinaryPrimitives.ReadInt64BigEndian(frame[ShortBytes..]),
            _ => length,
        };
        return true;
    }
}
