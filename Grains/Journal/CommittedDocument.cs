using Microsoft.Extensions.Logging;

namespace RedNote.Journal;

/// <summary>How a <see cref="CommittedDocument{T}"/> writes.</summary>
/// <param name="MinInterval">Least time between the starts of two writes; what is decided meanwhile shares the next
/// one. The first write after a pause starts at once.</param>
/// <param name="Timeout">After this a write counts as failed; its outcome is unknown.</param>
public sealed record CommitPolicy(TimeSpan MinInterval, TimeSpan Timeout)
{
    public static CommitPolicy Default { get; } = new(TimeSpan.FromMilliseconds(5), TimeSpan.FromSeconds(5));
}

/// <summary>
/// Makes the state of a reentrant grain durable as one document. A turn changes memory, calls <see cref="Touch"/>, and
/// answers after <see cref="WhenCommitted"/>. One write is in flight; everything decided while it runs goes out with
/// the
/// next one, so that a thousand callers in a burst cost a handful of writes. Used from the grain's turns only.
/// </summary>
/// <param name="storage">Where the document lives.</param>
/// <param name="capture">Builds the document from memory; what it returns must not change afterwards.</param>
/// <param name="onFailed">Called once, in a turn of the grain, when a commit failed.</param>
/// <param name="time">The clock.</param>
/// <param name="policy">Interval and time limit.</param>
/// <param name="logger">Where failures are told.</param>
public sealed partial class CommittedDocument<TDocument>(
    IPersistentState<TDocument> storage,
    Func<TDocument> capture,
    Action onFailed,
    TimeProvider time,
    CommitPolicy policy,
    ILogger logger)
{
    private TaskCompletionSource? _next;
    private TaskCompletionSource? _inFlight;
    private TryAgainException? _failure;
    private long _lastStart;
    private bool _wrote;

    /// <summary>Says that memory has changed; a write follows even if nobody waits for it.</summary>
    public void Touch()
    {
        if (_failure is not null || _next is not null)
        {
            return;
        }

        _next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_inFlight is null)
        {
            _inFlight = _next;
            _ = WriteUntilClean();
        }
    }

    /// <summary>
    /// Completes when everything decided before this call is durable; at once if it is already.
    /// Throws <see cref="TryAgainException"/> when that failed, and always from then on.
    /// </summary>
    public Task WhenCommitted()
        => _failure is not null ? Task.FromException(_failure) : (_next ?? _inFlight)?.Task ?? Task.CompletedTask;

    private async Task WriteUntilClean()
    {
        while (_next is not null)
        {
            await Pace();
            _inFlight = _next;
            _next = null;
            _lastStart = time.GetTimestamp();
            _wrote = true;
            try
            {
                storage.State = capture();
                await storage.WriteStateAsync().WaitAsync(policy.Timeout, time);
            }
            catch (Exception error)
            {
                Fail(error);
                return;
            }

            _inFlight.SetResult();
            _inFlight = null;
        }
    }

    private Task Pace()
    {
        var rest = _wrote ? policy.MinInterval - time.GetElapsedTime(_lastStart) : TimeSpan.Zero;
        return rest > TimeSpan.Zero ? Task.Delay(rest, time) : Task.CompletedTask;
    }

    private void Fail(Exception error)
    {
        LogCommitFailed(logger, typeof(TDocument).Name, error);
        _failure = new TryAgainException("The outcome of a write is unknown.", error);
        var waiting = new[] { _inFlight, _next };
        _inFlight = _next = null;
        foreach (var source in waiting)
        {
            // Observed here, as nobody may be waiting for a write that was only touched.
            source?.TrySetException(_failure);
            _ = source?.Task.Exception;
        }

        onFailed();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Writing {Document} failed; the grain rebuilds from storage")]
    private static partial void LogCommitFailed(ILogger logger, string document, Exception error);
}
