using System.Diagnostics;
using RedNote.Load.Measure;
using RedNote.Load.Servers;
using Spectre.Console;
using static RedNote.Load.Measure.Figures;

namespace RedNote.Load.Chat;

/// <summary>A group with a long history: how soon does it open, page back, and find words?</summary>
public sealed class HistoryScenario : IScenario
{
    private const double MostMs = 100;
    private const int PageLimit = 50;
    private const int Away = 50;

    /// <summary>What people look for: words of one, two and more characters, each in many messages.</summary>
    private static readonly string[] Words = ["口红", "防晒霜", "秋天", "茶", "周末去哪里玩", "lipstick", "autumn", "好看"];

    public string Name => "history";

    public string Summary => "a group with a long history: opening, paging back, searching";

    public string Help => """
          --messages N     1,000 to 1,000,000; default 100000
          --rate N         at which they are sent, 100 to 5,000 a second; default 2500
          --asks N         of each kind, one after the other, 10 to 10,000; default 500
          --server FILE    RedNote.Frontend.dll; default: beside this program
          --json FILE      also write everything there
        """;

    public async Task<int> Run(Arguments arguments, CancellationToken cancellationToken)
    {
        var options = new HistoryOptions(
            arguments.Int("messages", 100_000, 1_000, 1_000_000), arguments.Int("rate", 2_500, 100, 5_000),
            arguments.Int("asks", 500, 10, 10_000), arguments.Text("server") ?? RedNoteTarget.BesideThisProgram,
            arguments.OutputFile("json"));
        arguments.RefuseUnknown();
        List<HistoryResult> results = [];
        string? problem = null;
        await ProgressBoard.Show(async board =>
        {
            using var line = board.Begin("history");
            (results, problem) = await Measure(options, line.Report, cancellationToken);
        });
        return await Report(options, results, problem, cancellationToken);
    }

    private static async Task<(List<HistoryResult> Results, string? Problem)> Measure(
        HistoryOptions options, Action<string, double> progress, CancellationToken ct)
    {
        var chat = new ChatOptions(
            10, 1, 1, options.Rate, Math.Max(1, options.Messages / options.Rate), 0, false, options.Server, null);
        await using var server = await new RedNoteTarget(options.Server).Start(core: null, ct);
        using var stage = await ChatStage.Make(server.Process.Address, chat.Members, progress, ct);
        var talk = new ChatTalk(chat, server, stage, progress, ct)
        {
            Words = static number => $" {Words[number % Words.Length]} {number}",
        };
        await OwnThread.Run(talk.Run, ct);
        var problem = talk.Problem ?? talk.Book.Problem ?? (talk.Book.IsComplete ? null : "the group was not filled");
        if (problem is not null)
        {
            return ([], problem);
        }

        var last = (long)chat.Messages;
        using var opener = new HistoryLoop(stage.GroupId, last - Away, ct);
        var opened = new Histogram();
        await OwnThread.Run(() => opened = opener.Open(server.Process.EndPoint, stage.Paths(1)[0], options.Asks), ct);
        var path = $"api/groups/{stage.GroupId}";
        var random = new Random(1);
        var asked = new List<HistoryResult>
        {
            new($"open after {Away} messages", Latency.Of(opened)),
            await Ask("page back", true, _
                => $"{path}/messages?before={random.NextInt64(2, last)}&limit={PageLimit}"),
            await Ask("search a word that is in many", true, at
                => $"{path}/search?q={Uri.EscapeDataString(Words[at % Words.Length])}&limit={PageLimit}"),
            await Ask("search a word that is in few", true, _ => $"{path}/search?q={random.NextInt64(10_000, last)}"),
            await Ask("search a word that is in none", false, at
                => $"{path}/search?q={Uri.EscapeDataString($"没有{at}")}"),
        };
        return (asked, opener.Problem);

        async Task<HistoryResult> Ask(string what, bool finds, Func<int, string> pathOf)
        {
            var took = new Histogram();
            for (var i = 0; i < options.Asks; i++)
            {
                var (asking, since) = (pathOf(i), Stopwatch.GetTimestamp());
                var items = (await stage.Get(0, asking, ct)).GetProperty("items");
                took.Record((long)Stopwatch.GetElapsedTime(since).TotalMicroseconds);
                problem ??= items.GetArrayLength() > 0 == finds ? null : $"{asking} found {items.GetArrayLength()}";
                progress(what, (double)i / options.Asks);
            }

            return new HistoryResult(what, Latency.Of(took));
        }
    }

    private static async Task<int> Report(
        HistoryOptions options, List<HistoryResult> results, string? problem, CancellationToken ct)
    {
        ProgressBoard.WidenRedirectedOutput();
        AnsiConsole.WriteLine(
            $"A group of {options.Messages:N0} messages, {options.Asks:N0} asks of each kind one after the other; ms "
            + "from the request to the whole answer.");
        var table = new Table().MinimalBorder().AddColumn("what");
        table.AddFigures("p50", "p99", "max");

        foreach (var (what, latency) in results)
        {
            table.AddRow(
                what, Number(latency.P50Ms, 1), Number(latency.P99Ms, 1), Number(latency.MaxMs, 1));
        }

        AnsiConsole.Write(table);
        Promise[] promises = [.. results.Select(it => Promise.AtMost($"p99 ms, {it.What}", it.Latency.P99Ms, MostMs))];
        await new JsonReport("history", options)
        {
            Runs = results,
            Promises = promises,
            Problems = problem is null ? [] : [problem],
        }.Write(options.Json, ct);
        return Math.Max(Promise.Judge(promises), Judge(problem));
    }
}

/// <summary>What is asked for; see the scenario's help.</summary>
internal sealed record HistoryOptions(int Messages, int Rate, int Asks, string Server, string? Json);

/// <summary>How long one kind of request took.</summary>
internal sealed record HistoryResult(string What, Latency Latency);
