namespace RedNote;

/// <summary>
/// A grain's clock for what its log says is due next. An activation sets it for what is open, so that a grain that was
/// asleep does what is due when it wakes. Once due it rings every second until it is set for something else: what could
/// not be written is tried again, by this activation or the next.
/// </summary>
/// <param name="grain">Whose turns it rings in, between others.</param>
/// <param name="ring">Does what is due.</param>
internal sealed class DueTimer(IGrainBase grain, Func<CancellationToken, Task> ring)
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    private IGrainTimer? _timer;
    private long? _at;

    /// <param name="at">When it is to ring, Unix ms; null: not at all.</param>
    /// <param name="now">The time of the grain, Unix ms.</param>
    public void Set(long? at, long now)
    {
        if (at == _at)
        {
            return;
        }

        _at = at;
        _timer?.Dispose();
        _timer = at is not { } due ? null : grain.RegisterGrainTimer(
            ring,
            new GrainTimerCreationOptions
            {
                DueTime = TimeSpan.FromMilliseconds(Math.Clamp(due - now, 0, int.MaxValue)),
                Period = Again,
                Interleave = true,
            });
    }
}
