using RedNote.Load.Measure;
using RedNote.Load.Servers;
using RedNote.Load.Servers.Baselines;
using Spectre.Console;

namespace RedNote.Load.Ingest;

/// <summary>How many calls a second does one core of the server take, beside calls that do nothing?</summary>
public sealed class IngestScenario : IScenario
{
    public string Name => "ingest";

    public string Summary => "hub calls a second that one core answers: danmaku, votes, likes, beside empty calls";

    public string Help => IngestOptions.Help;

    public async Task<int> Run(Arguments arguments, CancellationToken cancellationToken)
    {
        var options = IngestOptions.Parse(arguments);
        var settings = VoteStage.Settings.Concat(options.Settings).GroupBy(it => it.Key)
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
