using System.Text;
using RedNote.Frontend.Live;

namespace RedNote.Frontend.Tests.Live.Direct;

/// <summary>WebSocket frames as a server writes them, made and read by hand (RFC 6455, section 5.2).</summary>
internal static class WireFrames
{
    public const int Continuation = 0;
    public const int Text = 1;
    public const int CloseFrame = 8;
    public const int Ping = 9;

    public static byte[] Frame(string payload, int opcode = Text, bool final = true)
    {
        var bytes = Encoding.UTF8.GetBytes(payload);
        var first = (byte)((final ? 0x80 : 0) | opcode);
        byte[] header = bytes.Length switch
        {
            <= 125 => [first, (byte)bytes.Length],
            <= 65_535 => [first, 126, (byte)(bytes.Length >> 8), (byte)bytes.Length],
            var length => [first, 127, 0, 0, 0, 0, (byte)(length >> 24), (byte)(length >> 16), (byte)(length >> 8),
                (byte)length],
        };
        return [.. header, .. bytes];
    }

    /// <summary>One message in so many frames.</summary>
    public static List<byte[]> Message(string payload, int fragments)
    {
        var frames = new List<byte[]>();
        for (var i = 0; i < fragments; i++)
        {
            var (start, end) = (payload.Length * i / fragments, payload.Length * (i + 1) / fragments);
            frames.Add(Frame(payload[start..end], i == 0 ? Text : Continuation, i == fragments - 1));
        }

        return frames;
    }

    /// <summary>The messages that a client makes of these bytes, control frames marked with their opcode; fails when
    /// it could make nothing of them.</summary>
    public static List<string> Read(byte[] bytes)
    {
        var (messages, message, inMessage, at) = (new List<string>(), new List<byte>(), false, 0);
        while (at < bytes.Length)
        {
            Assert.True(WebSocketHeader.TryRead(bytes.AsSpan(at), out var header), $"There is no frame at {at}.");
            Assert.True(at + header.Length <= bytes.Length, $"The frame at {at} is cut off.");
            var payload = bytes.AsSpan(at + header.HeaderBytes, (int)header.PayloadBytes);
            at += (int)header.Length;
            if (header.IsControl)
            {
                messages.Add($"{header.Opcode}:{Encoding.UTF8.GetString(payload)}");
                continue;
            }

            Assert.True(header.Opcode == (inMessage ? Continuation : Text), $"Opcode {header.Opcode} before {at}.");
            message.AddRange(payload);
            inMessage = !header.IsFinal;
            if (header.IsFinal)
            {
                messages.Add(Encoding.UTF8.GetString([.. message]));
                message.Clear();
            }
        }

        return messages;
    }
}
