using System.Diagnostics;
using System.Net;
using System.Text.Unicode;
using RedNote.Load.Crowd;
using RedNote.Load.Fanout;
using RedNote.Load.Measure;
using RedNote.Load.Wire;

namespace RedNote.Load.Curve;

/// <summary>
/// Viewers of several rooms on one thread: connection c is in room c mod rooms. Danmaku go to the rooms in turn, likes
/// come from the viewers in turn, both on schedule. Not thread-safe.
/// </summary>
internal sealed class CurveLoop : HubLoop
{
    private const int TextBytes = 60;

    private readonly string[] _rooms;
    private readonly byte[][] _joins;
    private readonly OpenLoop _danmaku;
    private readonly OpenLoop _likes;
    private readonly byte[] _text = new byte[TextBytes];
    private readonly byte[] _record = new byte[512];
    private readonly int _viewers;

    public CurveLoop(CurveOptions options, string[] rooms, CancellationToken stop)
        : base(rooms[0], stop)
    {
        _rooms = rooms;
        _joins = [.. rooms.Select(JoinOf)];
        _viewers = options.Viewers;
        var length = TimeSpan.FromSeconds(options.Warmup + options.Seconds);
        _danmaku = new OpenLoop(new OpenLoop.Phase(length, (double)options.Rate * rooms.Length));
        _likes = new OpenLoop(new OpenLoop.Phase(length, options.Likes));
    }

    /// <summary>Calls made.</summary>
    public long Calls { get; private set; }

    public long Answered { get; private set; }

    public long Refused { get; private set; }

    public long Danmaku { get; private set; }

    /// <summary>Danmaku that viewers received.</summary>
    public long Deliveries { get; private set; }

    public long Frames { get; private set; }

    /// <summary>From when a call was due to its answer.</summary>
    public Histogram Latency { get; private set; } = new();

    public Histogram Lateness => _danmaku.Lateness;

    protected override int MaxJoining => 400;

    public void Open(IPEndPoint server, string[] paths, Action<double> progress) => OpenAll(server, paths, progress);

    public void Start()
    {
        var now = Stopwatch.GetTimestamp();
        _danmaku.Start(now);
        _likes.Start(now);
    }

    /// <summary>What was measured so far does not count, but for what has to add up.</summary>
    public void BeginCount() => Latency = new Histogram();

    /// <summary>Makes the calls that are due, for so long.</summary>
    public void Run(TimeSpan time)
    {
        for (var since = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(since) < time;)
        {
            var now = Stopwatch.GetTimestamp();
            while (_danmaku.TryTake(now, out var number))
            {
                Talk(number);
            }

            while (_likes.TryTake(now, out var number))
            {
                Like(number);
            }

            Pump(Math.Min(_danmaku.WaitMs(now, 5), _likes.Total == 0 ? 5 : _likes.WaitMs(now, 5)));
        }
    }

    /// <summary>Waits for the last answers and deliveries, but not for ever.</summary>
    public void Drain(TimeSpan limit)
    {
        var expected = Danmaku * (_viewers / _rooms.Length);
        for (var since = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(since) < limit;)
        {
            if (Answered == Calls && Deliveries >= expected)
            {
                break;
            }

            Pump(5);
        }

        Problem ??= Answered == Calls ? null : $"{Calls - Answered} of {Calls} calls were not answered";
        Problem ??= Refused == 0 ? null : $"{Refused} of {Calls} calls were refused";
        Problem ??= Deliveries == expected ? null : $"{Deliveries} danmaku were received, and not {expected}";
    }

    protected override ReadOnlySpan<byte> JoinOf(int connection) => _joins[connection % _rooms.Length];

    protected override void TakeAnswer(HubConnection connection, ReadOnlySpan<byte> record)
    {
        Answered++;
        var isTalk = record.IndexOf("\"invocationId\":\"d"u8) >= 0;
        var number = JsonBits.Number(record, isTalk ? "\"invocationId\":\"d"u8 : "\"invocationId\":\"l"u8);
        Refused += record.IndexOf("\"accepted\""u8) >= 0 ? 0 : 1;
        var due = (isTalk ? _danmaku : _likes).DueAt(number);
        Latency.Record((long)Stopwatch.GetElapsedTime(due).TotalMicroseconds);
    }

    protected override void TakeInvocation(HubConnection connection, ReadOnlySpan<byte> record)
    {
        Frames++;
        Deliveries += record.Count("@@"u8);
    }

    private void Talk(long number)
    {
        var room = (int)(number % _rooms.Length);
        var inRoom = _viewers / _rooms.Length;
        var viewer = room + (int)(number / _rooms.Length % inRoom * _rooms.Length);
        DanmakuMarker.Write(_text, (int)number);
        Utf8.TryWrite(_record, $$"""
            {"type":1,"invocationId":"d{{number}}","target":"SendDanmaku","arguments":["{{_rooms[room]}}",{"text":"
            """, out var length);
        _text.CopyTo(_record.AsSpan(length));
        length += TextBytes;
        "\"}]}\u001e"u8.CopyTo(_record.AsSpan(length));
        Danmaku++;
        Send(viewer, length + 5);
    }

    private void Like(long number)
    {
        // Far apart from one to the next, and from room to room in turn.
        var viewer = (int)(number * 7_919 % _viewers);
        var room = _rooms[viewer % _rooms.Length];
        Utf8.TryWrite(_record, $$"""
            {"type":1,"invocationId":"l{{number}}","target":"Like","arguments":["{{room}}",3,null]}
            """, out var length);
        _record[length] = 0x1e;
        Send(viewer, length + 1);
    }

    private void Send(int viewer, int length)
    {
        Calls++;
        if (!Connections[viewer].Send(_record.AsSpan(0, length)))
        {
            Problem ??= $"the connection of viewer {viewer} took no more";
        }
    }
}
