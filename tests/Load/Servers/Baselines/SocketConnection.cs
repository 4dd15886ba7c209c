using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace RedNote.Load.Servers.Baselines;

/// <summary>One client of <see cref="SocketRooms"/>. A WebSocket takes one send at a time; others wait in order.
/// </summary>
public sealed class SocketConnection(WebSocket socket, SocketRooms rooms)
{
    private const int MaxMessageBytes = 32 * 1024;

    /// <summary>Who is behind by so many messages is cut off.</summary>
    private const int MaxWaiting = 1_000;

    private readonly Queue<ReadOnlyMemory<byte>> _waiting = new();
    private bool _isSending;

    /// <summary>Works off what the client sends, until it closes.</summary>
    public async Task ReceiveAll(CancellationToken ct)
    {
        var buffer = new byte[MaxMessageBytes];
        var length = 0;
        while (length < buffer.Length)
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(length), ct);
            length += received.Count;
            if (received.MessageType == WebSocketMessageType.Close)
            {
                return;
            }

            if (received.EndOfMessage)
            {
                // The client of this program sends one record a message; the last byte is its separator.
                Take(buffer.AsMemory(0, length - 1));
                length = 0;
            }
        }
    }

    public void Send(ReadOnlyMemory<byte> message)
    {
        lock (_waiting)
        {
            if (_isSending)
            {
                _waiting.Enqueue(message);
                if (_waiting.Count > MaxWaiting)
                {
                    socket.Abort();
                }

                return;
            }

            _isSending = true;
        }

        var sending = socket.SendAsync(message, WebSocketMessageType.Text, true, CancellationToken.None);
        if (!sending.IsCompletedSuccessfully)
        {
            _ = SendOn(sending);
            return;
        }

        // The usual case: the network took it at once, and no task is needed.
        sending.GetAwaiter().GetResult();
        if (TryNext(out var next))
        {
            _ = SendOn(socket.SendAsync(next, WebSocketMessageType.Text, true, CancellationToken.None));
        }
    }

    private async Task SendOn(ValueTask sending)
    {
        try
        {
            await sending;
            while (TryNext(out var next))
            {
                await socket.SendAsync(next, WebSocketMessageType.Text, true, CancellationToken.None);
            }
        }
        catch (Exception e) when (e is WebSocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The receiving side ends the connection.
        }
    }

    private bool TryNext(out ReadOnlyMemory<byte> next)
    {
        lock (_waiting)
        {
            _isSending = _waiting.TryDequeue(out next);
            return _isSending;
        }
    }

    private void Take(ReadOnlyMemory<byte> record)
    {
        using var document = JsonDocument.Parse(record);
        var root = document.RootElement;
        if (root.TryGetProperty("protocol", out _))
        {
            Send("{}\u001e"u8.ToArray());
        }
        else if (root.TryGetProperty("target", out var target))
        {
            var result = Call(target.GetString()!, root.GetProperty("arguments"));
            var id = root.GetProperty("invocationId").GetString();
            Send(Encoding.UTF8.GetBytes(
                $"{{\"type\":3,\"invocationId\":\"{id}\",\"result\":{result}}}\u001e"));
        }
    }

    private string Call(string target, JsonElement arguments)
    {
        var roomId = arguments[0].GetString()!;
        switch (target)
        {
            case "JoinRoom":
                rooms.Join(roomId, this);
                return "null";
            case "SendDanmaku":
                var danmaku = BaselineDanmaku.Of(arguments[1].GetProperty("text").GetString()!);
                rooms.Add(roomId, danmaku);
                return $"{{\"status\":\"accepted\",\"seq\":{danmaku.Seq}}}";
            default:
                return "null";
        }
    }
}
