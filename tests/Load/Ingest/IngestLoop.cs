using System.Diagnostics;
using System.Net;
using RedNote.Load.Measure;
using RedNote.Load.Servers;
using RedNote.Load.Wire;

namespace RedNote.Load.Ingest;

/// <summary>
/// Callers on one thread, each with as many calls under way as its window holds: a closed loop, which finds out how
/// many a server takes. And one viewer, the last connection. Not thread-safe.
/// </summary>
internal sealed class IngestLoop(string roomId, int callers, int window, CancellationToken stop)
    : HubLoop(roomId, stop)
{
    /// <summary>With so many of all calls still under way it is the same load.</summary>
    private const double EnoughUnderWay = 0.9;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan TendPeriod = TimeSpan.FromSeconds(1);

    private readonly long[] _sentAt = new long[callers * CallRecord.MaxSlots];
    private ICalls? _calls;
    private Histogram _latency = new();
    private bool _isEnding;
    private bool _isOut;
    private int _underWay;
    private int _watched;

    public long Answered { get; private set; }

    public long Refused { get; private set; }

    public void Open(IPEndPoint server, string[] paths) => OpenAll(server, paths, static _ => { });

    /// <summary>Keeps the connections alive while another loop is measured.</summary>
    public void Tend() => Pump(0);

    /// <summary>Makes no calls for so long.</summary>
    public void Rest(TimeSpan time)
    {
        var began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < time)
        {
            Pump(50);
        }
    }

    /// <summary>Lets the viewer into more rooms.</summary>
    public void Watch(IReadOnlyCollection<string> rooms)
    {
        var before = _watched;
        foreach (var room in rooms)
        {
            Connections[callers].Send(JoinOf(room));
        }

        Await(() => _watched == before + rooms.Count, "the viewer could not join");
    }

    /// <summary>Makes calls for so long, or until callers have none left.</summary>
    public IngestReading Run(ICalls calls, ServerProcess server, TimeSpan warmup, TimeSpan time, Action tend)
    {
        (_calls, _isEnding, _isOut) = (calls, false, false);
        for (var i = 0; i < callers * window; i++)
        {
            _underWay++;
            Issue(i / window, i % window);
        }

        PumpFor(warmup, tend);
        if (_isOut)
        {
            throw new LoadException("Callers had no calls left before it counted: more --vote-rooms.");
        }

        _latency = new Histogram();
        var (before, answered, refused) = (Usage.Take(server), Answered, Refused);
        PumpFor(time, tend);
        var used = Usage.Take(server).Since(before);
        var (count, latency) = (Answered - answered, _latency);
        _isEnding = true;
        _latency = new Histogram();
        Await(() => _underWay == 0, "not every call was answered");
        return new IngestReading(count, Refused - refused, used, latency);
    }

    public override void OnReady(HubConnection connection)
    {
        if (connection.Id < callers)
        {
            SetJoined(connection);
        }
        else
        {
            base.OnReady(connection);
        }
    }

    protected override void TakeJoined(HubConnection connection, ReadOnlySpan<byte> record) => _watched++;

    protected override void TakeAnswer(HubConnection connection, ReadOnlySpan<byte> record)
    {
        var slot = CallRecord.SlotOf(record);
        var since = _sentAt[(connection.Id * CallRecord.MaxSlots) + slot];
        _latency.Record((long)Stopwatch.GetElapsedTime(since).TotalMicroseconds);
        Answered++;
        if (!_calls!.Take(connection.Id, slot, record))
        {
            Refused++;
            Complain("the hub answered ", record);
        }

        Issue(connection.Id, slot);
    }

    protected override void TakeInvocation(HubConnection connection, ReadOnlySpan<byte> record)
    {
        // Frames for the viewer, and what callers are told of danmaku that were left out: not measured here.
    }

    private void Issue(int caller, int slot)
    {
        var call = _isEnding ? default : _calls!.Next(caller, slot);
        if (call.IsEmpty)
        {
            _underWay--;
            _isOut |= !_isEnding && _underWay < EnoughUnderWay * callers * window;
            return;
        }

        _sentAt[(caller * CallRecord.MaxSlots) + slot] = Stopwatch.GetTimestamp();
        if (!Connections[caller].Send(call))
        {
            throw new LoadException($"The connection of caller {caller} took no more: {Problem}");
        }
    }

    private void PumpFor(TimeSpan time, Action tend)
    {
        var began = Stopwatch.GetTimestamp();
        var tended = began;
        while (!_isOut && Stopwatch.GetElapsedTime(began) < time)
        {
            Pump(5);
            if (Stopwatch.GetElapsedTime(tended) > TendPeriod)
            {
                tend();
                tended = Stopwatch.GetTimestamp();
            }
        }
    }

    private void Await(Func<bool> isSo, string otherwise)
    {
        var since = Stopwatch.GetTimestamp();
        while (!isSo())
        {
            Pump(5);
            if (Closed > 0 || Stopwatch.GetElapsedTime(since) > Patience)
            {
                throw new LoadException($"{otherwise}: {Problem ?? "it took too long"}.");
            }
        }
    }
}

/// <summary>What was measured of one kind of calls.</summary>
/// <param name="Answered">Calls in that time.</param>
/// <param name="Refused">Of them, and of those that ended it, those that were not answered as they should be.</param>
/// <param name="Used">Of the processors.</param>
/// <param name="Latency">From a call to its answer.</param>
internal sealed record IngestReading(long Answered, long Refused, Usage.Share Used, Histogram Latency);
