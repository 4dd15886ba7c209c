using System.Net;
using System.Net.Sockets;
using System.Text;
using RedNote.Load.Wire;

namespace RedNote.Load.Tests;

/// <summary>The bare client against a server that sends its bytes in the most awkward pieces.</summary>
public sealed class HubConnectionTests : IDisposable
{
    private const string Upgrade = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n";
    private const int MaxTurns = 10_000;

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Epoll _epoll = new();
    private readonly Listener _heard = new();
    private readonly byte[] _scratch = new byte[4096];

    public HubConnectionTests()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
    }

    public void Dispose()
    {
        _epoll.Dispose();
        _listener.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(100_000)]
    public void Records_InPiecesOfAnySize_ArriveWhole(int pieceBytes)
    {
        string[] records = ["one", new string('x', 200), new string('y', 70_000), "four"];
        byte[] stream =
        [
            .. Encoding.ASCII.GetBytes(Upgrade),
            .. Frame(0x81, "{}\u001e"),
            .. Frame(0x81, records[0] + "\u001e" + records[1] + "\u001e"),
            .. Frame(0x89, "ping"),
            .. Frame(0x01, records[2][..40_000]),
            .. Frame(0x00, ""),
            .. Frame(0x80, records[2][40_000..] + "\u001e" + records[3][..2]),
            .. Frame(0x81, records[3][2..] + "\u001e"),
        ];
        using var connection = Open(out var server);
        using (server)
        {
            Deliver(server, connection, stream, pieceBytes, () => _heard.Records.Count == records.Length);
        }

        Assert.Equal(records, _heard.Records);
        Assert.Null(_heard.Closed);
    }

    [Fact]
    public void Upgrade_Refused_ClosesAndSaysWhy()
    {
        using var connection = Open(out var server);
        using (server)
        {
            var answer = Encoding.ASCII.GetBytes("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n");
            Deliver(server, connection, answer, 100, () => _heard.Closed is not null);
        }

        Assert.Contains("401 Unauthorized", _heard.Closed, StringComparison.Ordinal);
        Assert.False(connection.Send("x\u001e"u8));
    }

    [Fact]
    public void Server_Closes_IsHeard()
    {
        using var connection = Open(out var server);
        server.Dispose();
        Turn(connection, () => _heard.Closed is not null);

        Assert.NotNull(_heard.Closed);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(125)]
    [InlineData(126)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    public void Header_AnyLength_SaysTheLengthAndAMask(int length)
    {
        var header = new byte[WebSocketFrame.MaxClientHeader];
        var used = WebSocketFrame.WriteHeader(header, WebSocketFrame.Text, length);

        // A server's header is the same without the mask's bit and its four bytes.
        header[1] &= 0x7f;
        Assert.True(WebSocketFrame.TryReadHeader(header, out var opcode, out var headerLength, out var read));
        Assert.Equal((WebSocketFrame.Text, used - 4, (long)length), (opcode, headerLength, read));
    }

    private static byte[] Frame(byte first, string payload)
    {
        var bytes = Encoding.UTF8.GetBytes(payload);
        byte[] length = bytes.Length switch
        {
            < 126 => [(byte)bytes.Length],
            <= ushort.MaxValue => [126, (byte)(bytes.Length >> 8), (byte)bytes.Length],
            _ => throw new ArgumentOutOfRangeException(nameof(payload)),
        };
        return [first, .. length, .. bytes];
    }

    private HubConnection Open(out Socket server)
    {
        var connection = HubConnection.Open(0, (IPEndPoint)_listener.LocalEndPoint!, "/hub", _epoll, _heard);
        server = _listener.Accept();
        server.NoDelay = true;
        return connection;
    }

    private void Deliver(Socket server, HubConnection connection, byte[] stream, int pieceBytes, Func<bool> done)
    {
        foreach (var piece in stream.Chunk(pieceBytes))
        {
            server.Send(piece);
            _epoll.Wait(1000);
            connection.Pump(_scratch);
        }

        Turn(connection, done);
    }

    private void Turn(HubConnection connection, Func<bool> done)
    {
        for (var i = 0; !done() && i < MaxTurns; i++)
        {
            _epoll.Wait(1);
            connection.Pump(_scratch);
        }
    }

    private sealed class Listener : IHubListener
    {
        public List<string> Records { get; } = [];

        public string? Closed { get; private set; }

        public void OnReady(HubConnection connection)
        {
        }

        public void OnRecord(HubConnection connection, ReadOnlySpan<byte> record)
            => Records.Add(Encoding.UTF8.GetString(record));

        public void OnClosed(HubConnection connection, string why) => Closed = why;
    }
}
