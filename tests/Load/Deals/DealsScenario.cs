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
          --json FILE    also write every measurement and the ratios there
        """;

    public async Task<int> Run(Arguments arguments, CancellationToken cancellationToken)
    {
        var plan = new DealsPlan(
            TimeSpan.FromSeconds(arguments.Int("seconds", 5, 1, 60)), arguments.Int("rounds", 3, 1, 20),
            arguments.Int("callers", 64, 1, 1_000));
        var json = arguments.OutputFile("json");
        arguments.RefuseUnknown();
        var sides = new List<IDealSide> { new OurDeal(plan, perCall: 1), new OurDeal(plan, perCall: 512) };
        if (PrivatePostgres.WhyNot is { } why)
        {
            AnsiConsole.WriteLine($"Without PostgreSQL: {why}");
        }
        else
        {
            sides.Add(new PostgresSide(plan, new HotRow()));
            sides.Add(new PostgresSide(plan, new OrderTransactions()));
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
        await ProgressBoard.Show(board => MeasureAll(plan, results, board, cancellationToken));
        var promises = Report(results, out var ratios);
        var report = new JsonReport(Name, plan)
        {
            Runs = results.Select(it => new { it.Key.Name, Rounds = it.Value }),
            Ratios = ratios,
            Promises = promises,
        };
        await report.Write(json, cancellationToken);
        return Promise.Judge(promises);
    }

    private static async Task MeasureAll(
        DealsPlan plan, Dictionary<IDealSide, List<DealResult>> results, ProgressBoard board, CancellationToken ct)
    {
        for (var round = 1; round <= plan.Rounds; round++)
        {
            foreach (var (side, measured) in results)
            {
                using var line = board.Begin($"round {round} of {plan.Rounds}");
                line.Report(side.Name, 0);
                measured.Add(await side.Measure(ct));
            }
        }
    }

    /// <summary>Prints medians and ratios, and answers what is promised of them. Nothing is promised of orders for many
    /// deals: they can be spread over more machines, those for one deal cannot.</summary>
    private static List<Promise> Report(
        Dictionary<IDealSide, List<DealResult>> results, out List<DealRatio> ratios)
    {
        foreach (var (side, rounds) in results)
        {
            AnsiConsole.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{side.Name,-32} {Median(rounds, it => it.PerSecond),10:N0}/s, "
                + $"p50 {Median(rounds, it => it.P50Ms):N2} ms, p99 {Median(rounds, it => it.P99Ms):N2} ms"));
        }

        ratios = [];
        var single = results.First(side => side.Key is OurDeal { PerCall: 1 });
        var promises = new List<Promise>
        {
            Promise.AtMost("p99 of single orders in ms", Median(single.Value, it => it.P99Ms), MostP99Ms),
        };
        foreach (var ours in results.Where(side => side.Key is OurDeal))
        {
            foreach (var other in results.Where(side => side.Key is not OurDeal))
            {
                var ratio = new DealRatio(
                    ours.Key.Name, other.Key.Name,
                    Median(ours.Value, it => it.PerSecond) / Median(other.Value, it => it.PerSecond));
                ratios.Add(ratio);
                AnsiConsole.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"{ratio.Ours} is {ratio.Times:N2} times {ratio.Other}"));
                if (LeastOver(other.Key, ours.Key is OurDeal { PerCall: 1 }) is { } least)
                {
                    promises.Add(Promise.AtLeast($"{ratio.Ours} over {ratio.Other}", ratio.Times, least));
                }
            }
        }

        return promises;
    }

    private static double? LeastOver(IDealSide other, bool isSingle) => other switch
    {
        PostgresSide { IsHotRow: true } => OverPostgres,
        RedisScript => isSingle ? OverRedis : BatchesOverRedis,
        _ => null,
    };

    private static double Median(List<DealResult> rounds, Func<DealResult, double> of)
        => Figures.Median(rounds.Select(of));
}

/// <summary>Orders a second of ours divided by those of another.</summary>
internal sealed record DealRatio(string Ours, string Other, double Times);

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
