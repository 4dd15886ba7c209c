using RedNote.Frontend.Deals;
using RedNote.Live;

namespace RedNote.Frontend.Live;

/// <summary>One room on this front end: the way in, the way out, and the lease by which viewers count.</summary>
internal sealed partial class RoomPort : IPort
{
    private readonly ILiveRoomGrain _grain;
    private readonly RoomDealWatch _deals;
    private readonly LiveOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private long _usedAt;
    private long _reportedAt;
    private int _reportedViewers;
    private bool _reporting;
    private bool _retired;

    public RoomPort(
        RoomId room, string name, ILiveRoomGrain grain, IRoomStreams streams, FrameEncoder encoder,
        RoomDealWatch deals, LiveOptions options, TimeProvider time, LiveMetrics metrics, ILogger logger)
    {
        (_grain, _deals, _options, _time, _logger) = (grain, deals, options, time, logger);
        Room = room;
        Channel = new RoomChannel(room, grain, streams, encoder, deals, options, time, metrics, logger);
        Audience = new RoomAudience(2 * options.ReportEvery, time);
        Gateway = new RoomGateway(name, room, grain, () => Channel.Viewers, options, time, metrics, logger);
        _usedAt = time.GetTimestamp();
    }

    public RoomId Room { get; }

    public RoomGateway Gateway { get; }

    public RoomChannel Channel { get; }

    /// <summary>Whose connections are in the room.</summary>
    public RoomAudience Audience { get; }

    public bool TryUse()
    {
        lock (_gate)
        {
            _usedAt = _time.GetTimestamp();
            return !_retired;
        }
    }

    public bool TryRetire()
    {
        lock (_gate)
        {
            _retired |= Channel.Viewers == 0 && Gateway.IsIdle && _reportedViewers == 0 && !Audience.HasNews
                && !Gateway.Report.HasNews
                && _time.GetElapsedTime(_usedAt) >= _options.Linger;
            return _retired;
        }
    }

    public async Task Close()
    {
        await Gateway.Close();
        await Channel.Close();
    }

    /// <summary>Renews the lease when it is time to or the number of viewers has changed, and looks for frames that did
    /// not come. Called every <see cref="LiveOptions.PatrolEvery"/>.</summary>
    public async Task Patrol()
    {
        var viewers = Channel.Viewers;
        if (viewers > 0)
        {
            TryUse();
            _deals.Renew();
        }

        Channel.TellSampled();
        await Channel.CheckHead();
        if (!BeginReport(viewers))
        {
            return;
        }

        var audience = Audience.Begin();
        try
        {
            var report = Gateway.Report.Current();
            var head = await _grain.Report(
                new GatewayPresence(Gateway.Name, viewers) { Audience = audience.Change, Report = report });
            Audience.Told(audience, head?.Epoch);

            // A room that does not exist has no totals.
            Gateway.Report.Taken(report);
            if (head is not null)
            {
                Channel.Compare(head);
            }
        }
        catch (Exception failure)
        {
            Audience.Failed(audience);
            LogNotReported(_logger, failure, Room);
        }
        finally
        {
            EndReport();
        }
    }

    private bool BeginReport(int viewers)
    {
        lock (_gate)
        {
            var due = viewers != _reportedViewers || Audience.HasNews || Gateway.Report.HasNews
                || (viewers > 0 && _time.GetElapsedTime(_reportedAt) >= _options.ReportEvery);
            if (!due || _reporting)
            {
                return false;
            }

            _reporting = true;
            _reportedViewers = viewers;
            _reportedAt = _time.GetTimestamp();
            return true;
        }
    }

    private void EndReport()
    {
        lock (_gate)
        {
            _reporting = false;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Viewers of room {Room} could not be reported.")]
    private static partial void LogNotReported(ILogger logger, Exception failure, RoomId room);
}
