using System.Net.Sockets;

namespace RedNote.Frontend.Live;

/// <summary>Where a connection's bytes go. One caller at a time.</summary>
internal interface IByteSink
{
    /// <summary>Sends what can be sent without waiting, and answers how many bytes that were; -1: the connection is
    /// broken.</summary>
    int TrySend(ReadOnlySpan<byte> bytes);

    /// <summary>Sends all of it, however long that takes; fails when the connection is broken.</summary>
    ValueTask Send(ReadOnlyMemory<byte> bytes);

    /// <summary>Adds what <see cref="TrySend"/> reads.</summary>
    void AddTo(CachePaths paths) => paths.Add(this);
}

/// <summary>
/// The socket under the web server's connection. What the web server itself writes to an upgraded connection is its
/// answer to the upgrade, which was on its way before a client could send what we answer to.
/// </summary>
internal sealed class SocketSink : IByteSink
{
    private readonly Socket _socket;

    public SocketSink(Socket socket)
    {
        _socket = socket;

        // Only for calls that wait, which the web server makes none of.
        _socket.Blocking = false;
    }

    public int TrySend(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var sent = _socket.Send(bytes, SocketFlags.None, out var error);
            return error switch
            {
                SocketError.Success => sent,
                SocketError.WouldBlock or SocketError.NoBufferSpaceAvailable or SocketError.IOPending => 0,
                _ => -1,
            };
        }
        catch (ObjectDisposedException)
        {
            return -1;
        }
    }

    public void AddTo(CachePaths paths)
    {
        paths.Add(this);
        paths.Add(_socket);
        paths.Add(_socket.SafeHandle);
    }

    public async ValueTask Send(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await _socket.SendAsync(bytes, SocketFlags.None)..];
        }
    }
}

/// <summary>The web server's own stream, where bytes are changed on their way to the socket (TLS).</summary>
internal sealed class StreamSink(Stream stream) : IByteSink
{
    public int TrySend(ReadOnlySpan<byte> bytes) => 0;

    public ValueTask Send(ReadOnlyMemory<byte> bytes) => stream.WriteAsync(bytes);
}
