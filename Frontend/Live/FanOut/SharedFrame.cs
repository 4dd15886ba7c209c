using System.Buffers;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using RedNote.Live;

namespace RedNote.Frontend.Live;

/// <summary>A frame and its bytes, made once, when first needed, and written to every viewer.</summary>
internal sealed class SharedFrame(RoomId room, RoomFrame frame, FrameEncoder encoder)
{
    // Two threads that need them first make the same bytes, and either's will do.
    private byte[]? _framed;
    private SerializedHubMessage? _message;

    public RoomFrame Frame => frame;

    /// <summary>A whole WebSocket frame with the hub message in it.</summary>
    public ReadOnlyMemory<byte> Framed
        => _framed ??= encoder.Framed(new InvocationMessage(IRoomClient.Frame, [room, frame]));

    /// <summary>The same hub message for SignalR, of which every WriteAsync copies the bytes.</summary>
    public SerializedHubMessage Message => _message ??= encoder.Serialized(Framed);

    /// <summary>The length of the bytes; asking makes them.</summary>
    public int Bytes => Framed.Length;
}

/// <summary>Makes the bytes of what a room sends.</summary>
internal sealed class FrameEncoder(IHubProtocol protocol)
{
    /// <summary>What a thread keeps to write messages into; larger ones are let go again.</summary>
    private const int MaxKeptBytes = 512 * 1024;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _scratch;

    public SharedFrame Encode(RoomId room, RoomFrame frame) => new(room, frame, this);

    /// <summary>A hub message in a WebSocket frame of its own.</summary>
    public byte[] Framed(HubMessage message)
    {
        var scratch = _scratch ??= new ArrayBufferWriter<byte>();
        scratch.ResetWrittenCount();
        protocol.WriteMessage(message, scratch);
        var payload = scratch.WrittenSpan;
        var header = WebSocketHeader.BytesFor(payload.Length);
        var framed = GC.AllocateUninitializedArray<byte>(header + payload.Length);
        WebSocketHeader.WriteText(framed.AsSpan(0, header), payload.Length);
        payload.CopyTo(framed.AsSpan(header));
        if (scratch.Capacity > MaxKeptBytes)
        {
            _scratch = null;
        }

        return framed;
    }

    /// <summary>The hub message of a WebSocket frame, for connections that SignalR writes to.</summary>
    public SerializedHubMessage Serialized(ReadOnlyMemory<byte> framed)
    {
        WebSocketHeader.TryRead(framed.Span, out var header);
        return new SerializedHubMessage([new SerializedMessage(protocol.Name, framed[header.HeaderBytes..])]);
    }
}
