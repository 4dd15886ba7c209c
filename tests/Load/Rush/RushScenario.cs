using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using RedNote.Load.Measure;
using RedNote.Load.Servers;
using Spectre.Console;

namespace RedNote.Load.Rush;

/// <summary>
/// Far more buyers than pieces, over the hub: each presses twice with one key and once with another. Is exactly the
/// stock sold, is every press answered, whatever happens to the server, and whatever buyers do about their orders?
/// </summary>
public sealed class RushScenario : IScenario
{
    private const int Price = 1_990;

    public string Name => "rush";

    public string Summary => "one deal, far more buyers than pieces, over the hub: exactly the stock, all answered?";

    public string Help => """
          --buyers N        each presses three times, 1 to 100,000; default 20000
          --stock N         pieces, one for each buyer, 1 to 100,000; default 1000
          --connections N   buyers that are connected at a time, 1 to 19,000; default 10000
          --kill N          1: the server is killed when a third is answered, and everybody presses again; default 0
          --pay N           1: buyers pay, are declined, cancel and forget until all is sold; default 0
          --pay-seconds N   how long an order holds its pieces, 1 to 3,600; default 300, with --pay 10
          --server FILE     RedNote.Frontend.dll; default: beside this program
          --json FILE       also write every wave there
        """;

    public Task<int> Run(Arguments arguments, CancellationToken cancellationToken)
    {
        var pays = arguments.Int("pay", 0, 0, 1) == 1;
        var plan = new RushPlan(
            arguments.Int("buyers", 20_000, 1, 100_000), arguments.Int("stock", 1_000, 1, 100_000),
            arguments.Int("connections", 10_000, 1, 19_000), arguments.Int("kill", 0, 0, 1) == 1, pays,
            arguments.Int("pay-seconds", pays ? 10 : 300, 1, 3_600),
            arguments.Text("server") ?? RedNoteTarget.BesideThisProgram, arguments.OutputFile("json"));
        arguments.RefuseUnknown();
        return Measure(plan, cancellationToken);
    }

    private static async Task<int> Measure(RushPlan plan, CancellationToken ct)
    {
        await using var server = await new RedNoteTarget(plan.Server).Start(core: null, ct);
        var paths = await server.OpenAccounts(plan.Buyers + 1, ct);
        var deal = await server.OpenDeal(
            new
            {
                title = "A lipstick",
                price = new { amount = Price, currency = "CNY" },
                stock = plan.Stock,
                perBuyer = 1,
                seconds = 3_600,
                payWithinSeconds = plan.PaySeconds,
                key = "rush",
            },
            ct);
        var rush = new Rush(plan, server, deal, paths, ct);
        await ProgressBoard.Show(board => OwnThread.Run(() => rush.PressAll(board), ct));
        var problems = new List<string?> { rush.Problem, Wrong(plan, rush.Book) };
        var card = await server.Get($"api/rooms/{server.RoomId}/deals/{deal}", ct);
        problems.Add(plan.Pays ? null : WrongCard(plan, rush.Book, card));
        if (plan.Pays)
        {
            problems.AddRange(await RushPayday.Run(plan, server, rush, Price, ct));
        }

        await new JsonReport("rush", plan)
        {
            Runs = rush.Waves,
            Medians = new { rush.Book.Answers },
            Problems = [.. problems.OfType<string>()],
        }.Write(plan.Json, ct);
        return Figures.Judge(problems);
    }

    private static string? Wrong(RushPlan plan, RushBook book)
    {
        var line = Math.Min(Math.Max(0, plan.Buyers - plan.Stock), 10 * plan.Stock);
        return book.Problem
            ?? (book.Answered == plan.Buyers * RushBook.Presses ? null : "not every press was answered")
            ?? (plan.Pays || book.Accepted.Count == Math.Min(plan.Stock, plan.Buyers)
                ? null : $"{book.Accepted.Count} orders were accepted")
            ?? (plan.Pays || book.Waiting.Count == line ? null : $"{book.Waiting.Count} orders wait");
    }

