using Microsoft.Extensions.Logging;
using Orleans.Streams;

namespace RedNote.Live;

/// <summary>What leaves a room by itself: its frames, and its counters for the lobby.</summary>
public sealed partial class LiveRoomGrain
{
    /// <summary>How often leases are checked and the lobby is told of the counters.</summary>
    private static readonly TimeSpan Housekeeping = TimeSpan.FromSeconds(2);

    /// <summary>Events read at once while the memory is restored; between two the room does other things.</summary>
    private const int RestorePage = 1_000;

    private IAsyncStream<RoomFrame> _stream = null!;
    private IGrainTimer? _housekeeping;
    private RoomCounters? _listedCounters;
    private long? _lastFrameAt;
    private TimeSpan _publishTook;
    private double _danmakuPerSecond;

    /// <summary>What sealed frames left out and the log has not taken yet.</summary>
    private readonly List<LiveRoomEvent> _leftOut = [];
    private bool _publishing;

    /// <summary>Sends what is new: at once after a quiet tick, otherwise at the next one. One publish in
    /// flight.</summary>
    private void PublishNews()
    {
        if (!_publishing && _room.HasBegun && _room.Frames.HasNews(_room.Counters))
        {
            _publishing = true;
            _ = PublishWhileNews();
        }
    }

    private async Task PublishWhileNews()
    {
        try
        {
            while (_room.Frames.HasNews(_room.Counters))
            {
                var rest = _lastFrameAt is { } last ? Tick() - time.GetElapsedTime(last) : TimeSpan.Zero;
                if (rest > TimeSpan.Zero)
                {
                    await Task.Delay(rest, time);
                }

                // What is sealed may still be on its way into the log. Nobody sees the frame before it got there: the
                // stream waits here, and who asks for frames or the head waits likewise.
                await log.WhenRoom();
                var frame = Seal();
                await CommitFrame();
                await Publish(frame);
                _publishTook = time.GetElapsedTime(_lastFrameAt!.Value);
            }
        }
        catch (TryAgainException)
        {
            // Nothing that was not stored is shown; the grain is on its way out and its next activation goes on.
        }
        finally
        {
            _publishing = false;
        }
    }

    /// <summary>Closes a frame. What it leaves out goes into the log with whatever is committed next.</summary>
    private RoomFrame Seal()
    {
        _danmakuPerSecond = _lastFrameAt is { } last && time.GetElapsedTime(last) is { Ticks: > 0 } passed
            ? _room.Frames.Waiting / passed.TotalSeconds
            : 0;
        _lastFrameAt = time.GetTimestamp();
        return _room.Seal(Now(), _leftOut);
    }

    /// <summary>Waits until a sealed frame may be seen. If the log has no room for what it leaves out, it is tried
    /// again: nothing else goes into the log before it, and nobody is handed the frame.</summary>
    private async Task CommitFrame()
    {
        while (true)
        {
            try
            {
                await Commit([]);
                return;
            }
            catch (TryAgainException) when (_leftOut.Count > 0)
            {
                await log.WhenRoom();
            }
        }
    }

    private async Task Publish(RoomFrame frame)
    {
        try
        {
            await _stream.OnNextAsync(frame);
        }
        catch (Exception error)
        {
            // Front ends see the gap and ask for the frame.
            LogNotPublished(logger, Self, frame.Seq, error);
        }
    }

    /// <summary>
    /// The tick stretches with the audience, with what is sent, and with the time that publishing takes, so that the
    /// work of sending stays bounded.
    /// </summary>
    private TimeSpan Tick() => RoomPace.Tick(options.Value, _room.Gateways.Viewers, _danmakuPerSecond, _publishTook);

    private void KeepHouse() => _housekeeping ??= this.RegisterGrainTimer(
        KeepHouse, new GrainTimerCreationOptions { DueTime = Housekeeping, Period = Housekeeping, Interleave = true });

    private async Task KeepHouse(CancellationToken cancellationToken)
    {
        _room.Gateways.Expire(AwakeMs());
        await KeepAudience(atOnce: false);
        PublishNews();
        var counters = _room.Counters;
        if (IsNewToLobby(counters))
        {
            // Viewers are told again though they did not change: the lobby forgets those of a silent room.
            _listedCounters = counters;
            await Refresh(counters);
        }

        if (_room.Gateways.IsEmpty && _room.IsAudienceEmpty)
        {
            _housekeeping?.Dispose();
            _housekeeping = null;
            _room.Rest(Now());
        }
    }

    /// <summary>A room that is not live can only sell.</summary>
    private bool IsNewToLobby(RoomCounters counters) => _room.State == RoomState.Live
        ? counters.Viewers > 0 || counters != _listedCounters
        : counters.Orders != (_listedCounters?.Orders ?? 0)
            || counters.Sales.Amount != (_listedCounters?.Sales.Amount ?? 0);

    private async Task Refresh(RoomCounters counters)
    {
        try
        {
            await log.WhenConfirmed();
            await GrainFactory.RoomDirectory().Refresh(Self, counters);
        }
        catch (Exception error)
        {
            // The next change of the counters is told again.
            LogNotRefreshed(logger, Self, error);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Room {Room}: the lobby was not told the counters")]
    private static partial void LogNotRefreshed(ILogger logger, RoomId room, Exception error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Room {Room}: frame {Seq} was not published")]
    private static partial void LogNotPublished(ILogger logger, RoomId room, long seq, Exception error);
}
