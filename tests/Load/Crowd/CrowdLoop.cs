using System.Diagnostics;
using System.Net;
using System.Text;
using RedNote.Load.Fanout;
using RedNote.Load.Measure;
using RedNote.Load.Wire;

namespace RedNote.Load.Crowd;

/// <summary>
/// Viewers and senders of one room on one thread: sends at a rate, takes down every verdict and how late every frame
/// is, and lets some viewers stop reading and begin again. Not thread-safe.
/// </summary>
public sealed class CrowdLoop : IHubListener, IDisposable
{
    private const int MaxJoining = 64;
    private const int ScratchBytes = 256 * 1024;
    private static readonly TimeSpan JoinLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PingPeriod = TimeSpan.FromSeconds(10);

    private readonly byte[] _scratch = new byte[ScratchBytes];
    private readonly Epoll _epoll = new();
    private readonly List<HubConnection> _connections = [];
    private readonly HashSet<int> _joined = [];
    private readonly Dictionary<string, long> _verdicts = [];
    private readonly byte[] _join;
    private readonly byte[] _send;
    private readonly Range _sendText;
    private readonly CancellationToken _stop;
    private int _next;
    private long _pingsSent;
    private long _pingsSince;

    public CrowdLoop(string roomId, int textBytes, CancellationToken stop)
    {
        _join = Encoding.ASCII.GetBytes(
            "{\"type\":1,\"invocationId\":\"join\",\"target\":\"JoinRoom\","
            + $"\"arguments\":[\"{roomId}\",null]}}\u001e");
        _send = DanmakuMarker.Template(roomId, textBytes, out _sendText);
        _stop = stop;
    }

    /// <summary>Connections that only send; the first ones. Their frames are not counted.</summary>
    public int Senders { get; init; }

    /// <summary>The last so many connections read little at a time from the network, and may be paused.</summary>
    public int Stallers { get; init; }

    public long Sent { get; private set; }

    public long Answered { get; private set; }

    /// <summary>Verdicts by status, and by reason where there is one.</summary>
    public IReadOnlyDictionary<string, long> Verdicts => _verdicts;

    /// <summary>Danmaku whose senders were told that they were left out.</summary>
    public long ToldSampled { get; private set; }

    /// <summary>From a frame's own time to its arrival.</summary>
    public Histogram FrameLatency { get; private set; } = new();

    /// <summary>What one viewer was shown in each second since the last <see cref="BeginCount"/>.</summary>
    public List<int> ShownPerSecond { get; } = [];

    public long Frames { get; private set; }

    /// <summary>The newest frame that a viewer who reads was sent.</summary>
    public long NewestSeq { get; private set; }

    public int Closed { get; private set; }

    public int Resyncs { get; private set; }

    public string? Problem { get; private set; }

    /// <summary>Newest frame per connection.</summary>
    public long[] Seqs { get; private set; } = [];

    /// <summary>Opens a connection per path; all of them join the room but the senders.</summary>
    public void Open(IPEndPoint server, string[] paths, Action<double> progress)
    {
        Seqs = new long[paths.Length];
        var since = Stopwatch.GetTimestamp();
        while (_joined.Count < paths.Length)
        {
            while (_connections.Count < paths.Length && _connections.Count - _joined.Count < MaxJoining)
            {
                var id = _connections.Count;
                var receive = id >= paths.Length - Stallers ? 16 * 1024 : 0;
                _connections.Add(HubConnection.Open(id, server, paths[id], _epoll, this, receive));
            }

            Pump(10);
            progress((double)_joined.Count / paths.Length);
            if (Closed > 0 || Stopwatch.GetElapsedTime(since) > JoinLimit)
            {
                throw new LoadException($"{_joined.Count} of {paths.Length} are in: {Problem ?? "60 s had passed"}.");
            }
        }
    }

    /// <summary>Forgets what was measured so far.</summary>
    public void BeginCount()
    {
        FrameLatency = new Histogram();
        ShownPerSecond.Clear();
        Frames = 0;
    }

