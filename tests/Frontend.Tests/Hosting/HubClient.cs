using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;

namespace RedNote.Frontend.Tests;

/// <summary>
/// A SignalR client over a bare WebSocket, so that tests can also send what no well-behaved client would. Everything it
/// receives is kept in order of arrival.
/// </summary>
public sealed class HubClient : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private const byte Separator = 0x1e;

    /// <summary>JavaScript does not escape what is not ASCII.</summary>
    private static readonly JsonSerializerOptions AsBrowsersDo =
        new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ClientWebSocket _socket = new();
    private readonly Channel<JsonElement> _arrived = Channel.CreateUnbounded<JsonElement>();
    private readonly List<JsonElement> _log = [];
    private readonly List<JsonElement> _everything = [];
    private readonly SemaphoreSlim _writing = new(1);
    private readonly SemaphoreSlim _reading = new(1);
    private int _invocations;
    private Task _receiving = Task.CompletedTask;
    private volatile TaskCompletionSource _mayReceive = new();

    private HubClient() => _mayReceive.SetResult();

    /// <summary>What was received and waited past, and not yet taken.</summary>
    public IReadOnlyList<JsonElement> Log => _log;

    /// <summary>What was received and looked at, taken or not, in its order.</summary>
    public IReadOnlyList<JsonElement> Everything => _everything;

    public WebSocketState State => _socket.State;

    /// <param name="server">Where the server listens.</param>
    /// <param name="token">The access token.</param>
    /// <param name="receiveBufferBytes">What the network may hold while it is paused; 0: as it likes.</param>
    public static async Task<HubClient> Connect(Uri server, string token, int receiveBufferBytes = 0)
    {
        var client = new HubClient();
        var address = new UriBuilder(server)
        {
            Scheme = server.Scheme == Uri.UriSchemeHttps ? "wss" : "ws",
            Path = "/hub",
            Query = "access_token=" + Uri.EscapeDataString(token),
        };
        using var http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancel) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                if (receiveBufferBytes > 0)
                {
                    socket.ReceiveBufferSize = receiveBufferBytes;
                }

                await socket.ConnectAsync(context.DnsEndPoint, cancel);
                return new NetworkStream(socket, ownsSocket: true);
            },

            // A test's certificate is signed by nobody.
            SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null },
        });
        await client._socket.ConnectAsync(address.Uri, http, CancellationToken.None);
        client._receiving = client.Receive();
        await client.SendRaw("{\"protocol\":\"json\",\"version\":1}");
        await client.Next(message => message.EnumerateObject().MoveNext() == false, "the handshake's answer");
        return client;
    }

    /// <summary>Calls a method and gives its result; a hub error throws <see cref="HubCallException"/>.</summary>
    public async Task<JsonElement> Invoke(string target, params object?[] arguments)
    {
        var id = await Send(target, arguments);
        return await Result(id);
    }

    /// <summary>Calls a method and does not wait; the id is for <see cref="Result"/>.</summary>
    public async Task<string> Send(string target, params object?[] arguments)
    {
        var id = Interlocked.Increment(ref _invocations).ToString();
        await SendRaw(JsonSerializer.Serialize(new { type = 1, invocationId = id, target, arguments }, AsBrowsersDo));
        return id;
    }

    public async Task<JsonElement> Result(string id)
    {
        var answer = await Next(
            message => IsType(message, 3) && message.GetProperty("invocationId").GetString() == id, $"answer {id}");
        if (answer.TryGetProperty("error", out var error))
        {
            throw new HubCallException(error.GetString()!);
        }

        return answer.TryGetProperty("result", out var result) ? result : default;
    }

    /// <summary>The next frame of a room, as the client's handler would get it.</summary>
    public async Task<JsonElement> Frame(string room, Func<JsonElement, bool>? that = null, string what = "a frame")
        => (await Next(message => IsCall(message, "frame", room)
            && (that is null || that(message.GetProperty("arguments")[1])), what)).GetProperty("arguments")[1];

    public Task<JsonElement> Call(string target, string room)
        => Next(message => IsCall(message, target, room), $"a call of {target}");

    /// <summary>The server's last word on this connection; a client hangs up on it.</summary>
    public async Task<JsonElement> Close()
    {
        var close = await Next(message => IsType(message, 7), "a close message");
        _socket.Abort();
        return close;
    }

    /// <summary>Takes nothing more from the network, as a phone that has lost its signal.</summary>
    public void Pause() => _mayReceive = new TaskCompletionSource();

    public void Resume() => _mayReceive.SetResult();

    /// <summary>Sends a text and the separator that ends a message.</summary>
    public Task SendRaw(string text) => SendBytes([.. Encoding.UTF8.GetBytes(text), Separator]);

    public async Task SendBytes(byte[] bytes)
    {
        await _writing.WaitAsync();
        try
        {
            await _socket.SendAsync(bytes, WebSocketMessageType.Text, true, CancellationToken.None);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>
    /// The first message from here on, or of those waited past and not yet taken, that is what is looked for.
    /// </summary>
    public async Task<JsonElement> Next(Func<JsonElement, bool> isIt, string what)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            await _reading.WaitAsync(limit.Token);
            try
            {
                while (_arrived.Reader.TryRead(out var arrived))
                {
                    _log.Add(arrived);
                    _everything.Add(arrived);
                }

                var found = _log.FindIndex(message => isIt(message));
                if (found >= 0)
                {
                    var message = _log[found];
                    _log.RemoveAt(found);
                    return message;
                }

                if (!await _arrived.Reader.WaitToReadAsync(limit.Token))
                {
                    throw new InvalidOperationException($"The connection ended before {what} came.");
                }
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"Waited {Patience} for {what}; got {string.Join(" ", _log)}");
            }
            finally
            {
                _reading.Release();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Abort();
        _mayReceive.TrySetResult();
        await _receiving;
        _socket.Dispose();
    }

    private static bool IsType(JsonElement message, int type)
        => message.TryGetProperty("type", out var found) && found.GetInt32() == type;

    /// <summary>Whether it is a call that is about no room.</summary>
    internal static bool IsPush(JsonElement message, string target)
        => IsType(message, 1) && message.GetProperty("target").GetString() == target;

    internal static bool IsCall(JsonElement message, string target, string room)
        => IsType(message, 1) && message.GetProperty("target").GetString() == target
            && message.GetProperty("arguments")[0].GetString() == room;

    private async Task Receive()
    {
        var buffer = new byte[64 * 1024];
        var gathered = new List<byte>();
        try
        {
            while (true)
            {
                await _mayReceive.Task;
                var read = await _socket.ReceiveAsync(buffer, CancellationToken.None);
                if (read.MessageType == WebSocketMessageType.Close)
                {
                    break;
                }

                foreach (var one in buffer.AsSpan(0, read.Count))
                {
                    if (one == Separator)
                    {
                        _arrived.Writer.TryWrite(JsonDocument.Parse(gathered.ToArray()).RootElement);
                        gathered.Clear();
                    }
                    else
                    {
                        gathered.Add(one);
                    }
                }
            }
        }
        catch (Exception end) when (end is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The end of the connection is what the reader below reports.
        }

        _arrived.Writer.TryComplete();
    }
}

/// <summary>The server answered a call with an error.</summary>
public sealed class HubCallException(string message) : Exception(message);
