using System.Collections.Immutable;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using RedNote.Frontend.Deals;
using RedNote.Live;

namespace RedNote.Frontend.Live;

/// <summary>A frame and its bytes, made once, when first needed, and written to every viewer.</summary>
internal sealed class SharedFrame(RoomId room, RoomFrame frame, IHubProtocol protocol)
{
    private readonly SerializedHubMessage _message = new(new InvocationMessage(IRoomClient.Frame, [room, frame]));
    private int _bytes;

    public RoomFrame Frame => frame;

    /// <summary>Keeps its bytes; every WriteAsync of it copies them.</summary>
    public SerializedHubMessage Message => _message;

    /// <summary>The length of the bytes; asking makes them.</summary>
    public int Bytes => _bytes != 0 ? _bytes : _bytes = _message.GetSerializedMessage(protocol).Length;
}

/// <summary>Makes the bytes of what a room sends.</summary>
internal sealed class FrameEncoder(IHubProtocol protocol)
{
    public SharedFrame Encode(RoomId room, RoomFrame frame) => new(room, frame, protocol);
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

    /// <summary>Tells a sender which danmaku the others were not shown. Between other writes, at any time.</summary>
    ValueTask WriteSampled(RoomId room, ImmutableArray<long> seqs);

    /// <summary>Tells a buyer what has become of an order. Between other writes, at any time.</summary>
    ValueTask WriteOrder(OrderNotice notice);
}

/// <summary>The ordinary way, through SignalR's own write lock, for every transport.</summary>
internal sealed class HubFrameWriter(HubConnectionContext connection) : IFrameWriter
{
    public ValueTask Write(SharedFrame frame) => connection.WriteAsync(frame.Message, connection.ConnectionAborted);

    public ValueTask WriteResync(RoomId room, RoomHead head)
        => connection.WriteAsync(new InvocationMessage(IRoomClient.Resync, [room, head]), connection.ConnectionAborted);

    public ValueTask WriteSampled(RoomId room, ImmutableArray<long> seqs)
        => connection.WriteAsync(
            new InvocationMessage(IRoomClient.Sampled, [room, seqs]), connection.ConnectionAborted);

    public ValueTask WriteOrder(OrderNotice notice)
        => connection.WriteAsync(new InvocationMessage(IRoomClient.Order, [notice]), connection.ConnectionAborted);
}
