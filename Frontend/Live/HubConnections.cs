using System.Collections.Concurrent;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using RedNote.Frontend.Users;

namespace RedNote.Frontend.Live;

/// <summary>The connections of the hub on this front end.</summary>
internal sealed class HubConnections(
    ILogger<DefaultHubLifetimeManager<RoomHub>> logger, UserPresences presences, LiveMetrics metrics)
    : DefaultHubLifetimeManager<RoomHub>(logger)
{
    private readonly ConcurrentDictionary<string, HubConnectionContext> _connections = new();

    public override Task OnConnectedAsync(HubConnectionContext connection)
    {
        if (!connection.User.TryGetUserId(out var user))
        {
            throw new HubException("unauthorized: the token names no user.");
        }

        connection.Items[typeof(RoomVisitor)] =
            new RoomVisitor(presences.Enter(user), new HubFrameWriter(connection));
        _connections[connection.ConnectionId] = connection;
        metrics.ConnectionOpened();
        return base.OnConnectedAsync(connection);
    }

    public override Task OnDisconnectedAsync(HubConnectionContext connection)
    {
        if (_connections.TryRemove(connection.ConnectionId, out _))
        {
            RoomVisitor.Of(connection.Items).Close();
            metrics.ConnectionClosed();
        }

        return base.OnDisconnectedAsync(connection);
    }

    /// <summary>Tells every client that this server is going and that it may connect again.</summary>
    public async Task CloseAll()
    {
        var farewell = new CloseMessage(error: null, allowReconnect: true);
        foreach (var connection in _connections.Values)
        {
            // A client that takes nothing is not waited for: the transport ends it.
            var told = connection.WriteAsync(farewell);
            if (told.IsCompletedSuccessfully)
            {
                await told;
            }
        }
    }
}
