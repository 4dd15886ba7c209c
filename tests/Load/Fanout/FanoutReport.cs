using RedNote.Load.Measure;
using RedNote.Load.Servers.Baselines;
using Spectre.Console;
using static RedNote.Load.Measure.Figures;

namespace RedNote.Load.Fanout;

/// <summary>Shows what was measured, how we compare with the other servers, and what limited whom.</summary>
public sealed class FanoutReport(FanoutOptions options, IReadOnlyList<FanoutResult> results)
{
    private readonly FanoutComparison _comparison = new(options, results);

    /// <summary>Every viewer of ours got every danmaku once, or was told how many were left out.</summary>
    public bool OursIsExact => results.Where(r => r.Target == FanoutComparison.Ours).All(r => r.IsExact);

    public IReadOnlyList<Promise> Promises => _comparison.Promises;

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
        console.WriteLine(options.TickMs is { } ms
            ? $"Ours and the gathering servers send every {ms} ms, everything shown."
            : "Ours chooses its tick (adaptive), the gathering servers send every 50 ms; everything shown.");
        console.WriteLine(options.Payload == BaselineOptions.Text
            ? "Ours decides, numbers, stores and sends whole danmaku; the others send on the text alone."
            : "Ours decides, numbers and stores; the others send on the same fields.");
        console.Write(RunsTable());
        console.WriteLine("Medians, and ours divided by each (below 1 ours is better).");
        console.Write(MediansTable());
        foreach (var it in _comparison.Medians)
        {
            console.WriteLine($"{it.Target}, {Number(it.Rate, 0)} msg/s, limited by: {it.LimitedBy}.");
        }

        foreach (var problem in results.Where(r => r.Problem is not null))
        {
            console.WriteLine($"{problem.Target}, {problem.Rate} msg/s, run {problem.Run}: {problem.Problem}");
        }
    }

    public JsonReport ToJson() => new("fanout", options)
    {
        Runs = results,
        Medians = _comparison.Medians,
        Ratios = _comparison.Ratios,
        Promises = Promises,
        Limits = [.. _comparison.Medians.Select(it => $"{it.Target}, {it.Rate} msg/s: {it.LimitedBy}")],
        Problems = [.. results.Select(r => r.Problem).OfType<string>().Distinct()],
    };

    private Table RunsTable()
    {
        var table = new Table().MinimalBorder().AddColumn("msg/s").AddColumn("run").AddColumn("server").AddFigures(
            "deliv/s", "/frame", "CPU", "p50", "p99", "max", "lost", "told", "twice", "MiB", "busy", "gen.", "else");

        foreach (var r in results)
        {
            table.AddRow(
                Number(r.Rate, 0), Number(r.Run, 0), Markup.Escape(r.Target), Number(r.DeliveriesPerSecond, 0),
                Number(r.DanmakuPerFrame, 1), Number(r.ServerCpuPerMillion, 2), Number(r.P50Ms, 0), Number(r.P99Ms, 0),
                Number(r.MaxMs, 0), Number(r.Lost, 0), Number(r.Skipped, 0), Number(r.Duplicates, 0),
                Number(r.PeakMemoryMiB, 0), Percent(r.ServerBusy), Percent(r.GeneratorBusy), Percent(r.OthersBusy));
        }

        return table;
    }

    private Table MediansTable()
    {
        var table = new Table().MinimalBorder().AddColumn("msg/s").AddColumn("server").AddFigures(
            "CPU", "p50", "p99", "deliv/s", "MiB", "busy", "gen.", "ours: CPU", "p50", "p99", "deliv/s", "MiB");

        foreach (var m in _comparison.Medians)
        {
            var ratio = _comparison.Ratios.FirstOrDefault(it => it.Other == m.Target && it.Rate == m.Rate);
            string[] ratios = ratio is null ? ["", "", "", "", ""] :
            [
                Number(ratio.Cpu, 2), Number(ratio.P50, 2), Number(ratio.P99, 2),
                Number(ratio.DeliveriesPerSecond, 2), Number(ratio.Memory, 2),
            ];
            table.AddRow(
            [
                Number(m.Rate, 0), Markup.Escape(m.Target), Number(m.ServerCpuPerMillion, 2), Number(m.P50Ms, 0),
                Number(m.P99Ms, 0), Number(m.DeliveriesPerSecond, 0), Number(m.PeakMemoryMiB, 0), Percent(m.ServerBusy),
                Percent(m.GeneratorBusy), .. ratios,
            ]);
        }

        return table;
    }
}
