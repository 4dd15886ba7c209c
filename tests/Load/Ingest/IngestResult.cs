using RedNote.Load.Measure;

namespace RedNote.Load.Ingest;

/// <summary>One measurement of one kind of calls, or the medians of several.</summary>
/// <param name="Kind">Of calls.</param>
/// <param name="Run">From 1.</param>
/// <param name="CallsPerSecond">That were answered.</param>
/// <param name="CpuMicroseconds">Of the server, for each.</param>
/// <param name="P50Ms">From a call to its answer.</param>
/// <param name="P99Ms">The same, of the slowest hundredth.</param>
/// <param name="ServerBusy">Share of its core.</param>
/// <param name="GeneratorBusy">Share of its core.</param>
/// <param name="OthersBusy">In cores.</param>
/// <param name="Refused">Calls that were not answered as they should be.</param>
public sealed record IngestResult(
    string Kind, int Run, double CallsPerSecond, double CpuMicroseconds, double P50Ms, double P99Ms, double ServerBusy,
    double GeneratorBusy, double OthersBusy, long Refused)
{
    /// <summary>What kept the rate from being higher. A closed loop is always held up by something.</summary>
    public string LimitedBy => new Strain(ServerBusy, GeneratorBusy, OthersBusy) switch
    {
        { Server: <= 0.9, IsFair: true } => "waiting: no core was full, more --window or --connections may give more",
        var strain => strain.LimitedBy,
    };

    internal static IngestResult Of(string kind, int run, IngestReading reading)
    {
        var used = reading.Used;
        return new IngestResult(
            kind, run, reading.Answered / used.Wall.TotalSeconds,
            used.ServerCpu.TotalMicroseconds / Math.Max(1, reading.Answered),
            reading.Latency.Percentile(0.5) / 1_000.0, reading.Latency.Percentile(0.99) / 1_000.0, used.Server,
            used.Generator, used.Others, reading.Refused);
    }

    /// <summary>The median of every figure of a kind; all that were refused.</summary>
    public static IngestResult Median(IReadOnlyCollection<IngestResult> runs)
    {
        double Of(Func<IngestResult, double> figure) => Figures.Median(runs.Select(figure));

        return new IngestResult(
            runs.First().Kind, runs.Count, Of(it => it.CallsPerSecond), Of(it => it.CpuMicroseconds),
            Of(it => it.P50Ms), Of(it => it.P99Ms), Of(it => it.ServerBusy), Of(it => it.GeneratorBusy),
            Of(it => it.OthersBusy),
            runs.Sum(it => it.Refused));
    }
}

/// <summary>The rate of a kind of calls, divided by that of calls that do nothing, and the same of what they cost.
/// </summary>
/// <param name="Kind">Of calls.</param>
/// <param name="OfEmpty">Of the plain hub's empty method.</param>
/// <param name="OfCheapest">Of our own cheapest method.</param>
/// <param name="CpuOfEmpty">Server CPU a call; below 1 ours is cheaper.</param>
/// <param name="CpuOfCheapest">The same.</param>
public sealed record IngestRatio(
    string Kind, double OfEmpty, double OfCheapest, double CpuOfEmpty, double CpuOfCheapest)
{
    public static IngestRatio Of(IngestResult calls, IngestResult empty, IngestResult cheapest) => new(
        calls.Kind, calls.CallsPerSecond / empty.CallsPerSecond, calls.CallsPerSecond / cheapest.CallsPerSecond,
        calls.CpuMicroseconds / empty.CpuMicroseconds, calls.CpuMicroseconds / cheapest.CpuMicroseconds);
}
