namespace RedNote.Frontend.Tests.Fakes;

/// <summary>
/// The machine's clock, set forward by a test. Timers run as ever: to fire all those of a server for a month, as
/// <see cref="ManualTime"/> would, takes minutes.
/// </summary>
public sealed class ShiftedTime : TimeProvider
{
    private long _ticks;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref _ticks));

    public void Shift(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);
}
