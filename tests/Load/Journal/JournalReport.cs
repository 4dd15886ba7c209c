using RedNote.Load.Measure;
using Spectre.Console;
using static RedNote.Load.Measure.Figures;

namespace RedNote.Load.Journal;

/// <summary>Shows what was measured, and whether the journal keeps its promises: medians over the rounds.</summary>
public sealed class JournalReport(JournalLoadOptions options, IReadOnlyList<JournalResult> results)
{
    private const double SqliteGain = 12;
    private const double PostgresGain = 3;
    private const double P99Limit = 50;
    private const double SingleLoss = 1.3;

    /// <summary>Every promise holds.</summary>
    public bool IsKept => Promises().All(promise => promise.IsKept);

    public void Print(IAnsiConsole console)
    {
        console.WriteLine(
            $"{options.EventBytes}-byte events, {options.Seconds} s for each side in each of {options.Rounds} rounds, "
            + $"{Environment.ProcessorCount} cores. Latency from the call to the acknowledgement, in ms. Every caller "
            + "waits for its event before it writes the next.");
        console.Write(RoundsTable());
        foreach (var r in results.Where(r => r.Transactions is not null))
        {
            console.WriteLine($"{r.Store}, {r.Callers} callers, round {r.Round}: {r.Transactions}");
        }

        console.WriteLine("Medians over the rounds, and what is promised:");
        console.Write(PromisesTable());
    }

    public JsonReport ToJson() => new("journal", options)
    {
        Runs = results,
        Ratios = Promises(),
    };

    private Table RoundsTable()
    {
        var table = new Table().MinimalBorder().AddColumn("store").AddColumn("side");
        table.AddFigures("callers", "round", "events/s", "p50", "p99", "max", "events/transaction");

        foreach (var r in results)
        {
            table.AddRow(
                r.Store, Markup.Escape(r.Side), Number(r.Callers, 0), Number(r.Round, 0), Number(r.Rate, 0),
                Number(r.P50Ms, 2), Number(r.P99Ms, 2), Number(r.MaxMs, 1), Number(r.EventsPerTransaction, 1));
        }

        return table;
    }

    private Table PromisesTable()
    {
        var table = new Table().MinimalBorder().AddColumn("store").AddColumn("figure");
        table.AddFigures("ours", "theirs", "ratio", "promised", "");

        foreach (var p in Promises())
        {
            table.AddRow(
                p.Store, p.Figure, Number(p.Ours, p.Theirs is null ? 1 : 0),
                p.Theirs is { } theirs ? Number(theirs, 0) : "", p.Theirs is null ? "" : Number(p.Value, 2),
                Markup.Escape(p.Promised), p.IsKept ? "kept" : "[red]not kept[/]");
        }

        return table;
    }

    private StorePromise[] Promises() => [.. options.Stores.Where(Has).SelectMany(PromisesOf)];

    private bool Has(string store) => results.Any(r => r.Store == store);

    private IEnumerable<StorePromise> PromisesOf(string store)
    {
        if (options.Crowd)
        {
            foreach (var promise in CrowdPromises(store))
            {
                yield return promise;
            }
        }

        if (options.Single)
        {
            var (naive, single) = (Of(store, Role.NaiveSingle, r => r.Rate), Of(store, Role.Single, r => r.Rate));
            yield return new StorePromise(
                store, "events/s, one caller", single, naive, single / naive, $">= {1 / SingleLoss:F2}",
                naive / single <= SingleLoss);
        }
    }

    private IEnumerable<StorePromise> CrowdPromises(string store)
    {
        var gain = store == JournalLoadOptions.Sqlite ? SqliteGain : PostgresGain;
        var (naive, crowd) = (Of(store, Role.Naive, r => r.Rate), Of(store, Role.Crowd, r => r.Rate));
        yield return new StorePromise(
            store, $"events/s, {options.Callers} callers", crowd, naive, crowd / naive, $">= {gain}",
            crowd / naive >= gain);
        var p99 = Of(store, Role.Crowd, r => r.P99Ms);
        yield return new StorePromise(
            store, $"p99 in ms, {options.Callers} callers", p99, null, p99, $"< {P99Limit}", p99 < P99Limit);
    }

    private double Of(string store, Role role, Func<JournalResult, double> figure)
        => Median(results.Where(r => r.Store == store && r.Role == role).Select(figure));

    /// <summary>Something the journal has to show.</summary>
    /// <param name="Store">On which database.</param>
    /// <param name="Figure">In words.</param>
    /// <param name="Ours">Our figure.</param>
    /// <param name="Theirs">What it is compared with; null: nothing, it counts by itself.</param>
    /// <param name="Value">The ratio, or our figure.</param>
    /// <param name="Promised">In words.</param>
    /// <param name="IsKept">Whether it holds.</param>
    private sealed record StorePromise(
        string Store, string Figure, double Ours, double? Theirs, double Value, string Promised, bool IsKept);
}
