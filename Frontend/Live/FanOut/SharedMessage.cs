using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace RedNote.Frontend.Live;

/// <summary>A hub message and its bytes, made once, when first needed, and written to however many connections.
/// </summary>
internal abstract class SharedMessage(FrameEncoder encoder)
{
    // Two threads that need them first make the same bytes, and either's will do.
    private byte[]? _framed;
    private SerializedHubMessage? _message;

    /// <summary>A whole WebSocket frame with the hub message in it.</summary>
    public ReadOnlyMemory<byte> Framed => _framed ??= encoder.Framed(Make());

    /// <summary>The same hub message for SignalR, of which every WriteAsync copies the bytes.</summary>
    public SerializedHubMessage Message => _message ??= encoder.Serialized(Framed);

    /// <summary>The length of the bytes; asking makes them.</summary>
    public int Bytes => Framed.Length;

    /// <summary>The call on the client.</summary>
    protected abstract InvocationMessage Make();
}

/// <summary>Makes the bytes of what is sent to many.</summary>
internal sealed class FrameEncoder(IHubProtocol protocol)
{
    /// <summary>What a thread keeps to write messages into; larger ones are let go again.</summary>
    private const int MaxKeptBytes = 512 * 1024;

    [ThreadStatic]
    private static FrameBuffer? _scratch;

    /// <summary>A hub message in a WebSocket frame of its own.</summary>
    public byte[] Framed(HubMessage message)
    {
        var scratch = _scratch ??= new FrameBuffer();
        scratch.Clear();
        protocol.WriteMessage(message, scratch);
        var framed = scratch.Framed().ToArray();
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
