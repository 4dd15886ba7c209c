using System.Diagnostics;

namespace RedNote.Load.Measure;

/// <summary>
/// When each event of a load is due, whatever the server does: event n of a phase is due n intervals after the phase
/// began. A latency that counts from there has no coordinated omission (Gil Tene's word for a generator that waits with
/// a slow server and so measures its good moments only). Timestamps are <see cref="Stopwatch"/>'s. Not thread-safe.
/// </summary>
public sealed class OpenLoop
{
    private readonly Phase[] _phases;
    private readonly long[] _firsts;
    private readonly double[] _starts;
    private long _start;
    private int _phase;

    public OpenLoop(params Phase[] phases)
    {
        _phases = phases;
        _firsts = new long[phases.Length + 1];
        _starts = new double[phases.Length + 1];
        for (var i = 0; i < phases.Length; i++)
        {
            _firsts[i + 1] = _firsts[i] + phases[i].Events;
            _starts[i + 1] = _starts[i] + (phases[i].Length.TotalSeconds * Stopwatch.Frequency);
        }
    }

    /// <summary>All events there are.</summary>
    public long Total => _firsts[^1];

    /// <summary>Events that were taken, which is the number of the next one.</summary>
    public long Taken { get; private set; }

    public bool IsDone => Taken == Total;

    /// <summary>How late events were taken: the generator's own delay. In it is what a latency owes to the generator.
    /// </summary>
    public Histogram Lateness { get; } = new();

    /// <summary>From now on time runs.</summary>
    public void Start(long now) => _start = now;

    /// <summary>The first event of a phase; for <c>PhaseStart(phases)</c> the number of all events.</summary>
    public long FirstOf(int phase) => _firsts[phase];

    /// <summary>When that event is, or was, due.</summary>
    public long DueAt(long number)
    {
        var phase = _phase;
        if (number < _firsts[phase] || number >= _firsts[phase + 1])
        {
            phase = PhaseOf(number);
        }

        return _start + (long)(_starts[phase]
            + ((number - _firsts[phase]) * (Stopwatch.Frequency / _phases[phase].PerSecond)));
    }

    /// <summary>The phase that an event belongs to.</summary>
    public int PhaseOf(long number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(number, Total);
        var found = Array.BinarySearch(_firsts, number);
        var phase = found >= 0 ? found : ~found - 1;

        // Phases without events have the same first number as the one behind them.
        while (_firsts[phase + 1] == number)
        {
            phase++;
        }

        return phase;
    }

    /// <summary>Takes the next event if it is due; false: none is.</summary>
    public bool TryTake(long now, out long number)
    {
        number = Taken;
        if (IsDone)
        {
            return false;
        }

        if (number >= _firsts[_phase + 1])
        {
            _phase = PhaseOf(number);
        }

        var late = now - DueAt(number);
        if (late < 0)
        {
            return false;
        }

        Taken++;
        Lateness.Record((long)Stopwatch.GetElapsedTime(0, late).TotalMicroseconds);
        return true;
    }

    /// <summary>Whole milliseconds until the next event, rounded up, as epoll wants them: an event may be taken up to a
    /// millisecond late, and its latency says so. At most <paramref name="most"/>.</summary>
    public int WaitMs(long now, int most)
        => IsDone ? 0 : (int)Math.Clamp(Math.Ceiling((DueAt(Taken) - now) * 1_000.0 / Stopwatch.Frequency), 0, most);

    /// <summary>A time with one rate.</summary>
    /// <param name="Length">More than zero.</param>
    /// <param name="PerSecond">Events a second; 0: none.</param>
    public readonly record struct Phase(TimeSpan Length, double PerSecond)
    {
        /// <summary>Events in it, a last incomplete one left out.</summary>
        public long Events => (long)Math.Floor((Length.TotalSeconds * PerSecond) + 1e-6);
    }
}
