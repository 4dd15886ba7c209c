using System.Diagnostics;
using System.Net;
using System.Text;

namespace RedNote.Load.Wire;

/// <summary>
/// All connections of a load generator on one thread: opens them, lets them join a room, reads what comes and keeps
/// them alive. Not thread-safe.
/// </summary>
public abstract class HubLoop : IHubListener, IDisposable
{
    private const int ScratchBytes = 256 * 1024;

    /// <summary>Connections opened before what has come is read again.</summary>
    private const int OpenedAtOnce = 32;

    private static readonly TimeSpan JoinLimit = TimeSpan.FromSeconds(60);

    /// <summary>Given besides for each connection.</summary>
    private static readonly TimeSpan JoinEach = TimeSpan.FromMilliseconds(4);
    private static readonly TimeSpan PingPeriod = TimeSpan.FromSeconds(10);

    private readonly byte[] _scratch = new byte[ScratchBytes];
    private readonly Epoll _epoll = new();
    private readonly List<HubConnection> _connections = [];
    private readonly HashSet<int> _joined = [];
    private readonly byte[] _join;
    private readonly CancellationToken _stop;
    private long _pingsSent;
    private long _pingsSince;

    protected HubLoop(string roomId, CancellationToken stop)
        : this(stop) => _join = JoinOf(roomId);

    /// <summary>For connections that join otherwise (<see cref="JoinOf(int)"/>).</summary>
    protected HubLoop(CancellationToken stop)
    {
        _join = [];
        _stop = stop;
    }

    public int Joined => _joined.Count;

    /// <summary>How often a viewer was told that the server cannot say what it missed, and joined again.</summary>
    public int Resyncs { get; private set; }

    public int Closed { get; private set; }

    /// <summary>The first thing that went wrong, or null.</summary>
    public string? Problem { get; protected set; }

    protected IReadOnlyList<HubConnection> Connections => _connections;

    /// <summary>Connections that may be between opening and joined at the same time.</summary>
    protected virtual int MaxJoining => 64;

    /// <summary>The call that joins a room.</summary>
    protected static byte[] JoinOf(string roomId) => Encoding.ASCII.GetBytes(
        "{\"type\":1,\"invocationId\":\"join\",\"target\":\"JoinRoom\","
        + $"\"arguments\":[\"{roomId}\",null]}}\u001e");

    /// <summary>Opens a connection per path and lets each join.</summary>
    protected void OpenAll(IPEndPoint server, string[] paths, Action<double> progress)
    {
        var since = Stopwatch.GetTimestamp();
        while (Joined < paths.Length)
        {
            for (var opened = 0;
                opened < OpenedAtOnce && _connections.Count < paths.Length && _connections.Count - Joined < MaxJoining;
                opened++)
            {
                var id = _connections.Count;
                _connections.Add(HubConnection.Open(id, server, paths[id], _epoll, this, ReceiveBytes(id)));
            }

            Pump(_connections.Count < paths.Length && _connections.Count - Joined < MaxJoining ? 0 : 10);
            progress((double)Joined / paths.Length);
            if (Closed > 0 || Stopwatch.GetElapsedTime(since) > JoinLimit + (JoinEach * paths.Length))
            {
                throw new LoadException(
                    $"{Joined} of {paths.Length} connections are in: {Problem ?? "it took too long"}.");
            }
        }
    }

    public virtual void OnReady(HubConnection connection) => connection.Send(JoinOf(connection.Id));

    public void OnRecord(HubConnection connection, ReadOnlySpan<byte> record)
    {
        if (record.StartsWith("{\"type\":3,"u8))
        {
            if (record.IndexOf("\"invocationId\":\"join\""u8) < 0)
            {
                TakeAnswer(connection, record);
            }
            else if (record.IndexOf("\"error\":"u8) >= 0)
            {
                Complain("the hub answered ", record);
            }
            else
            {
                SetJoined(connection);
                TakeJoined(connection, record);
            }
        }
        else if (record.IndexOf("\"target\":\"resync\""u8) is >= 0 and < 30)
        {
            Resyncs++;
            connection.Send(JoinOf(connection.Id));
        }
        else if (record.StartsWith("{\"type\":1,"u8))
        {
            TakeInvocation(connection, record);
        }
        else if (record.StartsWith("{\"type\":7"u8))
        {
            Complain("the hub said ", record);
        }
    }

    public void OnClosed(HubConnection connection, string why)
    {
        Closed++;
        Problem ??= $"connection {connection.Id}: {why}";
    }

    public void Dispose()
    {
        foreach (var connection in _connections)
        {
            connection.Dispose();
        }

        _epoll.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>The receive buffer of a connection; 0: as the system has it.</summary>
    protected virtual int ReceiveBytes(int connection) => 0;

    /// <summary>Whether a connection is kept alive: a server drops clients it does not hear.</summary>
    protected virtual bool IsKeptAlive(int connection) => true;

    /// <summary>The call by which a connection joins; by default that of the loop's room.</summary>
    protected virtual ReadOnlySpan<byte> JoinOf(int connection) => _join;

    /// <summary>The answer to a join.</summary>
    protected virtual void TakeJoined(HubConnection connection, ReadOnlySpan<byte> record)
    {
    }

    /// <summary>The answer to anything else.</summary>
    protected abstract void TakeAnswer(HubConnection connection, ReadOnlySpan<byte> record);

    /// <summary>What the server calls on the client, but a resync.</summary>
    protected abstract void TakeInvocation(HubConnection connection, ReadOnlySpan<byte> record);

    protected void SetJoined(HubConnection connection) => _joined.Add(connection.Id);

    /// <summary>Leaves without a word, as somebody who closes the page, and comes back with another connection.
    /// </summary>
    protected void Reopen(int connection, IPEndPoint server, string path)
    {
        _connections[connection].Dispose();
        _connections[connection] =
            HubConnection.Open(connection, server, path, _epoll, this, ReceiveBytes(connection));
    }

    protected void Complain(string what, ReadOnlySpan<byte> record)
        => Problem ??= what + Encoding.UTF8.GetString(record[..Math.Min(record.Length, 300)]);

    protected void Pump(int milliseconds)
    {
        _stop.ThrowIfCancellationRequested();
        var ready = _epoll.Wait(milliseconds);
        for (var i = 0; i < ready; i++)
        {
            _connections[_epoll.Id(i)].Pump(_scratch);
        }

        SendPings();
    }

    /// <summary>Every connection in turn, evenly over the period.</summary>
    private void SendPings()
    {
        var now = Stopwatch.GetTimestamp();
        _pingsSince = _pingsSince == 0 ? now : _pingsSince;
        var due = (long)(Stopwatch.GetElapsedTime(_pingsSince, now) / PingPeriod * Joined);
        for (; _pingsSent < due; _pingsSent++)
        {
            var connection = _connections[(int)(_pingsSent % _connections.Count)];
            if (connection.IsReady && IsKeptAlive(connection.Id))
            {
                connection.Send("{\"type\":6}\u001e"u8);
            }
        }
    }
}
