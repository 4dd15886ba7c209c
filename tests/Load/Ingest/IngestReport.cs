using RedNote.Load.Measure;
using Spectre.Console;
using static RedNote.Load.Measure.Figures;

namespace RedNote.Load.Ingest;

/// <summary>Shows how many calls a core takes, and how near that is to calls that do nothing.</summary>
public sealed class IngestReport
{
    public const string Empty = "empty method, plain SignalR";
    public const string Cheapest = "LeaveRoom, ours";

    private readonly IngestOptions _options;
    private readonly IReadOnlyList<IngestResult> _results;
    private readonly IReadOnlyList<IngestResult> _medians;
    private readonly IReadOnlyList<IngestRatio> _ratios;

    public IngestReport(IngestOptions options, IReadOnlyList<IngestResult> results)
    {
        (_options, _results) = (options, results);
        _medians = [.. results.GroupBy(it => it.Kind).Select(runs => IngestResult.Median([.. runs]))];
        var (empty, cheapest) = (Of(Empty), Of(Cheapest));
        _ratios =
        [
            .. _medians.Where(it => it.Kind is not (Empty or Cheapest)).Select(
                it => IngestRatio.Of(it, empty, cheapest)),
        ];
    }

    /// <summary>What is promised, and that the generator could have asked for more where nothing was to be done.
    /// </summary>
    public IReadOnlyList<Promise> Promises =>
    [
        .. _ratios.Select(it => Promise.AtLeast(
            $"{it.Kind} over the empty method", it.OfEmpty, it.Kind == IngestOptions.Danmaku ? 0.65 : 0.8)),
        Promise.AtMost("generator's share of its core, empty method", Of(Empty).GeneratorBusy, Strain.MostGenerator),
    ];

    public void Print(IAnsiConsole console)
    {
        console.WriteLine(
            $"{_options.Connections} connections, {_options.Window} calls of each under way, {_options.Seconds} s "
            + $"measured after {_options.WarmupSeconds} s, {_options.Runs} runs, in turn. CPU: microseconds of the "
            + "server a call. Latency from a call to its answer, in ms. Every answer is checked. One viewer, "
            + $"{_options.TextBytes}-byte danmaku, {_options.Budget} a second shown (0: all), 1 to 50 likes a call. "
            + $"Votes: each is a user's first in its poll, durable before its answer; {VoteStage.PollsOfARoom} polls "
            + "in a room, all callers in one room at a time, then the next; rooms and polls are made before.");
        console.WriteLine(Cores.CanPin
            ? $"Server on core {_options.ServerCore}, generator on core {_options.GeneratorCore}."
            : "Server and generator share their cores: figures are rough.");
        console.Write(Table());
        foreach (var it in _medians)
        {
            var limits = _results.Where(run => run.Kind == it.Kind).CountBy(run => run.LimitedBy);
            console.WriteLine(
                $"{it.Kind}, limited by: {string.Join("; ", limits.Select(l => $"{l.Key} ({l.Value})"))}.");
        }
    }

    public JsonReport ToJson(IReadOnlyCollection<string> problems) => new("ingest", _options)
    {
        Runs = _results,
        Medians = _medians,
        Ratios = _ratios,
        Promises = Promises,
        Limits = [.. _medians.Select(it => $"{it.Kind}: {it.LimitedBy}")],
        Problems = problems,
    };

    private IngestResult Of(string kind) => _medians.First(it => it.Kind == kind);

    private Table Table()
    {
        var table = new Table().MinimalBorder().AddColumn("run").AddColumn("calls").AddFigures(
            "/s", "CPU", "p50", "p99", "refused", "busy", "gen.", "else", "of empty", "of LeaveRoom", "CPU of empty");

        foreach (var it in _results)
        {
            table.AddRow([Number(it.Run, 0), .. Cells(it), "", "", ""]);
        }

        foreach (var it in _medians)
        {
            var ratio = _ratios.FirstOrDefault(ratio => ratio.Kind == it.Kind);
            string[] ratios = ratio is null
                ? ["", "", ""]
                : [Number(ratio.OfEmpty, 2), Number(ratio.OfCheapest, 2), Number(ratio.CpuOfEmpty, 2)];
            table.AddRow(["median", .. Cells(it), .. ratios]);
        }

        return table;
    }

    private static string[] Cells(IngestResult it) =>
    [
        Markup.Escape(it.Kind), Number(it.CallsPerSecond, 0), Number(it.CpuMicroseconds, 1), Number(it.P50Ms, 1),
        Number(it.P99Ms, 1), Number(it.Refused, 0), Percent(it.ServerBusy), Percent(it.GeneratorBusy),
        Percent(it.OthersBusy),
    ];
}
