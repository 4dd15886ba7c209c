namespace RedNote.Frontend.Live;

/// <summary>A subscription to a stream.</summary>
internal interface IStreamSubscription
{
    Task Unsubscribe();
}

/// <summary>
/// The one subscription to a stream that this front end needs, made when first needed and again when it is deaf.
/// </summary>
/// <typeparam name="TEvent">What the stream carries.</typeparam>
/// <param name="source">Whose stream it is, for the log.</param>
/// <param name="subscribe">Subscribes; the events come one at a time.</param>
/// <param name="logger">Where failures go.</param>
internal sealed partial class ChannelSubscription<TEvent>(
    string source, Func<Action<TEvent>, Task<IStreamSubscription>> subscribe, ILogger logger)
{
    private readonly Lock _gate = new();
    private Task<IStreamSubscription>? _current;

    /// <summary>Completes when the stream is subscribed to; all who wait share one call. Fails if it failed.</summary>
    public Task<IStreamSubscription> Ensure(Action<TEvent> onEvent)
    {
        lock (_gate)
        {
            if (_current is null or { IsFaulted: true } or { IsCanceled: true })
            {
                _current = subscribe(onEvent);
            }

            return _current;
        }
    }

    /// <summary>Ends what is deaf and subscribes again; a failure is logged, and the next look tries again.</summary>
    public async Task Renew(Action<TEvent> onEvent)
    {
        await End();
        try
        {
            await Ensure(onEvent);
        }
        catch (Exception failure)
        {
            LogNotChanged(logger, failure, source);
        }
    }

    public async Task End()
    {
        Task<IStreamSubscription>? ended;
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
            LogNotChanged(logger, failure, source);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The subscription to the stream of {Source} could not be changed.")]
    private static partial void LogNotChanged(ILogger logger, Exception failure, string source);
}
