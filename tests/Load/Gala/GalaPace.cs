using RedNote.Load.Measure;

namespace RedNote.Load.Gala;

/// <summary>
/// How many interactions are due by when. The evening is cut into equal periods with one burst in the middle of each;
/// what the bursts take of the average is missing between them:
/// base rate = (average x period - burst rate x burst) / (period - burst).
/// Times in seconds from the start, rates in interactions a second.
/// </summary>
public sealed class GalaPace
{
    private readonly double _beginsAt;
    private readonly double _inPeriod;

    /// <param name="average">Over the whole evening, bursts included.</param>
    /// <param name="times">How many times the average a burst is; 1: there are none.</param>
    /// <param name="burstSeconds">How long one lasts.</param>
    /// <param name="everySeconds">How long a period is at the least; as many as fit are made to fill the evening.
    /// </param>
    /// <param name="seconds">The evening.</param>
    public GalaPace(int average, int times, int burstSeconds, int everySeconds, int seconds)
    {
        Bursts = Math.Max(1, seconds / everySeconds);
        Period = (double)seconds / Bursts;
        BurstSeconds = burstSeconds;
        BurstRate = (double)average * times;
        _inPeriod = average * Period;
        var inBurst = BurstRate * burstSeconds;
        if (_inPeriod < inBurst || Period <= burstSeconds)
        {
            throw new LoadException(
                $"A burst of {burstSeconds} s at {times} times the average is more than the average of {Period:N0} s: "
                + "ask for a longer evening, rarer or shorter bursts.");
        }

        BaseRate = (_inPeriod - inBurst) / (Period - burstSeconds);
        _beginsAt = (Period - burstSeconds) / 2;
    }

    public int Bursts { get; }

    public double Period { get; }

    public double BurstSeconds { get; }

    public double BaseRate { get; }

    public double BurstRate { get; }

    /// <summary>Whether there is a burst at that time.</summary>
    public bool IsBurst(double at)
    {
        var within = at % Period;
        return within >= _beginsAt && within < _beginsAt + BurstSeconds;
    }

    /// <summary>Interactions due by that time.</summary>
    public double CountBy(double at)
    {
        var periods = Math.Floor(at / Period);
        var within = at - (periods * Period);
        var burst = Math.Clamp(within - _beginsAt, 0, BurstSeconds);
        return (periods * _inPeriod) + (BurstRate * burst) + (BaseRate * (within - burst));
    }

    /// <summary>When each interaction of a kind is due; the phases with odd numbers are the bursts.</summary>
    /// <param name="share">Of the kind, 0 to 1.</param>
    public OpenLoop Schedule(double share)
    {
        var between = new OpenLoop.Phase(TimeSpan.FromSeconds(Period - BurstSeconds), BaseRate * share);
        var half = between with { Length = between.Length / 2 };
        var burst = new OpenLoop.Phase(TimeSpan.FromSeconds(BurstSeconds), BurstRate * share);
        var more = Enumerable.Repeat<OpenLoop.Phase[]>([burst, between], Bursts - 1).SelectMany(both => both);
        return new OpenLoop([half, .. more, burst, half]);
    }
}
