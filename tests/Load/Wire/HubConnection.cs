using System.Net;
using System.Net.Sockets;
using System.Text;

namespace RedNote.Load.Wire;

/// <summary>What a <see cref="HubConnection"/> tells its owner; always on the loop's thread.</summary>
public interface IHubListener
{
    /// <summary>The hub has answered the handshake; calls may be sent.</summary>
    void OnReady(HubConnection connection);

    /// <summary>One hub message, without its separator; valid during the call.</summary>
    void OnRecord(HubConnection connection, ReadOnlySpan<byte> record);

    void OnClosed(HubConnection connection, string why);
}

/// <summary>
/// One SignalR client on a bare socket: HTTP upgrade, WebSocket frames, JSON hub records, nothing else. It never parses
/// JSON; a record goes to the listener as it came. Belongs to one thread.
/// </summary>
public sealed class HubConnection : IDisposable
{
    /// <summary>A frame of ours has at most 256 KiB; a plain hub may join several messages in one.</summary>
    private const int MaxRecordBytes = 4 << 20;

    /// <summary>What may wait for room in the socket; beyond it, <see cref="Send"/> refuses.</summary>
    private const int MaxUnsentBytes = 8 << 20;

    private const byte RecordSeparator = 0x1e;

    private readonly ByteBuffer _input = new(MaxRecordBytes);
    private readonly ByteBuffer _record = new(MaxRecordBytes);
    private readonly ByteBuffer _unsent = new(MaxUnsentBytes);
    private readonly Socket _socket;
    private readonly Epoll _epoll;
    private readonly IHubListener _listener;
    private Phase _phase = Phase.Upgrading;
    private bool _isPumping;
    private bool _watchesWrites;

    private HubConnection(int id, Socket socket, Epoll epoll, IHubListener listener)
    {
        Id = id;
        _socket = socket;
        _epoll = epoll;
        _listener = listener;
    }

    private enum Phase
    {
        Upgrading,
        Greeting,
        Ready,
        Closed,
    }

    /// <summary>From 0, in order of opening.</summary>
    public int Id { get; }

    public bool IsReady => _phase == Phase.Ready;

