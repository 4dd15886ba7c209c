using System.Text.Json.Serialization;
using RedNote.Load.Measure;
using RedNote.Load.Servers.Baselines;

namespace RedNote.Load.Fanout;

/// <summary>What a server's runs at one rate come to: the median of every figure.</summary>
public sealed record FanoutMedians(
    string Target, int Rate, int Runs, double DeliveriesPerSecond, double ServerCpuPerMillion, double P50Ms,
    double P99Ms, double PeakMemoryMiB, double ServerBusy, double GeneratorBusy, long Lost, string LimitedBy)
{
    public static FanoutMedians Of(IReadOnlyList<FanoutResult> runs)
    {
        double Median(Func<FanoutResult, double> figure) => Figures.Median(runs.Select(figure));

        return new FanoutMedians(
            runs[0].Target, runs[0].Rate, runs.Count, Median(r => r.DeliveriesPerSecond),
            Median(r => r.ServerCpuPerMillion), Median(r => r.P50Ms), Median(r => r.P99Ms),
            Median(r => r.PeakMemoryMiB), Median(r => r.ServerBusy), Median(r => r.GeneratorBusy),
            runs.Sum(r => r.Lost),
            string.Join("; ", runs.CountBy(r => r.LimitedBy).OrderByDescending(it => it.Value).Select(
                it => it.Value == runs.Count ? it.Key : $"{it.Key} ({it.Value} of {runs.Count} runs)")));
    }
}

/// <summary>Ours divided by another server. Below 1 ours is better; for deliveries above 1.</summary>
/// <param name="Other">The other server.</param>
/// <param name="Rate">Danmaku a second.</param>
/// <param name="Cpu">Server CPU per delivery.</param>
/// <param name="P50">Latency in the middle.</param>
/// <param name="P99">Latency of the slowest hundredth.</param>
/// <param name="DeliveriesPerSecond">Deliveries.</param>
/// <param name="Memory">At most.</param>
public sealed record FanoutRatio(
    string Other, int Rate, double Cpu, double P50, double P99, double DeliveriesPerSecond, double Memory)
{
    public static FanoutRatio Of(FanoutMedians ours, FanoutMedians other) => new(
        other.Target, other.Rate, ours.ServerCpuPerMillion / other.ServerCpuPerMillion, ours.P50Ms / other.P50Ms,
        ours.P99Ms / other.P99Ms, ours.DeliveriesPerSecond / other.DeliveriesPerSecond,
        ours.PeakMemoryMiB / other.PeakMemoryMiB);
}

/// <summary>All medians and ratios of a comparison, and what of it is promised.</summary>
public sealed class FanoutComparison
{
    public const string Ours = "rednote";

    /// <summary>How much slower still counts as no slower: two runs of one server differ by more.</summary>
    private const double NoSlower = 1.05;

    private readonly FanoutOptions _options;

    public FanoutComparison(FanoutOptions options, IReadOnlyList<FanoutResult> results)
    {
        _options = options;
        Medians = [.. results.GroupBy(r => (r.Rate, r.Target)).Select(runs => FanoutMedians.Of([.. runs]))];
        Ratios =
        [
            .. from ours in Medians
               where ours.Target == Ours
               from other in Medians
               where other.Rate == ours.Rate && other.Target != Ours
               select FanoutRatio.Of(ours, other),
        ];
    }

    public IReadOnlyList<FanoutMedians> Medians { get; }

    public IReadOnlyList<FanoutRatio> Ratios { get; }

    /// <summary>What is promised of the loads that were measured; other loads promise nothing.</summary>
    [JsonIgnore]
    public IReadOnlyList<Promise> Promises => [.. Ratios.Where(IsOverBatched).SelectMany(Of)];

    private static bool IsOverBatched(FanoutRatio ratio)
        => ratio.Other == new BaselineTarget(new BaselineOptions(BaselineKind.Batched)).Name;

    private IEnumerable<Promise> Of(FanoutRatio ratio)
    {
        double? cpu = (_options.Viewers, ratio.Rate) switch
        {
            (1_000, 50) => 0.5,
            (1_000, 1_000) => 0.65,
            (5_000, 200) => 0.85,
            _ => null,
        };
        if (cpu is null || _options.TickMs is not (null or 50))
        {
            yield break;
        }

        var at = $"{_options.Viewers} viewers, {ratio.Rate} danmaku/s";
        var ours = Medians.First(it => it.Target == Ours && it.Rate == ratio.Rate);
        var other = Medians.First(it => it.Target == ratio.Other && it.Rate == ratio.Rate);
        yield return Promise.AtMost($"{at}: CPU over {ratio.Other}", ratio.Cpu, cpu.Value);
        yield return (_options.TickMs, _options.Viewers) switch
        {
            (null, _) => Promise.AtMost($"{at}: p99 in ms, adaptive tick", ours.P99Ms, 250),
            (_, 5_000) => Promise.AtMost($"{at}: p99 in ms", ours.P99Ms, 150),
            _ => Promise.AtMost($"{at}: p99 over {ratio.Other}", ratio.P99, NoSlower),
        };
        yield return Promise.AtMost(
            $"{at}: generator's share of its core, ours and the other",
            Math.Max(ours.GeneratorBusy, other.GeneratorBusy),
            Strain.MostGenerator);
    }
}
