using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;

namespace RedNote.Load.Wire;

/// <summary>
/// One HTTP/1.1 client on a bare socket that is kept alive, with one request under way at a time. It looks for where an
/// answer ends and parses nothing else. Belongs to one thread.
/// </summary>
internal sealed class HttpLane : IDisposable
{
    private const int MaxAnswerBytes = 64 * 1024;

    private readonly ByteBuffer _input = new(MaxAnswerBytes);
    private readonly Socket _socket;

    private HttpLane(Socket socket) => _socket = socket;

    /// <param name="id">From 0; the loop's epoll gives it back.</param>
    /// <param name="server">Where it listens.</param>
    /// <param name="epoll">Of the loop.</param>
    public static HttpLane Open(int id, IPEndPoint server, Epoll epoll)
    {
        var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Connect(server);
            socket.Blocking = false;
            epoll.Watch(socket, id);
            return new HttpLane(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends a whole request; the answer to the one before has been taken.</summary>
    public void Send(ReadOnlySpan<byte> request)
    {
        _input.Clear();
        if (_socket.Send(request, SocketFlags.None, out var error) != request.Length)
        {
            throw new LoadException($"A request was not taken whole: {error}.");
        }
    }

    /// <summary>Reads what has come; true once the answer is whole. It is valid until the next request.</summary>
    public bool TryTake(byte[] scratch, out int status, out ReadOnlySpan<byte> answer)
    {
        status = 0;
        answer = default;
        var received = _socket.Receive(scratch, SocketFlags.None, out var error);
        if (error == SocketError.WouldBlock)
        {
            return false;
        }

        if (error != SocketError.Success || received == 0 || !_input.TryAppend(scratch.AsSpan(0, received)))
        {
            throw new LoadException($"The server closed a connection, or said too much: {error}.");
        }

        answer = _input.Bytes;
        return IsWhole(answer) && Utf8Parser.TryParse(answer["HTTP/1.1 ".Length..], out status, out _);
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>Whether nothing more belongs to the answer. What is cut in pieces ends with an empty one, and nothing
    /// else that a server of JSON sends ends so.</summary>
    internal static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var head = answer.IndexOf("\r\n\r\n"u8);
        if (head < 0)
        {
            return false;
        }

        const string length = "\r\nContent-Length: ";
        var at = answer[..head].IndexOf("\r\nContent-Length: "u8);
        return at < 0
            ? answer.EndsWith("\r\n0\r\n\r\n"u8)
            : Utf8Parser.TryParse(answer[(at + length.Length)..], out int bytes, out _)
                && answer.Length >= head + 4 + bytes;
    }
}
