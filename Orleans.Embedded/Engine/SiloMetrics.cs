using System.Diagnostics.Metrics;

namespace RedNote.Embedded;

/// <summary>
/// The meter <c>RedNote.Embedded</c>. Hot counts are summed in the activation and added once a burst.
/// </summary>
internal sealed class SiloMetrics : IDisposable
{
    internal const string MeterName = "RedNote.Embedded";

    private readonly Meter _meter = new(MeterName);
    private long _activated;
    private long _calls;
    private long _deactivated;
    private long _failed;
    private long _rejected;
    private long _timedOut;

    internal SiloMetrics(EmbeddedSilo silo)
    {
        _meter.CreateObservableCounter(
            "rednote.grain.calls", () => Volatile.Read(ref _calls), "{call}",
            "Requests and timer ticks that grains took.");
        _meter.CreateObservableCounter(
            "rednote.grain.calls.failed", () => Volatile.Read(ref _failed), "{call}",
            "Calls that ended with an exception.");
        _meter.CreateObservableCounter(
            "rednote.grain.calls.timed_out", () => Volatile.Read(ref _timedOut), "{call}",
            "Calls not answered in time.");
        _meter.CreateObservableCounter(
            "rednote.grain.calls.rejected", () => Volatile.Read(ref _rejected), "{call}",
            "Calls refused: a full mailbox.");
        _meter.CreateObservableCounter(
            "rednote.grain.activations.started", () => Volatile.Read(ref _activated), "{activation}");
        _meter.CreateObservableCounter(
            "rednote.grain.activations.ended", () => Volatile.Read(ref _deactivated), "{activation}");
        _meter.CreateObservableGauge(
            "rednote.grain.activations", () => silo.ActivationCount, "{activation}", "Activations in memory.");
        _meter.CreateObservableGauge(
            "rednote.grain.mailbox.waiting", silo.CountWaiting, "{request}", "Work that waits in busy mailboxes.");
    }

    internal void Calls(int count)
    {
        if (count != 0) Interlocked.Add(ref _calls, count);
    }

    internal void Failed() => Interlocked.Increment(ref _failed);

    internal void TimedOut() => Interlocked.Increment(ref _timedOut);

    internal void Rejected() => Interlocked.Increment(ref _rejected);

    internal void Activated() => Interlocked.Increment(ref _activated);

    internal void Deactivated() => Interlocked.Increment(ref _deactivated);

    public void Dispose() => _meter.Dispose();
}
