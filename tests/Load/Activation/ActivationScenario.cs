using System.Collections.Immutable;
using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using RedNote.Live;
using RedNote.Load.Measure;
using RedNote.Load.Servers;
using RedNote.PostgresServer;
using Spectre.Console;
using static RedNote.Load.Measure.Figures;

namespace RedNote.Load.Activation;

/// <summary>
/// How long the first call to a live room takes whose log is long: with the snapshot that the room has taken, and
/// without one. The whole silo, as a server runs it, in this process; it is started anew for every reading.
/// </summary>
public sealed class ActivationScenario : IScenario
{
    private const double SnapshotLimitMs = 50;
    private const double ReplayLimitMs = 1_000;
    private const long Host = 1;

    public string Name => "activation";

    public string Summary => "a live room with a long log: how long does the first call to it take?";

    public string Help => """
          --store WHICH       both, sqlite or postgres (both)
          --events N          danmaku in the room's log (100000)
          --rounds N          readings of each kind (5)
          --json FILE         also write every reading there
        """;

    public async Task<int> Run(Arguments arguments, CancellationToken cancellationToken)
    {
        var stores = Journal.JournalLoadOptions.ParseStores(arguments.Text("store"));
        var events = arguments.Int("events", 100_000, 1_000, 2_000_000);
        var rounds = arguments.Int("rounds", 5, 1, 50);
        var json = arguments.OutputFile("json");
        arguments.RefuseUnknown();
        var results = new List<Reading>();
        await ProgressBoard.Show(async board =>
        {
            foreach (var store in stores)
            {
                foreach (var hasSnapshot in (bool[])[true, false])
                {
                    using var line = board.Begin(hasSnapshot ? $"{store}, from a snapshot" : $"{store}, from events");
                    line.Report($"{rounds} readings", 0);
                    results.Add(await Measure(store, events, rounds, hasSnapshot, cancellationToken));
                }
            }
        });

        ProgressBoard.WidenRedirectedOutput();
        Print(events, results);
        await new JsonReport(Name, new { events, rounds }) { Runs = results }.Write(json, cancellationToken);
        return results.All(reading => reading.IsKept) ? 0 : 1;
    }

    private static async Task<Reading> Measure(
        string store, int events, int rounds, bool hasSnapshot, CancellationToken ct)
    {
        var folder = Directory.CreateTempSubdirectory("rednote-load-");
        await using var server = store == Journal.JournalLoadOptions.Postgres
            ? await PrivatePostgres.StartAsync(isDurable: true)
            : null;
        try
        {
            var settings = new Dictionary<string, string?>
            {
                ["RedNote:Storage"] = store,
                ["RedNote:DataDirectory"] = folder.FullName,
                ["ConnectionStrings:RedNote"] = server?.ConnectionString,
                // A snapshot of one's own choice: none, or the usual ones.
                ["RedNote:Journal:SnapshotEvents"] = hasSnapshot ? "1000" : "1000000",
            };
            AnsiConsole.WriteLine(
                $"{store}: {Number(events, 0)} danmaku, {(hasSnapshot ? "with" : "without")} snapshots");
            var fill = Stopwatch.GetTimestamp();
            var (room, small) = (new RoomId(1_000_001), new RoomId(1_000_002));
            await With(settings, async grains =>
            {
                await Fill(grains, small, 100, ct);
                await Fill(grains, room, events, ct);
            });
            var filled = events / Stopwatch.GetElapsedTime(fill).TotalSeconds;
            var milliseconds = new List<double>();
            for (var round = 0; round < rounds; round++)
            {
                await With(settings, async grains => milliseconds.Add(await FirstCall(grains, room, small, events)));
            }

            return new Reading(
                store, hasSnapshot, filled, Median(milliseconds), milliseconds.Max(),
                hasSnapshot ? SnapshotLimitMs : ReplayLimitMs, milliseconds);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The time from the call to the answer, which is right: it has the last danmaku.</summary>
    private static async Task<double> FirstCall(IGrainFactory grains, RoomId room, RoomId small, int events)
    {
        // Code is compiled and connections are opened by the call to another room.
        await grains.LiveRoom(small).Join(null);
        var since = Stopwatch.GetTimestamp();
        var snapshot = await grains.LiveRoom(room).Join(null);
        var elapsed = Stopwatch.GetElapsedTime(since).TotalMilliseconds;
        var last = snapshot?.Recent[^1].Seq;
        return last == events
            ? elapsed
            : throw new LoadException($"The room's last danmaku is {last}, and {events} were accepted.");
    }

    private static async Task Fill(IGrainFactory grains, RoomId room, int events, CancellationToken ct)
    {
        var host = new UserId(Host);
        await grains.LiveRoom(room).Create(new CreateRoom(host, "Host", "Long", null, null, "load"));
        await grains.LiveRoom(room).Start(host);
        var number = 0L;
        for (var sent = 0; sent < events; sent += RoomBatch.MaxItems)
        {
            ct.ThrowIfCancellationRequested();
            var commands = Enumerable.Range(sent, Math.Min(RoomBatch.MaxItems, events - sent)).Select(Danmaku);
            ImmutableArray<RoomCommand> batch = [.. commands];
            while (!await IsAccepted(grains, room, new RoomBatch("load", ++number, 1, batch)))
            {
                // Frames have to leave first. With their keys, what was accepted is not accepted twice.
                await Task.Delay(100, ct);
            }
        }
    }

    private static async Task<bool> IsAccepted(IGrainFactory grains, RoomId room, RoomBatch batch)
    {
        var answer = await grains.LiveRoom(room).Submit(batch);
        var refused = answer.Answers.OfType<Verdict>().Where(verdict => verdict.Status != VerdictStatus.Accepted);
        return refused.FirstOrDefault() switch
        {
            null => true,
            { Reason: RejectReason.RateLimited } => false,
            var other => throw new LoadException($"A danmaku was answered {other}."),
        };
    }

    /// <summary>Of as many people as a big room has.</summary>
    private static SendDanmaku Danmaku(int i) => new(
        $"viewer {i}", $"danmaku number {i}, of ordinary length, 弹幕", DanmakuMode.Scroll, "#ffffff")
    {
        User = new UserId(1_000 + (i % 20_000)),
        Key = $"k{i}",
    };

    private static Task<bool> With(Dictionary<string, string?> settings, Func<IGrainFactory, Task> work)
        => InProcessSilo.With(
            settings,
            async services =>
            {
                await work(services.GetRequiredService<IGrainFactory>());
                return true;
            },
            CancellationToken.None);

    private static void Print(int events, List<Reading> results)
    {
        AnsiConsole.WriteLine(
            $"First call to a live room with {Number(events, 0)} danmaku in its log, in a silo that has just started.");
        var table = new Table().MinimalBorder().AddColumn("store").AddColumn("");
        table.AddFigures("median ms", "max ms", "promised", "", "filled at events/s");

        foreach (var r in results)
        {
            table.AddRow(
                r.Store, r.HasSnapshot ? "snapshot and tail" : "every event", Number(r.MedianMs, 1),
                Number(r.MaxMs, 1), $"< {Number(r.LimitMs, 0)}", r.IsKept ? "kept" : "[red]not kept[/]",
                Number(r.FilledPerSecond, 0));
        }

        AnsiConsole.Write(table);
    }

    private sealed record Reading(
        string Store,
        bool HasSnapshot,
        double FilledPerSecond,
        double MedianMs,
        double MaxMs,
        double LimitMs,
        IReadOnlyList<double> Milliseconds)
    {
        public bool IsKept => MedianMs < LimitMs;
    }
}
