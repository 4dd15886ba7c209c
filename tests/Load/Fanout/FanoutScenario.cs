using RedNote.Load.Measure;
using Spectre.Console;

namespace RedNote.Load.Fanout;

/// <summary>One room, many viewers, a steady stream of danmaku; our server and others in turn.</summary>
public sealed class FanoutScenario : IScenario
{
    public string Name => "fanout";

    public string Summary => "one room, many viewers: what does a delivery cost, and how late is it?";

    public string Help => FanoutOptions.Help;

    public async Task<int> Run(Arguments arguments, CancellationToken cancellationToken)
    {
        var options = FanoutOptions.Parse(arguments);
        var results = new List<FanoutResult>();
        await ProgressBoard.Show(board => MeasureAll(options, results, board, cancellationToken));
        ProgressBoard.WidenRedirectedOutput();
        var report = new FanoutReport(options, results);
        report.Print(AnsiConsole.Console);
        await report.ToJson().Write(options.Json, cancellationToken);
        return Math.Max(Promise.Judge(report.Promises), report.OursIsExact ? 0 : 1);
    }

    /// <summary>The servers take turns, so that a slow minute of the machine does not hit only one of them.</summary>
    private static async Task MeasureAll(
        FanoutOptions options, List<FanoutResult> results, ProgressBoard board, CancellationToken ct)
    {
        foreach (var rate in options.Rates)
        {
            for (var run = 1; run <= options.Runs; run++)
            {
                foreach (var target in options.Targets)
                {
                    var title = $"{rate} msg/s, run {run} of {options.Runs}, {target.Name}";
                    using var line = board.Begin(title);
                    results.Add(await new FanoutRun(options, target, rate, run).Measure(line.Report, ct));
                }
            }
        }
    }
}
