using Spectre.Console;

namespace RedNote.Load.Fanout;

/// <summary>One room, many viewers, a steady stream of danmaku; our server and a plain SignalR hub in turn.</summary>
public sealed class FanoutScenario : IScenario
{
    public string Name => "fanout";

    public string Summary => "one room, many viewers: what does a delivery cost, and how late is it?";

    public string Help => FanoutOptions.Help;

    public async Task<int> Run(Arguments arguments, CancellationToken cancellationToken)
    {
        var options = FanoutOptions.Parse(arguments);
        var results = new List<FanoutResult>();
        await AnsiConsole.Progress()
            .AutoClear(true)
            .Columns(new SpinnerColumn(), new TaskDescriptionColumn(), new ProgressBarColumn(), new ElapsedTimeColumn())
            .StartAsync(progress => MeasureAll(options, results, progress, cancellationToken));

        if (Console.IsOutputRedirected)
        {
            // A file has no width; the default of 80 columns would break the table's rows.
            AnsiConsole.Profile.Width = 140;
        }

        var report = new FanoutReport(options, results);
        report.Print(AnsiConsole.Console);
        if (options.Json is { } file)
        {
            await report.WriteJson(file, cancellationToken);
        }

        return report.OursIsExact ? 0 : 1;
    }

    /// <summary>The servers take turns, so that a slow minute of the machine does not hit only one of them.</summary>
    private static async Task MeasureAll(
        FanoutOptions options, List<FanoutResult> results, ProgressContext progress, CancellationToken ct)
    {
        foreach (var rate in options.Rates)
        {
            for (var run = 1; run <= options.Runs; run++)
            {
                foreach (var target in options.Targets)
                {
                    var title = $"{rate} msg/s, run {run} of {options.Runs}, {target.Name}";
                    var task = progress.AddTask(Markup.Escape(title));
                    var result = await new FanoutRun(options, target, rate, run).Measure(
                        (phase, share) => Show(task, title, phase, share), ct);
                    results.Add(result);
                    task.Value = task.MaxValue;
                }
            }
        }
    }

    private static void Show(ProgressTask task, string title, string phase, double share)
    {
        // The loop reports at every turn; the display needs whole percents only.
        var percent = Math.Floor(share * 100);
        if (task.Value == percent && task.Description.EndsWith(phase, StringComparison.Ordinal))
        {
            return;
        }

        task.Description = Markup.Escape($"{title}: {phase}");
        task.Value = Math.Min(percent, 99.9);
    }
}
