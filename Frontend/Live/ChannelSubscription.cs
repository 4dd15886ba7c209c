using RedNote.Live;

namespace RedNote.Frontend.Live;

/// <summary>A channel's one subscription to its room's stream, made when first needed and again when it is
/// deaf.</summary>
internal sealed partial class ChannelSubscription(RoomId room, IRoomStreams streams, ILogger logger)
{
    private readonly Lock _gate = new();
    private Task<IRoomSubscription>? _current;

    /// <summary>Completes when the stream is subscribed to; all who wait share one call. Fails if it failed.</summary>
    public Task<IRoomSubscription> Ensure(Action<RoomFrame> onFrame)
    {
        lock (_gate)
        {
            if (_current is null or { IsFaulted: true } or { IsCanceled: true })
            {
                _current = streams.Subscribe(room, onFrame);
            }

            return _current;
        }
    }

    /// <summary>Ends what is deaf and subscribes again; a failure is logged, and the next look tries again.</summary>
    public async Task Renew(Action<RoomFrame> onFrame)
    {
        LogDeaf(logger, room);
        await End();
        try
        {
            await Ensure(onFrame);
        }
        catch (Exception failure)
        {
            LogNotChanged(logger, failure, room);
        }
    }

    public async Task End()
    {
        Task<IRoomSubscription>? ended;
        lock (_gate)
        {
            (ended, _current) = (_current, null);
        }

        if (ended is null)
        {
            return;
        }

        try
        {
            await (await ended).Unsubscribe();
        }
        catch (Exception failure)
        {
            LogNotChanged(logger, failure, room);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The stream of room {Room} has gone deaf; subscribing again.")]
    private static partial void LogDeaf(ILogger logger, RoomId room);

    [LoggerMessage(LogLevel.Warning, "The subscription to room {Room} could not be changed.")]
    private static partial void LogNotChanged(ILogger logger, Exception failure, RoomId room);
}
