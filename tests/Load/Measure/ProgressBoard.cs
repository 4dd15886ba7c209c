using Spectre.Console;

namespace RedNote.Load.Measure;

/// <summary>Shows how far a scenario is, a line for each part of it; gone when the scenario ends.</summary>
public sealed class ProgressBoard
{
    private readonly ProgressContext _context;

    private ProgressBoard(ProgressContext context) => _context = context;

    /// <summary>Does the work with a board on the screen.</summary>
    public static Task Show(Func<ProgressBoard, Task> work) => AnsiConsole.Progress()
        .AutoClear(true)
        .Columns(new SpinnerColumn(), new TaskDescriptionColumn(), new ProgressBarColumn(), new ElapsedTimeColumn())
        .StartAsync(context => work(new ProgressBoard(context)));

    /// <summary>A file has no width; the default of 80 columns would break a table's rows.</summary>
    public static void WidenRedirectedOutput()
    {
        if (Console.IsOutputRedirected)
        {
            AnsiConsole.Profile.Width = 160;
        }
    }

    /// <summary>Begins a part.</summary>
    public Line Begin(string title) => new(_context.AddTask(Markup.Escape(title)), title);

    /// <summary>One part; ends when disposed.</summary>
    public sealed class Line(ProgressTask task, string title) : IDisposable
    {
        /// <summary>The part is in that phase, and a share (0 to 1) of the phase is done. May be called at every turn
        /// of a loop: the display is touched at whole percents only.</summary>
        public void Report(string phase, double share)
        {
            var percent = Math.Floor(share * 100);
            if (task.Value == percent && task.Description.EndsWith(phase, StringComparison.Ordinal))
            {
                return;
            }

            task.Description = Markup.Escape($"{title}: {phase}");
            task.Value = Math.Min(percent, 99.9);
        }

        public void Dispose() => task.Value = task.MaxValue;
    }
}
