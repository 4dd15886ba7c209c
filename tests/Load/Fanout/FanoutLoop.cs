using System.Buffers.Text;
using System.Diagnostics;
using System.Net;
using System.Text;
using RedNote.Load.Measure;
using RedNote.Load.Wire;

namespace RedNote.Load.Fanout;

/// <summary>
/// The generator: all viewers' connections on one thread. Joins them, sends on schedule whatever the server does, and
/// takes down what arrives. Not thread-safe.
/// </summary>
public sealed class FanoutLoop : IHubListener, IDisposable
{
    /// <summary>Connections that may be between opening and joined at the same time.</summary>
    private const int MaxJoining = 64;

    private const int ScratchBytes = 256 * 1024;
    private static readonly TimeSpan JoinLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PingPeriod = TimeSpan.FromSeconds(10);

    private readonly byte[] _scratch = new byte[ScratchBytes];
    private readonly Epoll _epoll = new();
    private readonly List<HubConnection> _connections = [];
    private readonly HashSet<int> _joined = [];
    private readonly byte[] _join;
    private readonly byte[] _send;
    private readonly Range _sendText;
    private readonly DeliveryLog _log;
    private readonly int _senders;
    private readonly CancellationToken _stop;
    private long _pingsSent;
    private long _pingsSince;

    public FanoutLoop(string roomId, int textBytes, int senders, DeliveryLog log, CancellationToken stop)
    {
        _join = Encoding.ASCII.GetBytes(
            "{\"type\":1,\"invocationId\":\"join\",\"target\":\"JoinRoom\","
            + $"\"arguments\":[\"{roomId}\",null]}}\u001e");
        _send = DanmakuMarker.Template(roomId, textBytes, out _sendText);
        _log = log;
        _senders = senders;
        _stop = stop;
    }

    public int Joined => _joined.Count;

    /// <summary>How often a viewer was told that the server cannot say what it missed, and joined again.</summary>
    public int Resyncs { get; private set; }

    public int Closed { get; private set; }

    public int Accepted { get; private set; }

    public int Refused { get; private set; }

    /// <summary>Danmaku that frames said they leave out for a slow viewer, over all viewers.</summary>
    public long Skipped { get; private set; }

    /// <summary>Hub messages that carried danmaku.</summary>
    public long Frames { get; private set; }

    /// <summary>The first thing that went wrong, or null.</summary>
    public string? Problem { get; private set; }

    /// <summary>How late the sends were, apart from the server.</summary>
    public Histogram Lateness { get; } = new();

    /// <summary>Opens a connection per path and joins the room with each.</summary>
    public void JoinAll(IPEndPoint server, string[] paths, Action<double> progress)
    {
        var since = Stopwatch.GetTimestamp();
        while (Joined < paths.Length)
        {
            while (_connections.Count < paths.Length && _connections.Count - Joined < MaxJoining)
            {
                var id = _connections.Count;
                _connections.Add(HubConnection.Open(id, server, paths[id], _epoll, this));
            }

            Pump(10);
            progress((double)Joined / paths.Length);
            if (Closed > 0 || Stopwatch.GetElapsedTime(since) > JoinLimit)
            {
                throw new LoadException(
                    $"{Joined} of {paths.Length} viewers joined, then: {Problem ?? "60 s had passed"}.");
            }
        }
    }

    /// <summary>Sends the numbers from <paramref name="first"/> to <paramref name="end"/>, each when it is due.
    /// </summary>
    public void Send(int first, int end, Action<double> progress)
    {
        var next = first;
        while (next < end)
        {
            var now = Stopwatch.GetTimestamp();
            for (; next < end && _log.DueAt(next) <= now; next++)
            {
                SendOne(next, now);
            }

            progress((double)(next - first) / (end - first));
            // Rounded up to the clock of epoll: a send may be a millisecond late, and its latency says so.
            Pump(next == end ? 0 : (int)Math.Min(10, Math.Ceiling(MillisecondsUntil(_log.DueAt(next)))));
        }
    }

    /// <summary>Waits for the last deliveries, but not for ever.</summary>
    public void Drain(TimeSpan limit, Action<double> progress)
    {
        var since = Stopwatch.GetTimestamp();
        while ((!_log.IsComplete || Accepted + Refused < _log.Total) && Stopwatch.GetElapsedTime(since) < limit)
        {
            Pump(10);
            progress((double)_log.Distinct / _log.Expected);
        }
    }