    /// <param name="id">From 0.</param>
    /// <param name="server">Where it listens.</param>
    /// <param name="pathAndQuery">With the token.</param>
    /// <param name="epoll">Of the loop.</param>
    /// <param name="listener">Hears what comes.</param>
    /// <param name="receiveBytes">What the network holds here of what was not read; 0: as it likes.</param>
    public static HubConnection Open(
        int id, IPEndPoint server, string pathAndQuery, Epoll epoll, IHubListener listener, int receiveBytes = 0)
    {
        var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (receiveBytes > 0)
        {
            socket.ReceiveBufferSize = receiveBytes;
        }

        try
        {
            socket.Connect(server);
            socket.Blocking = false;
            var connection = new HubConnection(id, socket, epoll, listener);
            epoll.Watch(socket, id);
            connection.Write(Encoding.ASCII.GetBytes(
                $"GET {pathAndQuery} HTTP/1.1\r\nHost: {server}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
                "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: bG9hZCBnZW5lcmF0b3IuLg==\r\n\r\n"));
            return connection;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends one hub record, which ends with its separator. False: too much waits already; not sent.</summary>
    public bool Send(ReadOnlySpan<byte> record)
    {
        Span<byte> frame = stackalloc byte[WebSocketFrame.MaxClientHeader + 1024];
        if (record.Length > 1024)
        {
            frame = new byte[WebSocketFrame.MaxClientHeader + record.Length];
        }

        var header = WebSocketFrame.WriteHeader(frame, WebSocketFrame.Text, record.Length);
        record.CopyTo(frame[header..]);
        return Write(frame[..(header + record.Length)]);
    }

    /// <summary>Reads nothing more, as a phone that has lost its signal; nothing may be sent meanwhile.</summary>
    public void Pause() => _epoll.Pause(_socket, Id);

    public void Resume() => _epoll.Resume(_socket, Id);

    /// <summary>Takes what the socket has and sends what waits; <paramref name="scratch"/> is shared by all. What is
    /// sent in answer to what came goes out together, as one system call.</summary>
    public void Pump(byte[] scratch)
    {
        if (_phase == Phase.Closed)
        {
            return;
        }

        FlushUnsent();
        var received = _socket.Receive(scratch, SocketFlags.None, out var error);
        if (error == SocketError.WouldBlock)
        {
            return;
        }

        if (error != SocketError.Success || received == 0)
        {
            End(error == SocketError.Success ? "the server closed the connection" : $"the connection broke: {error}");
            return;
        }

        _isPumping = true;
        Take(scratch.AsSpan(0, received));
        _isPumping = false;
        FlushUnsent();
    }

    public void Dispose() => _socket.Dispose();

    private void Take(ReadOnlySpan<byte> bytes)
    {
        if (!_input.IsEmpty)
        {
            if (!_input.TryAppend(bytes))
            {
                End("a frame was too long");
                return;
            }

            _input.Consume(Parse(_input.Bytes));
            return;
        }

        var used = Parse(bytes);
        if (_phase != Phase.Closed)
        {
            _input.TryAppend(bytes[used..]);
        }
    }

    /// <summary>Works off whole frames and answers how many bytes they were.</summary>
    private int Parse(ReadOnlySpan<byte> bytes)
    {
        var used = 0;
        if (_phase == Phase.Upgrading && !TryFinishUpgrade(bytes, out used))
        {
            return 0;
        }

        while (_phase != Phase.Closed
            && WebSocketFrame.TryReadHeader(bytes[used..], out var opcode, out var header, out var length)
            && bytes.Length - used - header >= length)
        {
            var payload = bytes.Slice(used + header, (int)length);
            used += header + (int)length;
            TakeFrame(opcode, payload);
        }

        return used;
    }

    private bool TryFinishUpgrade(ReadOnlySpan<byte> bytes, out int used)
    {
        var end = bytes.IndexOf("\r\n\r\n"u8);
        used = end + 4;
        if (end < 0)
        {
            return false;
        }

        if (!bytes.StartsWith("HTTP/1.1 101 "u8))
        {
            End($"the upgrade was refused: {Encoding.ASCII.GetString(bytes[..bytes.IndexOf((byte)'\r')])}");
            return false;
        }

        _phase = Phase.Greeting;
        Send("{\"protocol\":\"json\",\"version\":1}\u001e"u8);
        return true;
    }

    private void TakeFrame(int opcode, ReadOnlySpan<byte> payload)
    {
        switch (opcode)
        {
            // The hub protocol is a stream of records; where WebSocket messages and fragments begin has no meaning.
            case WebSocketFrame.Text or WebSocketFrame.Binary or WebSocketFrame.Continuation:
                TakePayload(payload);
                break;
            case WebSocketFrame.Ping:
                Span<byte> pong = stackalloc byte[WebSocketFrame.MaxClientHeader + 125];
                var header = WebSocketFrame.WriteHeader(pong, WebSocketFrame.Pong, payload.Length);
                payload.CopyTo(pong[header..]);
                Write(pong[..(header + payload.Length)]);
                break;
            case WebSocketFrame.Close:
                End("the server closed the WebSocket");
                break;
        }
    }

    private void TakePayload(ReadOnlySpan<byte> payload)
    {
        while (payload.Length > 0 && _phase != Phase.Closed)
        {
            var end = payload.IndexOf(RecordSeparator);
            var part = end < 0 ? payload : payload[..end];
            if ((end < 0 || !_record.IsEmpty) && !_record.TryAppend(part))
            {
                End("a hub message was too long");
                return;
            }

            if (end < 0)
            {
                return;
            }

            TakeRecord(_record.IsEmpty ? part : _record.Bytes);
            _record.Clear();

            payload = payload[(end + 1)..];
        }
    }

    private void TakeRecord(ReadOnlySpan<byte> record)
    {
        if (_phase == Phase.Ready)
        {
            _listener.OnRecord(this, record);
        }
        else if (record.SequenceEqual("{}"u8))
        {
            _phase = Phase.Ready;
            _listener.OnReady(this);
        }
        else
        {
            End($"the hub refused the handshake: {Encoding.UTF8.GetString(record)}");
        }
    }

    private bool Write(ReadOnlySpan<byte> bytes)
    {
        if (_phase == Phase.Closed)
        {
            return false;
        }

        if (_isPumping || !_unsent.IsEmpty)
        {
            return _unsent.TryAppend(bytes);
        }

        var sent = SendSome(bytes);
        if (sent < bytes.Length && _phase != Phase.Closed)
        {
            _unsent.TryAppend(bytes[sent..]);
            WatchWrites(true);
        }

        return _phase != Phase.Closed;
    }

    private void FlushUnsent()
    {
        if (_unsent.IsEmpty || _phase == Phase.Closed)
        {
            return;
        }

        _unsent.Consume(SendSome(_unsent.Bytes));
        if (_phase != Phase.Closed)
        {
            WatchWrites(!_unsent.IsEmpty);
        }
    }

    private void WatchWrites(bool watches)
    {
        if (watches != _watchesWrites)
        {
            _watchesWrites = watches;
            _epoll.WatchWrites(_socket, Id, watches);
        }
    }

    private int SendSome(ReadOnlySpan<byte> bytes)
    {
        var sent = _socket.Send(bytes, SocketFlags.None, out var error);
        if (error is SocketError.Success)
        {
            return sent;
        }

        if (error != SocketError.WouldBlock)
        {
            End($"the connection broke: {error}");
        }

        return 0;
    }

    private void End(string why)
    {
        _phase = Phase.Closed;
        _socket.Close();
        _listener.OnClosed(this, why);
    }
}
