using System.Buffers;
using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace RedNote.Load.Servers.Baselines;

/// <summary>
/// Rooms on Kestrel's WebSockets without SignalR: the text of a batch is built once and sent to each connection. It
/// speaks as much of the hub protocol as the client of this program needs, so that all servers are asked by the same
/// one.
/// </summary>
public sealed class SocketRooms(BaselineOptions options) : BackgroundService
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly ConcurrentDictionary<string, SocketRoom> _rooms = new(StringComparer.Ordinal);

    /// <summary>Serves a connection until it ends.</summary>
    public async Task Serve(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var connection = new SocketConnection(socket, this);
        try
        {
            await connection.ReceiveAll(context.RequestAborted);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            // The client has gone.
        }
        finally
        {
            foreach (var room in _rooms.Values)
            {
                room.Leave(connection);
            }
        }
    }

    public void Join(string roomId, SocketConnection connection) => Room(roomId).Join(connection);

    public void Add(string roomId, BaselineDanmaku danmaku) => Room(roomId).Batch.Add(danmaku);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(options.BatchMs));
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach (var (roomId, room) in _rooms)
            {
                if (room.Batch.Take() is { } messages)
                {
                    room.Send(Invocation(roomId, messages));
                }
            }
        }
    }

    private SocketRoom Room(string roomId) => _rooms.GetOrAdd(roomId, static _ => new SocketRoom());

    private ReadOnlyMemory<byte> Invocation(string roomId, List<BaselineDanmaku> messages)
    {
        var bytes = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteNumber("type", 1);
            json.WriteString("target", "danmaku");
            json.WriteStartArray("arguments");
            json.WriteStringValue(roomId);
            if (options.IsTextOnly)
            {
                JsonSerializer.Serialize(json, messages.ConvertAll(it => it.Text), Json);
            }
            else
            {
                JsonSerializer.Serialize(json, messages, Json);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        bytes.Write("\u001e"u8);
        return bytes.WrittenMemory;
    }
}

/// <summary>Who is in a room, and what they are to be sent next.</summary>
internal sealed class SocketRoom
{
    private readonly Lock _gate = new();
    private readonly List<SocketConnection> _connections = [];

    public MessageBatch Batch { get; } = new();

    public void Join(SocketConnection connection)
    {
        lock (_gate)
        {
            _connections.Add(connection);
        }
    }

    public void Leave(SocketConnection connection)
    {
        lock (_gate)
        {
            _connections.Remove(connection);
        }
    }

    public void Send(ReadOnlyMemory<byte> message)
    {
        lock (_gate)
        {
            foreach (var connection in _connections)
            {
                connection.Send(message);
            }
        }
    }
}
