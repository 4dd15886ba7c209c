using RedNote.Load.Measure;
using Spectre.Console;
using static RedNote.Load.Measure.Figures;

namespace RedNote.Load.Gala;

/// <summary>What was seen of an evening, and whether it is what is promised.</summary>
internal sealed class GalaReport(GalaOptions options, GalaLoop loop, GalaStage stage, GalaWatch watch)
{
    private const double MostOutsideMs = 250;
    private const double MostInsideMs = 1_000;

    /// <summary>Of all cores; from there on they count as full.</summary>
    private const double Full = 0.95;

    private readonly GalaLine[] _lines =
        [.. loop.Figures.Select((figures, kind) => GalaLine.Of((GalaKind)kind, figures))];

    /// <summary>What is promised of every kind of verdict.</summary>
    public IReadOnlyCollection<Promise> Promises =>
    [
        .. _lines.Where(line => line.Kind != GalaKind.Join).SelectMany(line => (Promise[])
        [
            Promise.AtMost($"{line.Kind}: p99 between bursts, ms", line.Outside.P99Ms, MostOutsideMs),
            Promise.AtMost($"{line.Kind}: p99 in bursts, ms", line.Inside.P99Ms, MostInsideMs),
        ]),
    ];

    public void Print()
    {
        ProgressBoard.WidenRedirectedOutput();
        var total = _lines.Where(line => line.Kind != GalaKind.Join).Sum(line => line.Interactions);
        AnsiConsole.WriteLine(
            $"{options.Connections:N0} connections, {Number(total, 0)} interactions, on average "
            + $"{Number((double)total / options.Seconds, 0)}/s; {stage.Polls} polls, {stage.Deals} deals. Latency from "
            + "when a call was due to its answer, in ms: between bursts, and of what was due in bursts.");
        AnsiConsole.Write(Table());
        foreach (var line in _lines)
        {
            var answers = line.Answers.Select(answer => $"{answer.Key} {Number(answer.Value, 0)}");
            AnsiConsole.WriteLine($"{line.Kind}: {string.Join(", ", answers)}");
        }

        AnsiConsole.WriteLine(
            $"frames {Number(loop.Frames, 0)}, p50 {Ms(loop.FrameLatency.Percentile(0.5))} ms, "
            + $"p99 {Ms(loop.FrameLatency.Percentile(0.99))} ms, resyncs {loop.Resyncs}; "
            + $"calls left late by p99 {Ms(loop.Lateness.Percentile(0.99))} ms");
        PrintMachine();
    }

    public JsonReport ToJson(IEnumerable<string> problems) => new("gala", options)
    {
        Runs = new
        {
            Kinds = _lines,
            Frames = Latency.Of(loop.FrameLatency),
            Lateness = Latency.Of(loop.Lateness),
            loop.Resyncs,
            stage.Polls,
            stage.Deals,
            watch.Collections,
            watch.Seconds,
        },
        Promises = Promises,
        Limits = [LimitedBy()],
        Problems = [.. problems],
    };

    private Table Table()
    {
        var table = new Table().MinimalBorder().AddColumn("");
        table.AddFigures("calls", "interactions", "answered", "p50", "p99", "max", "in bursts p50", "p99", "max");

        foreach (var line in _lines)
        {
            table.AddRow(
                line.Kind.ToString(), Number(line.Calls, 0), Number(line.Interactions, 0), Number(line.Answered, 0),
                Number(line.Outside.P50Ms, 1), Number(line.Outside.P99Ms, 1), Number(line.Outside.MaxMs, 0),
                Number(line.Inside.P50Ms, 1), Number(line.Inside.P99Ms, 1), Number(line.Inside.MaxMs, 0));
        }

        return table;
    }

    private void PrintMachine()
    {
        foreach (var inBurst in (bool[])[false, true])
        {
            var (server, own) = watch.Cores(inBurst);
            AnsiConsole.WriteLine(
                $"cores {(inBurst ? "in bursts" : "between bursts")}: server {Number(server, 2)}, "
                + $"generator {Number(own, 2)}");
        }

        if (watch.Collections is { } gc)
        {
            AnsiConsole.WriteLine(
                $"server's collections: generation 0 {gc.Gen0 - gc.Gen1}, 1 {gc.Gen1 - gc.Gen2}, 2 {gc.Gen2}, "
                + $"{Number(gc.PauseMs, 0)} ms of pauses, {Number(gc.AllocatedMiB, 0)} MiB allocated "
                + $"({(gc.IsServer ? "server" : "workstation")} collector)");
        }

        var memory = watch.Seconds.Select(second => second.Memory).DefaultIfEmpty().ToList();
        AnsiConsole.WriteLine(
            $"server's memory MiB: {Number(memory[0], 0)} at first, {Number(memory.Max(), 0)} at most, "
            + $"{Number(memory[^1], 0)} at the end. Limited by: {LimitedBy()}");
    }

    private string LimitedBy()
    {
        var (server, own) = watch.Cores(inBurst: true);
        return (server + own) / Environment.ProcessorCount > Full
            ? $"the machine in bursts: all {Environment.ProcessorCount} cores were full, generator included"
            : own > Full ? "the generator in bursts: it has one thread, which was busy all the time"
            : "nothing: what was asked for was offered";
    }

    private static string Ms(long microseconds) => Number(microseconds / 1000.0, 1);
}

/// <summary>A kind's figures.</summary>
internal sealed record GalaLine(
    GalaKind Kind, long Calls, long Interactions, long Answered, Latency Outside, Latency Inside,
    IReadOnlyDictionary<string, long> Answers)
{
    public static GalaLine Of(GalaKind kind, GalaFigures figures) => new(
        kind, figures.Calls, figures.Interactions, figures.Answered, Latency.Of(figures.Outside),
        Latency.Of(figures.Inside), figures.Answers);
}
