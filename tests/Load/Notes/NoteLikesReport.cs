using RedNote.Load.Measure;
using Spectre.Console;
using static RedNote.Load.Measure.Figures;

namespace RedNote.Load.Notes;

/// <summary>One measurement of one kind of likes, or the medians of several.</summary>
/// <param name="Kind">Of likes.</param>
/// <param name="Run">From 1.</param>
/// <param name="LikesPerSecond">That were answered.</param>
/// <param name="CpuMicroseconds">Of the server, for each.</param>
/// <param name="P50Ms">Until the answer: from the request, or from when it was due.</param>
/// <param name="P99Ms">The same, of the slowest hundredth.</param>
/// <param name="ServerBusy">Share of its core.</param>
/// <param name="GeneratorBusy">Share of its core.</param>
/// <param name="OthersBusy">In cores.</param>
/// <param name="LateMs">How late the generator was, p99.</param>
public sealed record NoteLikesResult(
    string Kind, int Run, double LikesPerSecond, double CpuMicroseconds, double P50Ms, double P99Ms, double ServerBusy,
    double GeneratorBusy, double OthersBusy, double LateMs)
{
    /// <summary>What kept the figures from being better.</summary>
    public string LimitedBy => new Strain(ServerBusy, GeneratorBusy, OthersBusy, LateMs).LimitedBy;

    internal static NoteLikesResult Of(string kind, int run, LikeReading reading)
    {
        var used = reading.Used;
        return new NoteLikesResult(
            kind, run, reading.Answered / used.Wall.TotalSeconds,
            used.ServerCpu.TotalMicroseconds / Math.Max(1, reading.Answered),
            reading.Latency.Percentile(0.5) / 1_000.0, reading.Latency.Percentile(0.99) / 1_000.0, used.Server,
            used.Generator, used.Others, reading.LateMs);
    }

    /// <summary>The median of every figure of a kind.</summary>
    public static NoteLikesResult Median(IReadOnlyCollection<NoteLikesResult> runs)
    {
        double Of(Func<NoteLikesResult, double> figure) => Figures.Median(runs.Select(figure));

        return new NoteLikesResult(
            runs.First().Kind, runs.Count, Of(it => it.LikesPerSecond), Of(it => it.CpuMicroseconds),
            Of(it => it.P50Ms), Of(it => it.P99Ms), Of(it => it.ServerBusy), Of(it => it.GeneratorBusy),
            Of(it => it.OthersBusy), Of(it => it.LateMs));
    }
}

/// <summary>Our likes divided by those of another.</summary>
/// <param name="Kind">Of ours.</param>
/// <param name="Other">What it is compared with.</param>
/// <param name="Times">Likes a second of ours over the other's.</param>
public sealed record NoteLikesRatio(string Kind, string Other, double Times);

/// <summary>Shows how many likes a core takes, and how near that is to requests that do nothing.</summary>
public sealed class NoteLikesReport
{
    public const string Empty = "empty endpoint, plain ASP.NET Core";
    public const string One = "likes of one note";
    public const string Many = "likes of many notes";
    public const string Paced = "likes of one note, on schedule";

    private readonly NoteLikesOptions _options;
    private readonly IReadOnlyList<NoteLikesResult> _results;
    private readonly IReadOnlyList<double> _settleMs;
    private readonly (string Name, double PerSecond, double P99Ms)? _database;
    private readonly IReadOnlyList<NoteLikesResult> _medians;

    /// <param name="options">What was asked for.</param>
    /// <param name="results">Every run.</param>
    /// <param name="settleMs">From the last answer until every watcher had the last count.</param>
    /// <param name="database">Likes that a database took; null: none was there.</param>
    public NoteLikesReport(
        NoteLikesOptions options, IReadOnlyList<NoteLikesResult> results, IReadOnlyList<double> settleMs,
        (string Name, double PerSecond, double P99Ms)? database)
    {
        (_options, _results, _settleMs, _database) = (options, results, settleMs, database);
        _medians = [.. results.GroupBy(it => it.Kind).Select(runs => NoteLikesResult.Median([.. runs]))];
    }