    private static string? WrongCard(RushPlan plan, RushBook book, JsonElement card)
    {
        var (left, reserved) = (card.GetProperty("left").GetInt32(), card.GetProperty("reserved").GetInt32());
        return left + reserved == plan.Stock && reserved == book.Accepted.Count
            && card.GetProperty("waiting").GetInt32() == book.Waiting.Count
                ? null
                : $"the deal says {card}";
    }

    /// <summary>The pressing of all buyers, so many at a time; on a thread of its own.</summary>
    internal sealed class Rush(RushPlan plan, IRoomServer server, string deal, string[] paths, CancellationToken ct)
    {
        public RushBook Book { get; } = new(plan.Buyers);

        public string Deal => deal;

        public string[] Paths => paths;

        /// <summary>The first thing that went wrong, or null.</summary>
        public string? Problem { get; private set; }

        /// <summary>What was measured of each wave of buyers.</summary>
        public List<RushWave> Waves { get; } = [];

        public void PressAll(ProgressBoard board)
        {
            using var line = board.Begin($"{plan.Buyers} buyers");
            if (plan.Kills)
            {
                Kill();
            }

            foreach (var buyers in Enumerable.Range(0, plan.Buyers).Chunk(plan.Connections))
            {
                line.Report("press", (double)buyers[0] / plan.Buyers);
                using var loop = Open(buyers);
                var answered = Book.Answered;
                var (began, cpu) = (Stopwatch.GetTimestamp(), server.Process.Cpu);
                loop.Press(static () => false);
                var took = Stopwatch.GetElapsedTime(began);
                Print(loop, Book.Answered - answered, took, server.Process.Cpu - cpu);
                Problem ??= loop.Problem;
            }

            AnsiConsole.WriteLine(string.Join(", ", Book.Answers));
        }

        public RushLoop Open(int[] buyers)
        {
            var loop = new RushLoop(server.RoomId, deal, Book, buyers, ct) { Stock = plan.Stock };
            loop.Open(server.Process.EndPoint, paths);
            return loop;
        }

        /// <summary>Kills the server in the middle of the first buyers, and has everybody press everything again.
        /// </summary>
        private void Kill()
        {
            using var loop = Open([.. Enumerable.Range(0, Math.Min(plan.Buyers, plan.Connections))]);
            var third = Math.Min(plan.Buyers, plan.Connections) * RushBook.Presses / 3;
            loop.Press(() => Book.Answered >= third);
            server.Kill().GetAwaiter().GetResult();
            AnsiConsole.WriteLine($"killed: {Book.Answered:N0} answered, {Book.Accepted.Count:N0} accepted");
            Problem ??= Book.Answered < 3 * third ? null : "it was killed too late";
            server.Restart(ct).GetAwaiter().GetResult();
            Book.PressAgain();
        }

        private void Print(RushLoop loop, int answers, TimeSpan took, TimeSpan cpu)
        {
            var late = Latency.Of(loop.Latency);
            Waves.Add(new RushWave(answers, took.TotalSeconds, answers / took.TotalSeconds, late, cpu / took));
            AnsiConsole.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{answers:N0} answers in {took.TotalSeconds:N2} s: {answers / took.TotalSeconds:N0}/s, "
                + $"p50 {late.P50Ms:N0} ms, p99 {late.P99Ms:N0} ms, max {late.MaxMs:N0} ms; "
                + $"{cpu / took:N2} cores of the server, "
                + $"{loop.News:N0} news, {loop.Tickers:N0} tickers"));
        }
    }
}

/// <summary>What is asked for; see the scenario's help.</summary>
internal sealed record RushPlan(
    int Buyers, int Stock, int Connections, bool Kills, bool Pays, int PaySeconds, string Server,
    [property: JsonIgnore] string? Json);

/// <summary>The presses of the buyers who were connected at a time.</summary>
internal sealed record RushWave(int Answers, double Seconds, double PerSecond, Latency Latency, double ServerCores);
