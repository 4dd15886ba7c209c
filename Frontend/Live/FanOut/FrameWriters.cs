using System.Collections.Immutable;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using RedNote.Frontend.Deals;
using RedNote.Frontend.Users;
using RedNote.Live;

namespace RedNote.Frontend.Live;

/// <summary>The ordinary way, through SignalR's own write lock, for every transport.</summary>
internal sealed class HubFrameWriter(HubConnectionContext connection) : IFrameWriter
{
    public ValueTask Write(SharedMessage message)
        => connection.WriteAsync(message.Message, connection.ConnectionAborted);

    public ValueTask WriteResync(RoomId room, RoomHead head) => Write(HubCalls.Resync(room, head));

    public ValueTask WriteSampled(RoomId room, ImmutableArray<long> seqs) => Write(HubCalls.Sampled(room, seqs));

    public ValueTask WriteOrder(OrderNotice notice) => Write(HubCalls.Order(notice));

    public ValueTask WriteNotification(NotificationNews news) => Write(HubCalls.Notify(news));

    private ValueTask Write(HubMessage message) => connection.WriteAsync(message, connection.ConnectionAborted);
}

/// <summary>The short way: bytes that are whole WebSocket frames, through the connection's gate.</summary>
internal sealed class DirectFrameWriter(ConnectionGate gate, FrameEncoder encoder) : IFrameWriter
{
    public ValueTask Write(SharedMessage message) => gate.Write(message.Framed);

    public void AddTo(CachePaths paths)
    {
        paths.Add(this);
        gate.AddTo(paths);
    }

    public ValueTask WriteResync(RoomId room, RoomHead head) => Write(HubCalls.Resync(room, head));

    public ValueTask WriteSampled(RoomId room, ImmutableArray<long> seqs) => Write(HubCalls.Sampled(room, seqs));

    public ValueTask WriteOrder(OrderNotice notice) => Write(HubCalls.Order(notice));

    public ValueTask WriteNotification(NotificationNews news) => Write(HubCalls.Notify(news));

    private ValueTask Write(HubMessage message) => gate.Write(encoder.Framed(message));
}

/// <summary>The calls on one client.</summary>
file static class HubCalls
{
    public static InvocationMessage Resync(RoomId room, RoomHead head) => new(IRoomClient.Resync, [room, head]);

    public static InvocationMessage Sampled(RoomId room, ImmutableArray<long> seqs)
        => new(IRoomClient.Sampled, [room, seqs]);

    public static InvocationMessage Order(OrderNotice notice) => new(IRoomClient.Order, [notice]);

    public static InvocationMessage Notify(NotificationNews news) => new(IRoomClient.Notify, [news]);
}
