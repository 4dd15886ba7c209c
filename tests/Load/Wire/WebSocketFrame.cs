using System.Buffers.Binary;

namespace RedNote.Load.Wire;

/// <summary>As much of RFC 6455 as both ends of a SignalR connection use.</summary>
public static class WebSocketFrame
{
    public const int Continuation = 0;
    public const int Text = 1;
    public const int Binary = 2;
    public const int Close = 8;
    public const int Ping = 9;
    public const int Pong = 10;

    /// <summary>The longest header of a client's frame: two bytes, eight of length, four of mask.</summary>
    public const int MaxClientHeader = 14;

    /// <summary>
    /// Reads a server's header. False: more bytes are needed. Servers do not mask, and negotiated no extension.
    /// </summary>
    public static bool TryReadHeader(ReadOnlySpan<byte> bytes, out int opcode, out int headerLength, out long length)
    {
        opcode = 0;
        headerLength = 2;
        length = 0;
        if (bytes.Length < 2)
        {
            return false;
        }

        if ((bytes[0] & 0x70) != 0 || (bytes[1] & 0x80) != 0)
        {
            throw new LoadException("The server sent a WebSocket frame with a mask or a reserved bit.");
        }

        opcode = bytes[0] & 0x0f;
        length = bytes[1] & 0x7f;
        if (length == 126)
        {
            headerLength = 4;
            length = bytes.Length < 4 ? 0 : BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        }
        else if (length == 127)
        {
            headerLength = 10;
            length = bytes.Length < 10 ? 0 : BinaryPrimitives.ReadInt64BigEndian(bytes[2..]);
        }

        return bytes.Length >= headerLength;
    }

    /// <summary>
    /// Writes a client's header before a payload of that length. The mask is zero: it is there because the protocol
    /// asks for one, and spares the generator the work; masks protect proxies, of which loopback has none.
    /// </summary>
    public static int WriteHeader(Span<byte> target, int opcode, int length)
    {
        target[0] = (byte)(0x80 | opcode);
        int used;
        if (length < 126)
        {
            target[1] = (byte)(0x80 | length);
            used = 2;
        }
        else if (length <= ushort.MaxValue)
        {
            target[1] = 0x80 | 126;
            BinaryPrimitives.WriteUInt16BigEndian(target[2..], (ushort)length);
            used = 4;
        }
        else
        {
            target[1] = 0x80 | 127;
            BinaryPrimitives.WriteInt64BigEndian(target[2..], length);
            used = 10;
        }

        target.Slice(used, 4).Clear();
        return used + 4;
    }
}
