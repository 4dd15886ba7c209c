using System.Globalization;
using RedNote.Load.Measure;
using RedNote.PostgresServer;
using Spectre.Console;

namespace RedNote.Load.Deals;

/// <summary>One deal that everybody wants: durable orders a second, ours beside a hot row of PostgreSQL.</summary>
public sealed class DealsScenario : IScenario
{
    private const double OverPostgres = 40;
    private const double OverRedis = 1;
    private const double BatchesOverRedis = 2;
    private const double MostP99Ms = 50;

    public string Name => "deals";

    public string Summary => "durable orders a second on one deal, beside PostgreSQL and Redis";

    public string Help => """
          --seconds N    of each side in each round, 1 to 60; default 5
          --rounds N     1 to 20; default 3
          --callers N    that order at the same time, 1 to 1,000; default 64
        """;

    public async Task<int> Run(Arguments arguments, CancellationToken cancellationToken)
    {
        var plan = new DealsPlan(
            TimeSpan.FromSeconds(arguments.Int("seconds", 5, 1, 60)), arguments.Int("rounds", 3, 1, 20),
            arguments.Int("callers", 64, 1, 1_000));
        arguments.RefuseUnknown();
        var sides = new List<IDealSide> { new OurDeal(plan, perCall: 1), new OurDeal(plan, perCall: 512) };
        if (PrivatePostgres.WhyNot is { } why)
        {
            AnsiConsole.WriteLine($"Without PostgreSQL: {why}");
        }
        else
        {
            sides.Add(new HotRow(plan));
        }

        if (RedisScript.WhyNot is { } whyNot)
        {
            AnsiConsole.WriteLine($"Without Redis: {whyNot}");
        }
        else
        {
            sides.Add(new RedisScript(plan));
        }

        var results = sides.ToDictionary(side => side, _ => new List<DealResult>());
        for (var round = 0; round < plan.Rounds; round++)
        {
            foreach (var side in sides)
            {
                results[side].Add(await side.Measure(cancellationToken));
            }
        }

        return Report(results);
    }

    private static int Report(Dictionary<IDealSide, List<DealResult>> results)
    {
        foreach (var (side, rounds) in results)
        {
            AnsiConsole.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{side.Name,-32} {Median(rounds, it => it.PerSecond),10:N0}/s, "
                + $"p50 {Median(rounds, it => it.P50Ms):N2} ms, p99 {Median(rounds, it => it.P99Ms):N2} ms"));
        }

        var single = results.First(side => side.Key is OurDeal { PerCall: 1 });
        var batches = results.First(side => side.Key is OurDeal { PerCall: > 1 });
        var problems = new List<string>();
        if (Median(single.Value, it => it.P99Ms) > MostP99Ms)
        {
            problems.Add("p99 of single orders is over 50 ms");
        }

        foreach (var other in results.Where(side => side.Key is not OurDeal))
        {
            Compare(single, other, other.Key is HotRow ? OverPostgres : OverRedis, problems);
            Compare(batches, other, other.Key is HotRow ? OverPostgres : BatchesOverRedis, problems);
        }

        return Figures.Judge(problems);
    }

    private static void Compare(
        KeyValuePair<IDealSide, List<DealResult>> ours, KeyValuePair<IDealSide, List<DealResult>> other, double least,
        List<string> problems)
    {
        var ratio = Median(ours.Value, it => it.PerSecond) / Median(other.Value, it => it.PerSecond);
        AnsiConsole.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{ours.Key.Name} is {ratio:N2} times {other.Key.Name}"));
        if (ratio < least)
        {
            problems.Add(string.Create(CultureInfo.InvariantCulture, $"that is not {least:N0} times"));
        }
    }

    private static double Median(List<DealResult> rounds, Func<DealResult, double> of)
        => Figures.Median(rounds.Select(of));
}

/// <summary>What is asked of every side.</summary>
/// <param name="Time">Of each measurement.</param>
/// <param name="Rounds">How often each side is measured, in turn.</param>
/// <param name="Callers">That order at the same time, each waiting for the answer.</param>
public sealed record DealsPlan(TimeSpan Time, int Rounds, int Callers);

/// <summary>A way to sell.</summary>
internal interface IDealSide
{
    string Name { get; }

    Task<DealResult> Measure(CancellationToken ct);
}

/// <summary>What was measured; latencies are those of calls.</summary>
internal sealed record DealResult(double PerSecond, double P50Ms, double P99Ms);
