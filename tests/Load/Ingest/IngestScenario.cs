using RedNote.Load.Measure;
using RedNote.Load.Servers;
using RedNote.Load.Servers.Baselines;
using Spectre.Console;

namespace RedNote.Load.Ingest;

/// <summary>How many calls a second does one core of the server take, beside calls that do nothing?</summary>
public sealed class IngestScenario : IScenario
{
    /// <summary>With as many danmaku waiting for a frame as are usual, a room takes some 25,000 a second and refuses
    /// the rest; that is a rate limit too, and rate limits are off.</summary>
    private static readonly KeyValuePair<string, string> Pending = new("RedNote__Live__PendingDanmaku", "100000");

    public string Name => "ingest";

    public string Summary => "hub calls a second that one core answers: danmaku, votes, likes, beside empty calls";

    public string Help => IngestOptions.Help;

    public async Task<int> Run(Arguments arguments, CancellationToken cancellationToken)
    {
        var options = IngestOptions.Parse(arguments);
        var settings = VoteStage.Settings.Append(Pending).Concat(options.Settings).GroupBy(it => it.Key)
            .ToDictionary(it => it.Key, it => it.Last().Value);
        var plain = new BaselineTarget(new BaselineOptions(BaselineKind.Plain));
        var rednote = new RedNoteTarget(options.Server, options.Budget) { Settings = settings };
        await using var baseline = await plain.Start(options.ServerCore, cancellationToken);
        await using var ours = await rednote.Start(options.ServerCore, cancellationToken);
        var session = new IngestSession(options, baseline, ours, cancellationToken);
        await ProgressBoard.Show(session.Measure);
        ProgressBoard.WidenRedirectedOutput();
        var report = new IngestReport(options, session.Results);
        report.Print(AnsiConsole.Console);
        await report.ToJson(session.Problems).Write(options.Json, cancellationToken);
        return Math.Max(Promise.Judge(report.Promises), Figures.Judge(session.Problems));
    }
}
