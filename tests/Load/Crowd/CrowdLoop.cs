using System.Diagnostics;
using System.Net;
using RedNote.Load.Fanout;
using RedNote.Load.Measure;
using RedNote.Load.Wire;

namespace RedNote.Load.Crowd;

/// <summary>
/// Viewers and senders of one room on one thread: sends at a rate, takes down every verdict and how late every frame
/// is, and lets some viewers stop reading and begin again. Not thread-safe.
/// </summary>
public sealed class CrowdLoop : HubLoop
{
    private readonly Dictionary<string, long> _verdicts = [];
    private readonly HashSet<int> _paused = [];
    private readonly DanmakuCall _call;
    private readonly List<long> _dueAt = [];

    public CrowdLoop(string roomId, int textBytes, CancellationToken stop)
        : base(roomId, stop)
        => _call = new DanmakuCall(roomId, textBytes);

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

    /// <summary>From when a danmaku was due to its verdict.</summary>
    public Histogram VerdictLatency { get; private set; } = new();

    /// <summary>How late sends were, apart from the server.</summary>
    public Histogram Lateness { get; private set; } = new();

    /// <summary>What one viewer was shown in each second since the last <see cref="BeginCount"/>.</summary>
    public List<int> ShownPerSecond { get; } = [];

    public long Frames { get; private set; }

    /// <summary>The newest frame that a viewer who reads was sent.</summary>
    public long NewestSeq { get; private set; }

    /// <summary>Newest frame per connection.</summary>
    public long[] Seqs { get; private set; } = [];

    /// <summary>Opens a connection per path; all of them join the room but the senders.</summary>
    public void Open(IPEndPoint server, string[] paths, Action<double> progress)
    {
        Seqs = new long[paths.Length];
        OpenAll(server, paths, progress);
    }

    /// <summary>Forgets what was measured so far.</summary>
    public void BeginCount()
    {
        FrameLatency = new Histogram();
        VerdictLatency = new Histogram();
        Lateness = new Histogram();
        ShownPerSecond.Clear();
        Frames = 0;
    }

    /// <summary>Sends at that rate for so long, each danmaku when it is due; <paramref name="each"/> is called once a
    /// second.</summary>
    public void Run(TimeSpan time, int rate, Action<double> each)
    {
        var schedule = new OpenLoop(new OpenLoop.Phase(time, rate));
        var began = Stopwatch.GetTimestamp();
        var seconds = 0;
        ShownPerSecond.Add(0);
        schedule.Start(began);
        while (Stopwatch.GetElapsedTime(began) is var passed && passed < time)
        {
            SendDue(schedule);
            Pump(1);
            if (passed.TotalSeconds >= seconds + 1)
            {
                seconds++;
                ShownPerSecond.Add(0);
                each(passed / time);
            }
        }

        SendDue(schedule);
        Lateness.Add(schedule.Lateness);
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

    public void Pause(int connection)
    {
        _paused.Add(connection);
        Connections[connection].Pause();
    }

    public void Resume(int connection)
    {
        _paused.Remove(connection);
        Connections[connection].Resume();
    }

    public override void OnReady(HubConnection connection)
    {
        if (connection.Id < Senders)
        {
            SetJoined(connection);
        }
        else
        {
            base.OnReady(connection);
        }
    }

    protected override int ReceiveBytes(int connection) => IsStaller(connection) ? 16 * 1024 : 0;

    protected override bool IsKeptAlive(int connection) => !_paused.Contains(connection);

    protected override void TakeJoined(HubConnection connection, ReadOnlySpan<byte> record)
        => Seqs[connection.Id] = Math.Max(Seqs[connection.Id], JsonBits.Number(record, "\"seq\":"u8));

    protected override void TakeAnswer(HubConnection connection, ReadOnlySpan<byte> record)
    {
        Answered++;
        var due = _dueAt[DanmakuCall.NumberOf(record)];
        VerdictLatency.Record((long)Stopwatch.GetElapsedTime(due).TotalMicroseconds);
        var verdict = JsonBits.Word(record, "\"reason\":\""u8) ?? JsonBits.Word(record, "\"status\":\""u8) ?? "error";
        _verdicts[verdict] = _verdicts.GetValueOrDefault(verdict) + 1;
    }

    protected override void TakeInvocation(HubConnection connection, ReadOnlySpan<byte> record)
    {
        if (record.IndexOf("\"target\":\"frame\""u8) is >= 0 and < 30)
        {
            TakeFrame(connection, record);
        }
        else if (record.IndexOf("\"target\":\"sampled\""u8) is >= 0 and < 30)
        {
            ToldSampled += 1 + record[record.LastIndexOf((byte)'[')..].Count((byte)',');
        }
    }

    private bool IsStaller(int connection) => connection >= Seqs.Length - Stallers;

    private void SendDue(OpenLoop schedule)
    {
        var now = Stopwatch.GetTimestamp();
        while (schedule.TryTake(now, out var number))
        {
            var next = _dueAt.Count;
            _dueAt.Add(schedule.DueAt(number));
            if (Connections[next % Math.Max(1, Senders)].Send(_call.Numbered(next)))
            {
                Sent++;
            }
            else
            {
                Problem ??= "a sender's connection took no more";
            }
        }
    }

    private void TakeFrame(HubConnection connection, ReadOnlySpan<byte> record)
    {
        // The frame's own members come first: epoch, seq, at.
        var seq = JsonBits.Number(record, "\"seq\":"u8);
        var at = JsonBits.Number(record, "\"at\":"u8);
        Seqs[connection.Id] = seq;
        if (IsStaller(connection.Id))
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
}
