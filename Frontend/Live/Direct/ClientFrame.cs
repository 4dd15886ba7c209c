using System.Runtime.InteropServices;

namespace RedNote.Frontend.Live;

/// <summary>The header of a WebSocket frame as a client writes it: with a mask (RFC 6455, section 5.2).</summary>
/// <param name="First">Its first byte: whether it ends its message, what extensions say of it, and what it is.</param>
/// <param name="HeaderBytes">Bytes of the header, the mask's key being the last of them.</param>
/// <param name="PayloadBytes">Bytes that follow it; below 0: no client may write this header, or could ever send what
/// it promises.</param>
internal readonly record struct ClientFrame(byte First, int HeaderBytes, long PayloadBytes)
{
    /// <summary>The most bytes of such a header.</summary>
    public const int MaxHeaderBytes = WebSocketHeader.MaxBytes + KeyBytes;

    /// <summary>So that the length of a frame is a number, too.</summary>
    private const long MaxPayload = long.MaxValue - MaxHeaderBytes;

    private const int KeyBytes = 4;
    private const int WholeText = 0x81;
    private const int Final = 0x80;
    private const int OpcodeBits = 0x0f;
    private const int FirstControl = 8;

    /// <summary>Bytes of the whole frame.</summary>
    public long Length => HeaderBytes + PayloadBytes;

    /// <summary>A text message in one frame, which no extension has changed.</summary>
    public bool IsWholeText => First == WholeText;

    public bool IsFinal => (First & Final) != 0;

    /// <summary>Control frames may stand between the fragments of a message.</summary>
    public bool IsControl => (First & OpcodeBits) >= FirstControl;

    /// <summary>Reads the header that bytes begin with; false: more of them have to come.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out ClientFrame frame)
    {
        frame = default;
        if (bytes.Length >= WebSocketHeader.ShortBytes && !WebSocketHeader.IsMasked(bytes))
        {
            frame = new ClientFrame(bytes[0], WebSocketHeader.ShortBytes, -1);
            return true;
        }

        if (!WebSocketHeader.TryReadLength(bytes, out var size, out var payload) || bytes.Length < size + KeyBytes)
        {
            return false;
        }

        frame = new ClientFrame(bytes[0], size + KeyBytes, payload > MaxPayload ? -1 : payload);
        return true;
    }

    /// <summary>Takes the mask off a whole frame's payload. Its key is zero then, so that who reads the frame again
    /// finds the same.</summary>
    public Span<byte> Unmask(Span<byte> frame)
    {
        var key = frame.Slice(HeaderBytes - KeyBytes, KeyBytes);
        var payload = frame[HeaderBytes..];
        var half = MemoryMarshal.Read<uint>(key);
        var wide = MemoryMarshal.Cast<byte, ulong>(payload);
        foreach (ref var part in wide)
        {
            part ^= half | ((ulong)half << (8 * KeyBytes));
        }

        for (var i = wide.Length * sizeof(ulong); i < payload.Length; i++)
        {
            payload[i] ^= key[i % KeyBytes];
        }

        key.Clear();
        return payload;
    }

    /// <summary>Bytes of the header that <see cref="WriteText"/> writes.</summary>
    public static int HeaderBytesFor(int payload) => WebSocketHeader.BytesFor(payload) + KeyBytes;

    /// <summary>Writes the header of a whole text message, with a key of zero.</summary>
    public static void WriteText(Span<byte> header, int payload)
    {
        WebSocketHeader.WriteText(header[..^KeyBytes], payload);
        header[1] |= WebSocketHeader.MaskedBit;
        header[^KeyBytes..].Clear();
    }
}
