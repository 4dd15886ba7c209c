using RedNote.Load;
using RedNote.Load.Activation;
using RedNote.Load.Chat;
using RedNote.Load.Crowd;
using RedNote.Load.Curve;
using RedNote.Load.Deals;
using RedNote.Load.Fanout;
using RedNote.Load.Gala;
using RedNote.Load.Idle;
using RedNote.Load.Ingest;
using RedNote.Load.Journal;
using RedNote.Load.Notes;
using RedNote.Load.Ramp;
using RedNote.Load.Rush;
using RedNote.Load.Servers.Baselines;
using Spectre.Console;

IScenario[] scenarios =
[
    new FanoutScenario(), new IngestScenario(), new JournalScenario(), new ActivationScenario(),
    new FloodScenario(), new StalledScenario(), new VotesScenario(), new DealsScenario(), new RushScenario(),
    new GalaScenario(), new RampScenario(), new IdleScenario(), new CurveScenario(),
    new ChatScenario(), new HistoryScenario(), new NoteLikesScenario(),
];

// The load program hosts the servers it compares with in child processes of its own.
if (args is [BaselineProgram.Command, ..])
{
    return await BaselineProgram.Run(args[1..]);
}

if (args is [] or ["--help" or "-h" or "help", ..])
{
    return PrintUsage(0);
}

var scenario = scenarios.FirstOrDefault(s => s.Name == args[0]);
if (scenario is null)
{
    AnsiConsole.MarkupLineInterpolated($"[red]There is no scenario '{args[0]}'.[/]");
    return PrintUsage(2);
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    stop.Cancel();
};

try
{
    return await scenario.Run(new Arguments(args.AsSpan(1)), stop.Token);
}
catch (LoadException e)
{
    AnsiConsole.MarkupLineInterpolated($"[red]{e.Message}[/]");
    return 2;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    AnsiConsole.MarkupLine("[yellow]Stopped.[/]");
    return 130;
}

int PrintUsage(int code)
{
    AnsiConsole.WriteLine("usage: dotnet run -c Release --project tests/Load -- <scenario> [options]");
    foreach (var s in scenarios)
    {
        AnsiConsole.WriteLine();
        AnsiConsole.WriteLine($"{s.Name}: {s.Summary}");
        AnsiConsole.WriteLine(s.Help);
    }

    return code;
}
