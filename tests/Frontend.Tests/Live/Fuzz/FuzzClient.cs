using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace RedNote.Frontend.Tests.Live.Fuzz;

/// <summary>A connection of the hub that sends bytes as it likes and only listens for what answers its calls.</summary>
internal sealed class FuzzClient : IAsyncDisposable
{
    private const byte Separator = 0x1e;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ClientWebSocket _socket = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<JsonElement>> _calls = new();
    private readonly TaskCompletionSource _greeted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<string?> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HashSet<string> _answered = [];
    private Task _receiving = Task.CompletedTask;
    private string? _closeError;

    /// <summary>Completes when the server has ended the connection, with what it said of why.</summary>
    public Task<string?> Ended => _ended.Task;

    public static async Task<FuzzClient> Connect(Uri server, string token)
    {
        var client = new FuzzClient();
        var address = new UriBuilder(server) { Scheme = "ws", Path = "/hub", Query = "access_token=" + token };
        await client._socket.ConnectAsync(address.Uri, CancellationToken.None);
        client._receiving = client.Receive();
        await client.Send(Bytes("{\"protocol\":\"json\",\"version\":1}"), WebSocketMessageType.Text);
        await client._greeted.Task.WaitAsync(Patience);
        return client;
    }

    /// <summary>A frame of the hub's protocol.</summary>
    public static byte[] Bytes(string message) => [.. Encoding.UTF8.GetBytes(message), Separator];

    /// <summary>Says that an answer of that id will come; before the call is sent.</summary>
    public Task<JsonElement> Expect(string id)
        => _calls.GetOrAdd(id, _ => new(TaskCreationOptions.RunContinuationsAsynchronously))
            .Task.WaitAsync(Patience);

    public async Task Send(ReadOnlyMemory<byte> bytes, WebSocketMessageType type, bool isWhole = true)
    {
        try
        {
            await _socket.SendAsync(bytes, type, isWhole, CancellationToken.None);
        }
        catch (Exception gone) when (gone is WebSocketException or ObjectDisposedException)
        {
            // The server has ended the connection meanwhile; whoever waits hears of it.
        }
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Abort();
        await _receiving;
        _socket.Dispose();
    }

    private async Task Receive()
    {
        var buffer = new byte[64 * 1024];
        var message = new MemoryStream();
        try
        {
            while (true)
            {
                var read = await _socket.ReceiveAsync(buffer, CancellationToken.None);
                if (read.MessageType == WebSocketMessageType.Close)
                {
                    break;
                }

                var rest = buffer.AsSpan(0, read.Count);
                for (var end = rest.IndexOf(Separator); end >= 0; end = rest.IndexOf(Separator))
                {
                    message.Write(rest[..end]);
                    Take(message.GetBuffer().AsMemory(0, (int)message.Length));
                    message.SetLength(0);
                    rest = rest[(end + 1)..];
                }

                message.Write(rest);
            }
        }
        catch (Exception end) when (end is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // What the server said last is what counts.
        }

        catch (Exception wrong)
        {
            _closeError = wrong.Message;
        }

        _ended.TrySetResult(_closeError);
        foreach (var call in _calls.Values)
        {
            call.TrySetException(new InvalidOperationException($"The connection ended: {_closeError}"));
        }
    }

    private void Take(ReadOnlyMemory<byte> bytes)
    {
        if (!_greeted.Task.IsCompleted)
        {
            _greeted.SetResult();
            return;
        }

        // Frames of the room are most of what comes, and somebody else looks at those.
        if (bytes.Span.StartsWith("{\"type\":1"u8))
        {
            return;
        }

        var message = JsonDocument.Parse(bytes.ToArray()).RootElement;
        switch (message.GetProperty("type").GetInt32())
        {
            case 3:
                if (message.TryGetProperty("error", out var refusal))
                {
                    DocumentedAnswers.CodeOf(refusal.GetString()!);
                }

                // Frames that are no calls may be answered as if they were.
                var id = message.GetProperty("invocationId").GetString()!;
                Assert.True(_answered.Add(id) || id[0] is not (>= '0' and <= '9'), $"Answered twice: {message}");
                if (_calls.TryRemove(id, out var call))
                {
                    call.TrySetResult(message);
                }

                break;
            case 7:
                _closeError = message.TryGetProperty("error", out var error) ? error.GetString() : null;
                break;
        }
    }
}