    /// <summary>How ours stand to the others.</summary>
    public IEnumerable<NoteLikesRatio> Ratios
    {
        get
        {
            foreach (var ours in _medians.Where(it => it.Kind is One or Many))
            {
                yield return new NoteLikesRatio(ours.Kind, Empty, ours.LikesPerSecond / Of(Empty).LikesPerSecond);
                if (_database is { } other)
                {
                    yield return new NoteLikesRatio(ours.Kind, other.Name, ours.LikesPerSecond / other.PerSecond);
                }
            }
        }
    }

    public void Print(IAnsiConsole console)
    {
        console.WriteLine(
            $"{_options.Users} users, each on an HTTP connection with one request under way, who like, no longer, and "
            + $"again: one note, {_options.Notes} notes in turn, and one note at {_options.Rate} a second on schedule "
            + $"while {_options.Watchers} watch it; {_options.Seconds} s measured after {_options.WarmupSeconds} s, "
            + $"{_options.Runs} runs, in turn. CPU: microseconds of the server a like. Every like is durable before "
            + "its answer, every answer is checked, and in the end every note's count. Latency from the request, or "
            + "from when it was due, to the answer, in ms.");
        console.WriteLine(Cores.CanPin
            ? $"Server on core {_options.ServerCore}, generator on core {_options.GeneratorCore}."
            : "Server and generator share their cores: figures are rough.");
        console.Write(Table());
        if (_settleMs.Count > 0)
        {
            console.WriteLine(
                $"The last count was with all {_options.Watchers} watchers {Number(Median(_settleMs), 0)} ms after the "
                + $"last answer (median; at most {Number(_settleMs.Max(), 0)}).");
        }

        if (_database is { } other)
        {
            console.WriteLine(
                $"{other.Name}: {Number(other.PerSecond, 0)} likes/s, p99 {Number(other.P99Ms, 1)} ms, without HTTP "
                + "and on all cores.");
        }

        foreach (var ratio in Ratios)
        {
            console.WriteLine($"{ratio.Kind}: {Number(ratio.Times, 2)} times {ratio.Other}");
        }

        foreach (var it in _medians)
        {
            var limits = _results.Where(run => run.Kind == it.Kind).CountBy(run => run.LimitedBy);
            console.WriteLine(
                $"{it.Kind}, limited by: {string.Join("; ", limits.Select(l => $"{l.Key} ({l.Value})"))}.");
        }
    }

    public JsonReport ToJson(IReadOnlyCollection<string> problems) => new("note-likes", _options)
    {
        Runs = _results,
        Medians = _medians,
        Ratios = Ratios,
        Limits = [.. _medians.Select(it => $"{it.Kind}: {it.LimitedBy}")],
        Problems = problems,
    };

    private NoteLikesResult Of(string kind) => _medians.First(it => it.Kind == kind);

    private Table Table()
    {
        var table = new Table().MinimalBorder().AddColumn("run").AddColumn("likes").AddFigures(
            "/s", "CPU", "p50", "p99", "busy", "gen.", "else");
        foreach (var it in _results)
        {
            table.AddRow([Number(it.Run, 0), .. Cells(it)]);
        }

        foreach (var it in _medians)
        {
            table.AddRow(["median", .. Cells(it)]);
        }

        return table;
    }

    private static string[] Cells(NoteLikesResult it) =>
    [
        Markup.Escape(it.Kind), Number(it.LikesPerSecond, 0), Number(it.CpuMicroseconds, 1), Number(it.P50Ms, 1),
        Number(it.P99Ms, 1), Percent(it.ServerBusy), Percent(it.GeneratorBusy), Percent(it.OthersBusy),
    ];
}
