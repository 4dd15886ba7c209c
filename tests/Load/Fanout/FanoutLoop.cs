using System.Buffers.Text;
using System.Diagnostics;
using System.Net;
using RedNote.Load.Measure;
using RedNote.Load.Wire;

namespace RedNote.Load.Fanout;

/// <summary>
/// The generator: all viewers' connections on one thread. Joins them, sends on schedule whatever the server does, and
/// takes down what arrives. Not thread-safe.
/// </summary>
public sealed class FanoutLoop : HubLoop
{
    private readonly DanmakuCall _call;
    private readonly OpenLoop _schedule;
    private readonly DeliveryLog _log;
    private readonly int _senders;

    // What was received last. Most viewers are sent the same bytes one after the other: to compare them costs less than
    // to search them again.
    private readonly List<(int Number, long Due)> _lastNumbers = [];
    private byte[] _last = [];
    private int _lastLength;
    private long _lastSkipped;

    public FanoutLoop(
        string roomId, int textBytes, int senders, OpenLoop schedule, DeliveryLog log, CancellationToken stop)
        : base(roomId, stop)
    {
        _call = new DanmakuCall(roomId, textBytes);
        _schedule = schedule;
        _log = log;
        _senders = senders;
    }

    public int Accepted { get; private set; }

    public int Refused { get; private set; }

    /// <summary>From when a danmaku was due to its verdict; those of the warm-up too.</summary>
    public Histogram Verdicts { get; } = new();

    /// <summary>Danmaku that frames said they leave out for a slow viewer, over all viewers.</summary>
    public long Skipped { get; private set; }

    /// <summary>Hub messages that carried danmaku.</summary>
    public long Frames { get; private set; }

    /// <summary>Opens a connection per path and joins the room with each.</summary>
    public void JoinAll(IPEndPoint server, string[] paths, Action<double> progress)
        => OpenAll(server, paths, progress);

    /// <summary>Sends until that many danmaku were sent, each when it is due.</summary>
    public void Send(long end, Action<double> progress)
    {
        var first = _schedule.Taken;
        while (_schedule.Taken < end)
        {
            var now = Stopwatch.GetTimestamp();
            while (_schedule.Taken < end && _schedule.TryTake(now, out var number))
            {
                SendOne((int)number);
            }

            progress((double)(_schedule.Taken - first) / (end - first));
            Pump(_schedule.Taken == end ? 0 : _schedule.WaitMs(now, 10));
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

    private void SendOne(int number)
    {
        if (!Connections[number % _senders].Send(_call.Numbered(number)))
        {
            Refused++;
            Problem ??= "a sender's connection took no more";
        }
    }

    protected override void TakeInvocation(HubConnection connection, ReadOnlySpan<byte> record)
    {
        var now = Stopwatch.GetTimestamp();
        if (!record.SequenceEqual(_last.AsSpan(0, _lastLength)))
        {
            Read(record);
        }

        Skipped += _lastSkipped;
        Frames += _lastNumbers.Count > 0 ? 1 : 0;
        foreach (var (number, due) in _lastNumbers)
        {
            _log.Record(connection.Id, number, due, now);
        }
    }

    private void Read(ReadOnlySpan<byte> record)
    {
        if (record.Length > _last.Length)
        {
            _last = new byte[record.Length * 2];
        }

        record.CopyTo(_last);
        _lastLength = record.Length;
        _lastSkipped = SkippedIn(record);
        _lastNumbers.Clear();
        while (DanmakuMarker.TryTake(ref record, out var number))
        {
            // A number that was never sent can only be somebody else's text; it is not one of ours.
            if (number < _schedule.Taken)
            {
                _lastNumbers.Add((number, _log.DueAt(number)));
            }
        }
    }

    /// <summary>What a frame of ours says in <c>shed.skipped</c>; inside a text the quotes would be escaped.</summary>
    private static long SkippedIn(ReadOnlySpan<byte> record)
    {
        var name = "\"skipped\":"u8;
        var at = record.IndexOf(name);
        return at >= 0 && Utf8Parser.TryParse(record[(at + name.Length)..], out long count, out _) ? count : 0;
    }

    protected override void TakeAnswer(HubConnection connection, ReadOnlySpan<byte> record)
    {
        var due = _log.DueAt(DanmakuCall.NumberOf(record));
        Verdicts.Record((long)Stopwatch.GetElapsedTime(due).TotalMicroseconds);
        if (record.IndexOf("\"status\":\"accepted\""u8) >= 0)
        {
            Accepted++;
        }
        else
        {
            Refused++;
            Complain("the hub answered ", record);
        }
    }
}
