using System.Globalization;
using Microsoft.Extensions.Logging;

namespace RedNote.Live;

/// <summary>Lucky draws: the host's command, reading, and settling them when their time is up.</summary>
public sealed partial class LiveRoomGrain
{
    private Dictionary<DrawId, TaskCompletionSource>? _drawsDecided;
    private DueTimer _settlingDraws = null!;
    private bool _settling;

    public async Task<DrawOutcome> OpenDraw(OpenDraw command)
    {
        var opened = (Status: CommandStatus.Done, Draw: default(DrawId), IdTaken: false);
        var status = await Decide((now, events) =>
        {
            opened = _room.OpenDraw(command, seeds, now, events);
            return opened.Status;
        });
        return status == CommandStatus.Done
            ? new DrawOutcome(status, await Draw(opened.Draw))
            : new DrawOutcome(status, null, opened.IdTaken);
    }

    public async Task<Draw?> Draw(DrawId draw)
    {
        var exists = _room.Exists;
        var found = exists ? _room.FindDraw(draw, Now()) : null;
        await log.WhenConfirmed();
        return found is null && exists ? DrawRecords.Result(await log.Query(DrawRecords.AskResult(draw))) : found;
    }

    public async Task<DrawEntrantsPage> DrawEntrants(DrawEntrantsQuery query)
    {
        query = query with { Limit = Math.Clamp(query.Limit, 1, DrawEntrantsQuery.MaxLimit) };
        var draw = await Draw(query.DrawId);
        if (draw?.EntrantsHash is null)
        {
            return new DrawEntrantsPage(draw is null ? CommandStatus.NotFound : CommandStatus.WrongState, [], null);
        }

        return DrawRecords.Entrants(await log.Query(DrawRecords.AskEntrants(query, LiveRoom.DrawPiece)), query);
    }

    /// <summary>
    /// Sets the clock for the next cut-off. An activation sets it for what its log says is open; and as each open draw
    /// is owed its result (<see cref="LiveRoomServices.OwedDraw"/>), there is an activation soon after a crash.
    /// </summary>
    private void SetDrawTimer()
    {
        if (!_settling)
        {
            // What is due is decided once its time is over.
            _settlingDraws.Set(_room.NextDrawAt + 1, Now());
        }
    }

    /// <summary>Settles what is due, in turns of bounded length, each durable before the next.</summary>
    private async Task SettleDraws(CancellationToken cancellationToken)
    {
        if (_settling)
        {
            return;
        }

        _settling = true;
        try
        {
            while (true)
            {
                await log.WhenRoom();
                var events = new List<LiveRoomEvent>();
                _room.SettleDraws(Now(), events);
                if (events.Count == 0)
                {
                    break;
                }

                await Commit(events);
            }
        }
        catch (TryAgainException error)
        {
            // The timer tries again; or, if the log has failed, the next activation goes on.
            LogNotSettled(logger, Self, error);
        }
        finally
        {
            _settling = false;
        }

        SetDrawTimer();
    }

    /// <summary>Completes when the draw's result is durable; at once for one that runs no more.</summary>
    private async Task WhenDrawDecided(DrawId draw)
    {
        if (_room.IsDrawRunning(draw))
        {
            _drawsDecided ??= [];
            if (!_drawsDecided.TryGetValue(draw, out var decided))
            {
                _drawsDecided[draw] = decided = new TaskCompletionSource();
            }

            await decided.Task;
        }

        await log.WhenConfirmed();
    }

    private static DrawId ParseDraw(string receiver)
        => new(long.Parse(receiver.AsSpan(LiveRoomServices.OwedDraw.Length), CultureInfo.InvariantCulture));

    private void Decided(DrawId draw)
    {
        if (_drawsDecided is not null && _drawsDecided.Remove(draw, out var waiting))
        {
            waiting.SetResult();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Room {Room}: a draw could not be settled; it is tried again")]
    private static partial void LogNotSettled(ILogger logger, RoomId room, Exception error);
}
