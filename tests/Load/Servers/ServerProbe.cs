using System.Net.Sockets;
using System.Text.Json;
using RedNote.Load.Probe;

namespace RedNote.Load.Servers;

/// <summary>Asks a server that this program has started how its garbage collector is (<see cref="ProbeHook"/>).
/// </summary>
public sealed class ServerProbe : IDisposable
{
    private const int AnswerMs = 60_000;

    private readonly string _path = Path.Combine(Path.GetTempPath(), "rednote-probe-" + Path.GetRandomFileName());
    private Socket? _socket;

    /// <summary>What the server has to be started with.</summary>
    internal IEnumerable<KeyValuePair<string, string>> Environment =>
    [
        new(ProbeHook.Variable, _path), new("DOTNET_STARTUP_HOOKS", typeof(ProbeHook).Assembly.Location),
    ];

    /// <summary>As it is.</summary>
    public GcReading Read() => Ask(ProbeHook.Read);

    /// <summary>After a full collection that gives back what it can.</summary>
    public GcReading Collect() => Ask(ProbeHook.Collect);

    public void Dispose()
    {
        _socket?.Dispose();
        File.Delete(_path);
    }

    private GcReading Ask(byte what)
    {
        try
        {
            if (_socket is null)
            {
                _socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
                {
                    ReceiveTimeout = AnswerMs,
                };
                _socket.Connect(new UnixDomainSocketEndPoint(_path));
            }

            _socket.Send([what]);
            var answer = new byte[4096];
            var length = 0;
            while (length == 0 || answer[length - 1] != '\n')
            {
                var received = _socket.Receive(answer.AsSpan(length));
                length += received > 0 ? received : throw new SocketException((int)SocketError.ConnectionReset);
            }

            return JsonSerializer.Deserialize<GcReading>(answer.AsSpan(0, length))!;
        }
        catch (SocketException e)
        {
            throw new LoadException($"The server does not say how its memory is: {e.Message}", e);
        }
    }
}
