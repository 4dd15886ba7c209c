using RedNote.Load.Deals;
using RedNote.Load.Measure;
using RedNote.Load.Servers;
using RedNote.Load.Servers.Baselines;
using RedNote.PostgresServer;
using Spectre.Console;

namespace RedNote.Load.Notes;

/// <summary>How many likes of notes does one core of the server take, beside requests that do nothing, and beside a hot
/// row of PostgreSQL?</summary>
public sealed class NoteLikesScenario : IScenario
{
    /// <summary>Callers of the database.</summary>
    private const int Callers = 64;

    public string Name => "note-likes";

    public string Summary => "likes of notes over REST, each once and durable, beside empty requests and PostgreSQL";

    public string Help => NoteLikesOptions.Help;

    public async Task<int> Run(Arguments arguments, CancellationToken cancellationToken)
    {
        var options = NoteLikesOptions.Parse(arguments);
        var rednote = new RedNoteTarget(options.Server) { Settings = options.Settings };
        var plain = new BaselineTarget(new BaselineOptions(BaselineKind.Plain));
        List<double> settled;
        IReadOnlyList<NoteLikesResult> results;
        IReadOnlyCollection<string> problems;
        await using (var baseline = await plain.Start(options.ServerCore, cancellationToken))
        await using (var ours = await rednote.Start(options.ServerCore, cancellationToken))
        {
            var session = new NoteLikesSession(options, baseline, ours, cancellationToken);
            await ProgressBoard.Show(session.Measure);
            (settled, results, problems) = (session.SettleMs, session.Results, session.Problems);
        }

        var database = problems.Count == 0 ? await MeasureDatabase(options, cancellationToken) : null;
        ProgressBoard.WidenRedirectedOutput();
        if (results.Count == 0)
        {
            return Figures.Judge(problems);
        }

        var report = new NoteLikesReport(options, results, settled, database);
        report.Print(AnsiConsole.Console);
        await report.ToJson(problems).Write(options.Json, cancellationToken);
        return Figures.Judge(problems);
    }

    /// <summary>As often as everything else; null: there is no PostgreSQL.</summary>
    private static async Task<(string Name, double PerSecond, double P99Ms)?> MeasureDatabase(
        NoteLikesOptions options, CancellationToken ct)
    {
        if (PrivatePostgres.WhyNot is { } why)
        {
            AnsiConsole.WriteLine($"Without PostgreSQL: {why}");
            return null;
        }

        var side = new PostgresSide(
            new DealsPlan(TimeSpan.FromSeconds(options.Seconds), options.Runs, Callers), new HotNote());
        var rounds = new List<DealResult>();
        await ProgressBoard.Show(async board =>
        {
            for (var round = 1; round <= options.Runs; round++)
            {
                using var line = board.Begin($"round {round} of {options.Runs}");
                line.Report(side.Name, 0);
                rounds.Add(await side.Measure(ct));
            }
        });
        return (
            side.Name, Figures.Median(rounds.Select(it => it.PerSecond)),
            Figures.Median(rounds.Select(it => it.P99Ms)));
    }
}
