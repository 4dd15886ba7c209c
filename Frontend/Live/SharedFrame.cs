using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using RedNote.Live;

namespace RedNote.Frontend.Live;

/// <summary>A frame and its bytes, made once and written to every viewer.</summary>
internal sealed class SharedFrame(RoomFrame frame, SerializedHubMessage message, int bytes)
{
    public RoomFrame Frame => frame;

    public SerializedHubMessage Message => message;

    public int Bytes => bytes;
}

/// <summary>Makes the bytes of what a room sends.</summary>
internal sealed class FrameEncoder(IHubProtocol protocol)
{
    public SharedFrame Encode(RoomId room, RoomFrame frame)
    {
        var message = new SerializedHubMessage(new InvocationMessage(IRoomClient.Frame, [room, frame]));

        // Asking for the bytes makes and keeps them; every WriteAsync of this message then copies them.
        return new SharedFrame(frame, message, message.GetSerializedMessage(protocol).Length);
    }
}

/// <summary>
/// Writes to one connection. The place where frames may take a shorter way than through SignalR (a later issue): one
/// implementation per way, chosen when the connection opens.
/// </summary>
internal interface IFrameWriter
{
    /// <summary>Completes when the connection can take more. One write at a time; never fails.</summary>
    ValueTask Write(SharedFrame frame);

    /// <summary>Tells the client to join again with what it has.</summary>
    ValueTask WriteResync(RoomId room, RoomHead head);
}

/// <summary>The ordinary way, through SignalR's own write lock, for every transport.</summary>
internal sealed class HubFrameWriter(HubConnectionContext connection) : IFrameWriter
{
    public ValueTask Write(SharedFrame frame) => connection.WriteAsync(frame.Message, connection.ConnectionAborted);

    public ValueTask WriteResync(RoomId room, RoomHead head)
        => connection.WriteAsync(new InvocationMessage(IRoomClient.Resync, [room, head]), connection.ConnectionAborted);
}
