using System.Collections.Concurrent;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Options;
using RedNote.Frontend.Deals;
using RedNote.Frontend.Users;

namespace RedNote.Frontend.Live;

/// <summary>The connections of the hub on this front end.</summary>
internal sealed class HubConnections(
    ILogger<DefaultHubLifetimeManager<RoomHub>> logger,
    UserPresences presences,
    LiveMetrics metrics,
    FrameEncoder encoder,
    RoomCalls calls,
    HubFailures failures,
    RoomHubProtocol protocol,
    IOptions<LiveOptions> options,
    IOptions<DealPortOptions> deals,
    IOptions<NoticeOptions> notices)
    : DefaultHubLifetimeManager<RoomHub>(logger)
{
    private readonly ConcurrentDictionary<string, HubConnectionContext> _connections = new();
    private readonly TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _closing;

    public override async Task OnConnectedAsync(HubConnectionContext connection)
    {
        if (!connection.User.TryGetUserId(out var user))
        {
            throw new HubException("unauthorized: the token names no user.");
        }

        var presence = presences.Enter(user);
        var stream = DirectWay.StreamOf(connection.GetHttpContext());
        IFrameWriter writer = stream is null
            ? new HubFrameWriter(connection)
            : new DirectFrameWriter(stream.Gate, encoder);
        var visitor = new RoomVisitor(presence, writer, new OrderMailbox(writer, deals.Value), notices.Value);
        connection.Features.Set(visitor);
        presence.Attach(visitor);
        _connections[connection.ConnectionId] = connection;
        metrics.ConnectionOpened();
        await base.OnConnectedAsync(connection);

        // Last, as calls are carried out from here on.
        if (stream is not null && connection.Protocol is ConnectionProtocol own)
        {
            var direct = new DirectCalls(
                visitor, stream.Gate, calls, failures, protocol, options.Value.ParallelCommands);
            own.Shorten(direct, stream.Intake);
        }
    }

    public override Task OnDisconnectedAsync(HubConnectionContext connection)
    {
        (connection.Protocol as ConnectionProtocol)?.End();
        if (_connections.TryRemove(connection.ConnectionId, out _))
        {
            RoomVisitor.Of(connection.Features).Close();
            metrics.ConnectionClosed();
            NoticeIfEmpty();
        }

        return base.OnDisconnectedAsync(connection);
    }

    /// <summary>Tells every client that this server is going and that it may connect again; completes when all have
    /// gone. Nothing says when bytes have left, so cutting a connection sooner could cut this message off.</summary>
    public async Task CloseAll()
    {
        _closing = true;
        var farewell = new CloseMessage(error: null, allowReconnect: true);
        foreach (var connection in _connections.Values)
        {
            // A client that takes nothing is not waited for here: the transport ends it.
            _ = Tell(connection, farewell);
        }

        NoticeIfEmpty();
        await _empty.Task;
    }

    private static async Task Tell(HubConnectionContext connection, CloseMessage farewell)
        => await connection.WriteAsync(farewell);

    private void NoticeIfEmpty()
    {
        if (_closing && _connections.IsEmpty)
        {
            _empty.TrySetResult();
        }
    }
}
