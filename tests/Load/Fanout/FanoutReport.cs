using RedNote.Load.Measure;
using Spectre.Console;
using static RedNote.Load.Measure.Figures;

namespace RedNote.Load.Fanout;

/// <summary>Shows what was measured, and how we compare with the plain hub: the medians over the runs.</summary>
public sealed class FanoutReport(FanoutOptions options, IReadOnlyList<FanoutResult> results)
{
    private const string Ours = "rednote";

    /// <summary>Every viewer of ours got every danmaku once, or was told how many were left out.</summary>
    public bool OursIsExact => results.Where(r => r.Target == Ours).All(r => r.IsExact);

    public void Print(IAnsiConsole console)
    {
        console.WriteLine(
            $"{options.Viewers} viewers of one room, {options.TextBytes}-byte danmaku from {options.Senders} of them, "
            + $"{options.Seconds} s measured after {options.WarmupSeconds} s. CPU: server seconds per 1 M deliveries. "
            + "Latency: from the scheduled send to each viewer, in ms. "
            + "Busy: share of the server's core; gen.: the generator's; else: other programs'.");
        console.WriteLine(Cores.CanPin
            ? $"Server on core {options.ServerCore}, generator on core {options.GeneratorCore}."
            : "Server and generator share their cores: figures are rough.");
        console.Write(RunsTable());
        PrintLimits(console);
        foreach (var problem in results.Where(r => r.Problem is not null))
        {
            console.WriteLine($"{problem.Target}, {problem.Rate} msg/s, run {problem.Run}: {problem.Problem}");
        }

        if (Comparisons() is { Length: > 0 } comparisons)
        {
            console.WriteLine("Ratio ours / plain SignalR, medians. Below 1 ours is better; for deliveries/s above 1.");
            console.Write(RatioTable(comparisons));
            console.WriteLine(
                "Ours decides, numbers, stores and batches every danmaku; the plain hub only sends it on.");
        }
    }

    public JsonReport ToJson() => new("fanout", options with { Targets = [] })
    {
        Runs = results,
        Ratios = Comparisons(),
        Limits = [.. results.Select(r => r.LimitedBy).Distinct()],
        Problems = [.. results.Select(r => r.Problem).OfType<string>().Distinct()],
    };

    private Table RunsTable()
    {
        var table = new Table().MinimalBorder().AddColumn("msg/s").AddColumn("run").AddColumn("server");
        string[] figures =
        [
            "deliv/s", "/frame", "CPU", "p50", "p99", "max", "lost", "told", "twice", "MiB", "busy", "gen.", "else",
        ];
        foreach (var figure in figures)
        {
            table.AddColumn(new TableColumn(figure).RightAligned().NoWrap());
        }

        foreach (var r in results)
        {
            table.AddRow(
                Number(r.Rate, 0), Number(r.Run, 0), Markup.Escape(r.Target), Number(r.DeliveriesPerSecond, 0),
                Number(r.DanmakuPerFrame, 1), Number(r.ServerCpuPerMillion, 2), Number(r.P50Ms, 0), Number(r.P99Ms, 0),
                Number(r.MaxMs, 0), Number(r.Lost, 0), Number(r.Skipped, 0), Number(r.Duplicates, 0),
                Number(r.PeakMemoryMiB, 0), Number(r.ServerBusy * 100, 0) + "%", Number(r.GeneratorBusy * 100, 0) + "%",
                Number(r.OthersBusy * 100, 0) + "%");
        }

        return table;
    }

    /// <summary>Says for every server and rate what kept the figures from being better.</summary>
    private void PrintLimits(IAnsiConsole console)
    {
        foreach (var group in results.GroupBy(r => (r.Target, r.Rate, r.LimitedBy)))
        {
            console.WriteLine(
                $"{group.Key.Target}, {Number(group.Key.Rate, 0)} msg/s, limited by: {group.Key.LimitedBy} "
                + $"({group.Count()} of {options.Runs} runs).");
        }
    }

    private static Table RatioTable(Comparison[] comparisons)
    {
        var table = new Table().MinimalBorder().AddColumn("msg/s");
        foreach (var column in (string[])["CPU per delivery", "p50", "p99", "deliveries/s", "memory"])
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        foreach (var c in comparisons)
        {
            table.AddRow(
                Number(c.Rate, 0), Number(c.Cpu, 2), Number(c.P50, 2), Number(c.P99, 2),
                Number(c.DeliveriesPerSecond, 2), Number(c.Memory, 2));
        }

        return table;
    }

    private Comparison[] Comparisons()
    {
        var byRate = results.GroupBy(r => r.Rate).Select(group => group.ToLookup(r => r.Target == Ours));
        return [.. byRate.Where(both => both[true].Any() && both[false].Any()).Select(Compare)];
    }

    private static Comparison Compare(ILookup<bool, FanoutResult> both)
    {
        double Ratio(Func<FanoutResult, double> figure)
            => Median(both[true].Select(figure)) / Median(both[false].Select(figure));

        return new Comparison(
            both[true].First().Rate,
            Ratio(r => r.ServerCpuPerMillion),
            Ratio(r => r.P50Ms),
            Ratio(r => r.P99Ms),
            Ratio(r => r.DeliveriesPerSecond),
            Ratio(r => r.PeakMemoryMiB));
    }

    private sealed record Comparison(
        int Rate, double Cpu, double P50, double P99, double DeliveriesPerSecond, double Memory);
}
