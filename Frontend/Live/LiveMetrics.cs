using System.Diagnostics.Metrics;
using RedNote.Deals;
using RedNote.Frontend.Wire;
using RedNote.Live;

namespace RedNote.Frontend.Live;

/// <summary>What a front end counts of its live rooms, under the meter <see cref="Name"/>.</summary>
internal sealed class LiveMetrics
{
    public const string Name = "RedNote.Frontend";

    private static readonly object[] Reasons = [.. Enum.GetValues<RejectReason>().Select(SnakeCase.Of)];
    private static readonly object[] Statuses = [.. Enum.GetValues<VerdictStatus>().Select(SnakeCase.Of)];

    private static readonly object[] BuyStatuses = [.. Enum.GetValues<BuyStatus>().Select(SnakeCase.Of)];

    private readonly UpDownCounter<long> _connections;
    private readonly UpDownCounter<long> _viewers;
    private readonly Counter<long> _batches;
    private readonly Counter<long> _commands;
    private readonly Counter<long> _frames;
    private readonly Counter<long> _deliveries;
    private readonly Counter<long> _bytes;
    private readonly Counter<long> _verdicts;
    private readonly Counter<long> _buys;
    private readonly Counter<long> _degraded;
    private readonly Counter<long> _resyncs;
    private readonly Counter<long> _gaps;

    public LiveMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(Name);
        _connections = meter.CreateUpDownCounter<long>(
            "rednote.hub.connections", "{connection}", "Open hub connections.");
        _viewers = meter.CreateUpDownCounter<long>("rednote.room.viewers", "{viewer}", "Connections in rooms.");
        _batches = meter.CreateCounter<long>("rednote.gateway.batches", "{batch}", "Batches that rooms were sent.");
        _commands = meter.CreateCounter<long>("rednote.gateway.commands", "{command}", "Commands in those batches.");
        _frames = meter.CreateCounter<long>("rednote.fanout.frames", "{frame}", "Frames serialised.");
        _deliveries = meter.CreateCounter<long>(
            "rednote.fanout.deliveries", "{frame}", "Frames handed to viewers, waiting or written.");
        _bytes = meter.CreateCounter<long>("rednote.fanout.bytes", "By", "Bytes of those deliveries.");
        _verdicts = meter.CreateCounter<long>(
            "rednote.danmaku.verdicts", "{verdict}", "Verdicts by status and reason.");
        _buys = meter.CreateCounter<long>("rednote.deal.buys", "{answer}", "Attempts to buy by answer.");
        _degraded = meter.CreateCounter<long>(
            "rednote.viewer.degraded", "{viewer}", "Times a slow viewer's frames became one.");
        _resyncs = meter.CreateCounter<long>("rednote.viewer.resyncs", "{viewer}", "Viewers told to join again.");
        _gaps = meter.CreateCounter<long>("rednote.fanout.fills", "{call}", "Calls that fetched frames from a room.");
    }

    public void ConnectionOpened() => _connections.Add(1);

    public void ConnectionClosed() => _connections.Add(-1);

    public void ViewerEntered() => _viewers.Add(1);

    public void ViewerLeft() => _viewers.Add(-1);

    public void BatchSent(int commands)
    {
        _batches.Add(1);
        _commands.Add(commands);
    }

    public void FrameSent(int viewers, int bytes)
    {
        _frames.Add(1);
        _deliveries.Add(viewers);
        _bytes.Add((long)viewers * bytes);
    }

    public void Decided(Verdict verdict)
    {
        if (!_verdicts.Enabled)
        {
            return;
        }

        var status = new KeyValuePair<string, object?>("status", Statuses[(int)verdict.Status]);
        if (verdict.Reason is { } reason)
        {
            _verdicts.Add(1, status, new KeyValuePair<string, object?>("reason", Reasons[(int)reason]));
        }
        else
        {
            _verdicts.Add(1, status);
        }
    }

    /// <summary>Counts an answer and gives it back.</summary>
    public BuyAnswer Answered(BuyAnswer answer)
    {
        if (_buys.Enabled)
        {
            _buys.Add(1, new KeyValuePair<string, object?>("status", BuyStatuses[(int)answer.Status]));
        }

        return answer;
    }

    public void ViewerDegraded() => _degraded.Add(1);

    public void Resync() => _resyncs.Add(1);

    public void GapFilled() => _gaps.Add(1);
}