    public void OnReady(HubConnection connection) => connection.Send(_join);

    public void OnRecord(HubConnection connection, ReadOnlySpan<byte> record)
    {
        if (record.StartsWith("{\"type\":1,"u8))
        {
            TakeInvocation(connection, record);
        }
        else if (record.StartsWith("{\"type\":3,"u8))
        {
            TakeAnswer(connection, record);
        }
        else if (record.StartsWith("{\"type\":7"u8))
        {
            Problem ??= "the hub said " + Encoding.UTF8.GetString(record);
        }
    }

    public void OnClosed(HubConnection connection, string why)
    {
        Closed++;
        Problem ??= $"viewer {connection.Id}: {why}";
    }

    public void Dispose()
    {
        foreach (var connection in _connections)
        {
            connection.Dispose();
        }

        _epoll.Dispose();
    }

    private static double MillisecondsUntil(long timestamp)
        => (timestamp - Stopwatch.GetTimestamp()) * 1000.0 / Stopwatch.Frequency;

    private void SendOne(int number, long now)
    {
        Lateness.Record((long)Stopwatch.GetElapsedTime(_log.DueAt(number), now).TotalMicroseconds);
        DanmakuMarker.Write(_send.AsSpan(_sendText), number);
        if (!_connections[number % _senders].Send(_send))
        {
            Refused++;
            Problem ??= "a sender's connection took no more";
        }
    }

    private void TakeInvocation(HubConnection connection, ReadOnlySpan<byte> record)
    {
        var now = Stopwatch.GetTimestamp();
        var found = false;
        Skipped += SkippedIn(record);
        while (DanmakuMarker.TryTake(ref record, out var number))
        {
            found = true;
            _log.Record(connection.Id, number, now);
        }

        if (found)
        {
            Frames++;
        }
        else if (record.IndexOf("\"target\":\"resync\""u8) >= 0)
        {
            Resyncs++;
            Problem ??= $"viewer {connection.Id} was told to join again (resync)";
            connection.Send(_join);
        }
    }

    /// <summary>What a frame of ours says in <c>shed.skipped</c>; inside a text the quotes would be escaped.</summary>
    private static long SkippedIn(ReadOnlySpan<byte> record)
    {
        var name = "\"skipped\":"u8;
        var at = record.IndexOf(name);
        return at >= 0 && Utf8Parser.TryParse(record[(at + name.Length)..], out long count, out _) ? count : 0;
    }

    private void TakeAnswer(HubConnection connection, ReadOnlySpan<byte> record)
    {
        var isJoin = record.IndexOf("\"invocationId\":\"join\""u8) >= 0;
        var isError = record.IndexOf("\"error\":"u8) >= 0;
        if (isJoin && !isError)
        {
            _joined.Add(connection.Id);
        }
        else if (!isJoin && record.IndexOf("\"status\":\"accepted\""u8) >= 0)
        {
            Accepted++;
        }
        else
        {
            Refused += isJoin ? 0 : 1;
            Problem ??= "the hub answered " + Encoding.UTF8.GetString(record[..Math.Min(record.Length, 300)]);
        }
    }

    private void Pump(int milliseconds)
    {
        _stop.ThrowIfCancellationRequested();
        var ready = _epoll.Wait(milliseconds);
        for (var i = 0; i < ready; i++)
        {
            _connections[_epoll.Id(i)].Pump(_scratch);
        }

        SendPings();
    }

    /// <summary>Every connection in turn, evenly over the period: a server drops clients it does not hear.</summary>
    private void SendPings()
    {
        var now = Stopwatch.GetTimestamp();
        _pingsSince = _pingsSince == 0 ? now : _pingsSince;
        var due = (long)(Stopwatch.GetElapsedTime(_pingsSince, now) / PingPeriod * Joined);
        for (; _pingsSent < due && Joined > 0; _pingsSent++)
        {
            var connection = _connections[(int)(_pingsSent % _connections.Count)];
            if (connection.IsReady)
            {
                connection.Send("{\"type\":6}\u001e"u8);
            }
        }
    }
}