    /// <summary>Sends at that rate for so long; <paramref name="each"/> is called once a second.</summary>
    public void Run(TimeSpan time, int rate, Action<double> each)
    {
        var began = Stopwatch.GetTimestamp();
        var (sent, seconds) = (0L, 0);
        ShownPerSecond.Add(0);
        while (Stopwatch.GetElapsedTime(began) is var passed && passed < time)
        {
            for (var due = (long)(passed.TotalSeconds * rate); sent < due; sent++)
            {
                SendOne();
            }

            Pump(1);
            if (passed.TotalSeconds >= seconds + 1)
            {
                seconds++;
                ShownPerSecond.Add(0);
                each(passed / time);
            }
        }
    }

    /// <summary>Waits until something is so; false if it is not in that time.</summary>
    public bool Await(Func<bool> isSo, TimeSpan limit)
    {
        var since = Stopwatch.GetTimestamp();
        while (!isSo())
        {
            if (Stopwatch.GetElapsedTime(since) > limit)
            {
                return false;
            }

            Pump(5);
        }

        return true;
    }

    public void Pause(int connection) => _connections[connection].Pause();

    public void Resume(int connection) => _connections[connection].Resume();

    public void OnReady(HubConnection connection)
    {
        if (connection.Id < Senders)
        {
            _joined.Add(connection.Id);
        }
        else
        {
            connection.Send(_join);
        }
    }

    public void OnRecord(HubConnection connection, ReadOnlySpan<byte> record)
    {
        if (record.StartsWith("{\"type\":3,"u8))
        {
            TakeAnswer(connection, record);
        }
        else if (record.IndexOf("\"target\":\"frame\""u8) is >= 0 and < 30)
        {
            TakeFrame(connection, record);
        }
        else if (record.IndexOf("\"target\":\"sampled\""u8) is >= 0 and < 30)
        {
            ToldSampled += 1 + record[record.LastIndexOf((byte)'[')..].Count((byte)',');
        }
        else if (record.IndexOf("\"target\":\"resync\""u8) is >= 0 and < 30)
        {
            Resyncs++;
            connection.Send(_join);
        }
        else if (record.StartsWith("{\"type\":7"u8))
        {
            Problem ??= "the hub said " + Encoding.UTF8.GetString(record);
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
    }

    private void SendOne()
    {
        DanmakuMarker.Write(_send.AsSpan(_sendText), _next);
        var senders = Senders > 0 ? Senders : 1;
        if (_connections[_next++ % senders].Send(_send))
        {
            Sent++;
        }
        else
        {
            Problem ??= "a sender's connection took no more";
        }
    }

    private void TakeAnswer(HubConnection connection, ReadOnlySpan<byte> record)
    {
        if (record.IndexOf("\"invocationId\":\"join\""u8) >= 0)
        {
            _joined.Add(connection.Id);
            Seqs[connection.Id] = Math.Max(Seqs[connection.Id], JsonBits.Number(record, "\"seq\":"u8));
            return;
        }

        Answered++;
        var verdict = JsonBits.Word(record, "\"reason\":\""u8) ?? JsonBits.Word(record, "\"status\":\""u8) ?? "error";
        _verdicts[verdict] = _verdicts.GetValueOrDefault(verdict) + 1;
    }

    private void TakeFrame(HubConnection connection, ReadOnlySpan<byte> record)
    {
        // The frame's own members come first: epoch, seq, at.
        var seq = JsonBits.Number(record, "\"seq\":"u8);
        var at = JsonBits.Number(record, "\"at\":"u8);
        Seqs[connection.Id] = seq;
        if (connection.Id >= Seqs.Length - Stallers)
        {
            return;
        }

        NewestSeq = Math.Max(NewestSeq, seq);
        Frames++;
        var late = DateTimeOffset.UtcNow - DateTimeOffset.FromUnixTimeMilliseconds(at);
        FrameLatency.Record((long)late.TotalMicroseconds);
        if (connection.Id == Senders && ShownPerSecond.Count > 0)
        {
            while (DanmakuMarker.TryTake(ref record, out _))
            {
                ShownPerSecond[^1]++;
            }
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

        var now = Stopwatch.GetTimestamp();
        _pingsSince = _pingsSince == 0 ? now : _pingsSince;
        var due = (long)(Stopwatch.GetElapsedTime(_pingsSince, now) / PingPeriod * _joined.Count);
        for (; _pingsSent < due; _pingsSent++)
        {
            var connection = _connections[(int)(_pingsSent % _connections.Count)];
            if (connection.IsReady && connection.Id < Seqs.Length - Stallers)
            {
                connection.Send("{\"type\":6}\u001e"u8);
            }
        }
    }
}
