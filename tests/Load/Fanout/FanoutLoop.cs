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
    private readonly byte[] _send;
    private readonly Range _sendText;
    private readonly DeliveryLog _log;
    private readonly int _senders;

    public FanoutLoop(string roomId, int textBytes, int senders, DeliveryLog log, CancellationToken stop)
        : base(roomId, stop)
    {
        _send = DanmakuMarker.Template(roomId, textBytes, out _sendText);
        _log = log;
        _senders = senders;
    }

    public int Accepted { get; private set; }

    public int Refused { get; private set; }

    /// <summary>Danmaku that frames said they leave out for a slow viewer, over all viewers.</summary>
    public long Skipped { get; private set; }

    /// <summary>Hub messages that carried danmaku.</summary>
    public long Frames { get; private set; }

    /// <summary>How late the sends were, apart from the server.</summary>
    public Histogram Lateness { get; } = new();

    /// <summary>Opens a connection per path and joins the room with each.</summary>
    public void JoinAll(IPEndPoint server, string[] paths, Action<double> progress)
        => OpenAll(server, paths, progress);

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

    private static double MillisecondsUntil(long timestamp)
        => (timestamp - Stopwatch.GetTimestamp()) * 1000.0 / Stopwatch.Frequency;

    private void SendOne(int number, long now)
    {
        Lateness.Record((long)Stopwatch.GetElapsedTime(_log.DueAt(number), now).TotalMicroseconds);
        DanmakuMarker.Write(_send.AsSpan(_sendText), number);
        if (!Connections[number % _senders].Send(_send))
        {
            Refused++;
            Problem ??= "a sender's connection took no more";
        }
    }

    protected override void TakeInvocation(HubConnection connection, ReadOnlySpan<byte> record)
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
