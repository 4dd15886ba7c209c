using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using RedNote.Frontend.Live;
using RedNote.Live;
using RedNote.Load.Measure;
using RedNote.Load.Servers;
using Spectre.Console;

namespace RedNote.Load.Crowd;

/// <summary>
/// Everybody votes, and some vote again: through a front end's gateway, in the same process, into a room on SQLite.
/// </summary>
public sealed class VotesScenario : IScenario
{
    private const int Options = 4;
    private static readonly UserId Host = new(1);
    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(15);

    public string Name => "votes";

    public string Summary => "one poll, many voters, some of them again: does the tally equal the voters, how soon?";

    public string Help => """
          --voters N     1 to 2,000,000; default 100000
          --repeats N    of them who vote again, 0 to 2,000,000; default 50000
          --json FILE    also write the figures there
        """;

    public Task<int> Run(Arguments arguments, CancellationToken cancellationToken)
    {
        var voters = arguments.Int("voters", 100_000, 1, 2_000_000);
        var repeats = arguments.Int("repeats", 50_000, 0, 2_000_000);
        var json = arguments.OutputFile("json");
        arguments.RefuseUnknown();
        return InProcessSilo.WithSqlite(
            services => Vote(services, voters, repeats, json, cancellationToken), cancellationToken);
    }

    private static async Task<int> Vote(
        IServiceProvider services, int voters, int repeats, string? json, CancellationToken ct)
    {
        var room = services.GetRequiredService<IGrainFactory>().LiveRoom(new RoomId(7));
        await room.Create(new CreateRoom(Host, "Host", "The award", null, null, "t"));
        await room.Start(Host);
        var poll = (await room.OpenPoll(Host, new OpenPoll(
            new PollId(9), "Who?", ["a", "b", "c", "d"], false, false, 600, "p"))).Poll!.PollId;
        var gateway = new RoomGateway(
            "load", new RoomId(7), room, () => 1, new LiveOptions(), TimeProvider.System,
            new LiveMetrics(services.GetRequiredService<IMeterFactory>()), NullLogger.Instance);
        var began = Stopwatch.GetTimestamp();
        var verdicts = new Dictionary<string, int>();
        var ballots = Enumerable.Range(0, voters).Concat(Enumerable.Range(0, repeats).Select(i => i % voters));
        foreach (var some in ballots.Chunk(new LiveOptions().GatewayQueue))
        {
            // As many as the gateway lets wait; a full one would say so.
            foreach (var answer in await Task.WhenAll(some.Select(i => gateway.Submit(
                new CastVote(poll, 1 << (i % Options)) { User = new UserId(1_000 + i) }).AsTask())))
            {
                var verdict = (Verdict)answer;
                var what = verdict.Reason?.ToString() ?? verdict.Status.ToString();
                verdicts[what] = verdicts.GetValueOrDefault(what) + 1;
            }
        }

        var took = Stopwatch.GetElapsedTime(began);
        var tally = (await room.Poll(poll, Host))!;
        AnsiConsole.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{voters + repeats:N0} votes in {took.TotalSeconds:N1} s: {string.Join(", ", verdicts)}; "
            + $"tally {string.Join(" + ", tally.Counts)} of {tally.Voters:N0} voters"));
        var expected = Enumerable.Range(0, Options).Select(option => (voters + Options - 1 - option) / Options);
        string?[] problems =
        [
            tally.Voters == voters && tally.Counts.SequenceEqual(expected) ? null : "the tally is not the voters'",
            verdicts.GetValueOrDefault(nameof(VerdictStatus.Accepted)) == voters ? null : "not every vote was accepted",
            verdicts.GetValueOrDefault(nameof(RejectReason.AlreadyVoted)) == repeats ? null : "repeats were not told",
            took < MostTime ? null : "it took too long",
        ];
        var report = new JsonReport("votes", new { voters, repeats })
        {
            Runs = new { took.TotalSeconds, verdicts, tally.Counts, tally.Voters },
            Problems = [.. problems.OfType<string>()],
        };
        await report.Write(json, ct);
        return Figures.Judge(problems);
    }
}
