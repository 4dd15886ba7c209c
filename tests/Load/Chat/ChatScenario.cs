using System.Globalization;
using RedNote.Load.Measure;
using RedNote.Load.Servers;
using Spectre.Console;
using static RedNote.Load.Measure.Figures;

namespace RedNote.Load.Chat;

/// <summary>A big group in which many write at once: does everybody get everything, in order, and soon?</summary>
public sealed class ChatScenario : IScenario
{
    private const double MostMs = 250;

    public string Name => "chat";

    public string Summary => "a big group, many of whose members write: all delivered once, in order, and how soon?";

    public string Help => ChatOptions.Help;

    public async Task<int> Run(Arguments arguments, CancellationToken cancellationToken)
    {
        var options = ChatOptions.Parse(arguments);
        FileLimit.Check("online", options.Online);
        ChatResult? result = null;
        await ProgressBoard.Show(async board =>
        {
            using var line = board.Begin("chat");
            result = await Measure(options, line.Report, cancellationToken);
        });
        return await Report(options, result!, cancellationToken);
    }

    private static async Task<ChatResult> Measure(
        ChatOptions options, Action<string, double> progress, CancellationToken ct)
    {
        var target = new RedNoteTarget(options.Server)
        {
            Settings = new Dictionary<string, string>
            {
                ["RedNote__Groups__Members"] = options.Members.ToString(CultureInfo.InvariantCulture),
            },
        };
        await using var server = await target.Start(core: null, ct);
        using var stage = await ChatStage.Make(server.Process.Address, options.Members, progress, ct);
        var talk = new ChatTalk(options, server, stage, progress, ct);
        await OwnThread.Run(talk.Run, ct).WaitAsync(ct);
        var problems = new List<string?> { talk.Problem, talk.Book.Problem };
        if (problems.TrueForAll(problem => problem is null))
        {
            problems.Add(talk.Book.IsComplete ? null : "not everybody has every message");
            problems.Add(talk.Book.WrongNumbers());
            problems.Add(await WrongUnread(options, server, stage, ct));
        }

        return talk.Result(problems.OfType<string>().FirstOrDefault());
    }

    /// <summary>Asks members who were not there for what they have not read.</summary>
    private static async Task<string?> WrongUnread(
        ChatOptions options, IRoomServer server, ChatStage stage, CancellationToken ct)
    {
        for (var member = options.Online; member < options.Members; member += Math.Max(1, options.Members / 20))
        {
            var listed = await stage.ListedBy(server.Process.Address, member, ct);
            if (listed.GetProperty("unread").GetInt64() != options.Messages)
            {
                return $"member {member} was away for {options.Messages} messages, and the list says {listed}";
            }
        }

        return null;
    }

    private static async Task<int> Report(ChatOptions options, ChatResult result, CancellationToken ct)
    {
        ProgressBoard.WidenRedirectedOutput();
        AnsiConsole.WriteLine(
            $"{options.Members:N0} members, {options.Online:N0} online, {options.Senders:N0} write {options.Rate:N0} "
            + $"messages a second for {options.Seconds} s{(options.Kills ? ", one kill -9" : "")}. ms from when a "
            + "message was due: until a member has it, and until its sender is answered; cores: the server's and this "
            + "program's.");
        var table = new Table().MinimalBorder().AddFigures(
            "messages", "deliveries", "p50", "p99", "max", "answer p50", "answer p99", "server", "gen.",
            "us/delivery");

        table.AddRow(
            Number(result.Messages, 0), Number(result.Deliveries, 0), Number(result.Delivery.P50Ms, 1),
            Number(result.Delivery.P99Ms, 1), Number(result.Delivery.MaxMs, 0), Number(result.Answer.P50Ms, 1),
            Number(result.Answer.P99Ms, 1), Number(result.ServerCores, 2), Number(result.GeneratorCores, 2),
            Number(result.MicrosecondsPerDelivery, 2));
        AnsiConsole.Write(table);
        AnsiConsole.WriteLine("limited by: " + result.LimitedBy);
        Promise[] promises = options.Kills ? [] :
        [
            Promise.AtMost("p99 from send to receive, ms", result.Delivery.P99Ms, MostMs),
        ];
        await new JsonReport("chat", options)
        {
            Runs = result,
            Promises = promises,
            Limits = [result.LimitedBy],
            Problems = result.Problem is { } problem ? [problem] : [],
        }.Write(options.Json, ct);
        return Math.Max(Promise.Judge(promises), Judge(result.Problem));
    }
}

/// <summary>What was measured.</summary>
internal sealed record ChatResult(
    long Messages, long Deliveries, Latency Delivery, Latency Answer, double ServerCores, double GeneratorCores,
    double MicrosecondsPerDelivery, string LimitedBy, string? Problem);
