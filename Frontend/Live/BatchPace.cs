namespace RedNote.Frontend.Live;

/// <summary>
/// How often batches go to one grain: a few at once, then so many a second, so that a busy room is not asked for each
/// command by itself; every batch costs it a turn and an append, whatever is in it. The generic cell rate algorithm.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="perSecond">Batches a second in the long run.</param>
/// <param name="burst">Batches that may come at once after a quiet time.</param>
internal sealed class BatchPace(TimeProvider time, int perSecond, int burst)
{
    private readonly long _interval = Math.Max(1, time.TimestampFrequency / perSecond);
    private long _due;

    /// <summary>Counts one batch, and says how long it has to wait.</summary>
    public TimeSpan Next()
    {
        var now = time.GetTimestamp();

        // Full batches do not wait, and what they were too early is not made up for by those that come later: nobody
        // waits for longer than an interval.
        var due = Math.Clamp(_due, now, now + ((burst + 1) * _interval));
        var early = due - now - (burst * _interval);
        _due = due + _interval;
        return early > 0 ? time.GetElapsedTime(0, early) : TimeSpan.Zero;
    }
}
