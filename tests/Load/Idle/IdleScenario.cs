using RedNote.Load.Measure;
using RedNote.Load.Servers;
using Spectre.Console;
using static RedNote.Load.Measure.Figures;

namespace RedNote.Load.Idle;

/// <summary>What a viewer costs who only looks on while nothing happens, and a room in which nobody is.</summary>
public sealed class IdleScenario : IScenario
{
    private const double MostRatio = 1;
    private const double AimKibibytes = 20;
    private const double MostRoomsMiB = 100;

    public string Name => "idle";

    public string Summary => "memory of viewers in a quiet room, beside a plain SignalR hub; or of quiet rooms";

    public string Help => IdleOptions.Help;

    public async Task<int> Run(Arguments arguments, CancellationToken cancellationToken)
    {
        var options = IdleOptions.Parse(arguments);
        return options.Rooms > 0
            ? await MeasureRooms(options, cancellationToken)
            : await MeasureViewers(options, cancellationToken);
    }

    private static async Task<int> MeasureViewers(IdleOptions options, CancellationToken ct)
    {
        var results = new List<IdleResult>();
        await ProgressBoard.Show(async board =>
        {
            for (var run = 1; run <= options.Runs; run++)
            {
                foreach (var target in options.Targets())
                {
                    using var line = board.Begin($"{target.Name}, run {run}");
                    results.Add(await MeasureViewers(options, target, run, line.Report, ct));
                }
            }
        });
        return await Report(options, results, ct);
    }

    private static async Task<IdleResult> MeasureViewers(
        IdleOptions options, ITarget target, int run, Action<string, double> progress, CancellationToken ct)
    {
        await using var server = await target.Start(core: null, ct);
        progress("accounts", 0);
        var paths = await server.OpenAccounts(options.Connections, ct);
        return await OwnThread.Run(() => Drive(options, target.Name, run, server, paths, progress, ct), ct);
    }

    /// <summary>
    /// Some come and go first, so that what a server takes once is not counted. The collector is left alone until all
    /// have been looked at; only then it is asked for a full collection, with them and when they are gone.
    /// </summary>
    private static IdleResult Drive(
        IdleOptions options, string name, int run, ITargetServer server, string[] paths,
        Action<string, double> progress, CancellationToken ct)
    {
        var process = server.Process;
        using (var warm = new IdleLoop(server.RoomId, ct))
        {
            var some = paths[..Math.Min(options.Warm, paths.Length)];
            warm.Open(process.EndPoint, some, share => progress("warm", share));
            warm.Stay(TimeSpan.FromSeconds(3), static () => { });
        }

        var reader = new IdleReader(process, options.Settle, ct);
        var before = reader.Settled(loop: null, () => progress("before", 0.5));
        IdleReading with, kept;
        string? problem;
        using (var loop = new IdleLoop(server.RoomId, ct))
        {
            loop.Open(process.EndPoint, paths, share => progress("join", share));
            with = reader.Settled(loop, () => progress("stay", 0.5));
            kept = reader.Collected();
            problem = loop.Problem;
        }

        progress("gone", 0.5);
        reader.Settled(loop: null, static () => { });
        var gone = reader.Collected();
        double Each(double more, double less) => (more - less) * 1024 / paths.Length;

        return new IdleResult(
            name, run, paths.Length, before.ResidentMiB, with.ResidentMiB,
            Each(with.ResidentMiB, before.ResidentMiB), Each(kept.ResidentMiB, gone.ResidentMiB),
            Each(kept.HeapMiB, gone.HeapMiB), problem);
    }

    private static async Task<int> Report(IdleOptions options, List<IdleResult> results, CancellationToken ct)
    {
        ProgressBoard.WidenRedirectedOutput();
        AnsiConsole.WriteLine(
            $"{options.Connections:N0} viewers of a quiet room. KiB each: what the server has more with them than "
            + "before (resident, nothing asked of its collector); what it has more, and has more on the heap, after a "
            + "full collection with them than after one without them.");
        var table = new Table().MinimalBorder().AddColumn("server");
        table.AddFigures("run", "MiB before", "with", "KiB each", "collected", "heap");

        foreach (var r in results)
        {
            table.AddRow(
                r.Target, Number(r.Run, 0), Number(r.BeforeMiB, 0), Number(r.WithMiB, 0), Number(r.KibibytesEach, 1),
                Number(r.CollectedEach, 1), Number(r.HeapEach, 1));
        }

        AnsiConsole.Write(table);
        var sides = results.ToLookup(r => r.Target == "rednote");
        List<Promise> promises = [];
        if (sides[true].Any() && sides[false].Any())
        {
            double Ratio(Func<IdleResult, double> of)
                => Median(sides[true].Select(of)) / Median(sides[false].Select(of));

            promises.Add(Promise.AtMost(
                "resident memory of an idle viewer, ours / plain SignalR", Ratio(r => r.KibibytesEach), MostRatio));
            AnsiConsole.WriteLine(
                $"ours / plain SignalR: as it is {Number(Ratio(r => r.KibibytesEach), 2)}, "
                + $"collected {Number(Ratio(r => r.CollectedEach), 2)}, heap {Number(Ratio(r => r.HeapEach), 2)}. "
                + $"The aim is {AimKibibytes} KiB.");
        }

        List<string> problems = [.. results.Select(r => r.Problem).OfType<string>()];
        await new JsonReport("idle", options)
        {
            Runs = results,
            Promises = promises,
            Limits = ["the collector's mood: a heap grows in steps, and pages are given back when it suits"],
            Problems = problems,
        }.Write(options.Json, ct);
        return Math.Max(Promise.Judge(promises), Judge(problems));
    }

    private static async Task<int> MeasureRooms(IdleOptions options, CancellationToken ct)
    {
        (IdleReading Before, IdleReading With, IdleReading Kept) result = default;
        await ProgressBoard.Show(async board =>
        {
            using var line = board.Begin("rooms");
            await using var server = await new RedNoteTarget(options.Server, displayBudget: 30).Start(core: null, ct);
            result = await MeasureRooms(options, server, line.Report, ct);
        });
        var (before, with, kept) = result;
        ProgressBoard.WidenRedirectedOutput();
        var (grown, natural) = (kept.ResidentMiB - before.ResidentMiB, with.ResidentMiB - before.ResidentMiB);
        AnsiConsole.WriteLine(
            $"{options.Rooms:N0} rooms of {options.Hosts} hosts, started, visited and left: the server has "
            + $"{Number(natural, 1)} MiB more as it is, {Number(grown, 1)} MiB more after a full collection "
            + $"({Number(grown * 1024 / options.Rooms, 2)} KiB a room), {Number(kept.HeapMiB - before.HeapMiB, 1)} MiB "
            + $"of it on the heap. {Number(before.ResidentMiB, 0)} MiB before, collected.");
        Promise[] promises = [Promise.AtMost($"MiB of {options.Rooms:N0} idle rooms", grown, MostRoomsMiB)];
        await new JsonReport("idle rooms", options)
        {
            Runs = new { before, with, collected = kept },
            Promises = promises,
        }.Write(options.Json, ct);
        return Promise.Judge(promises);
    }

    private static async Task<(IdleReading Before, IdleReading With, IdleReading Kept)> MeasureRooms(
        IdleOptions options, IRoomServer server, Action<string, double> progress, CancellationToken ct)
    {
        var process = server.Process;
        var paths = await server.OpenAccounts(IdleOptions.Visitors, ct);
        var reader = new IdleReader(process, options.Settle, ct);
        await Open(options.Warm);
        reader.Settled(loop: null, () => progress("before", 0.5));
        var before = reader.Collected();
        await Open(options.Rooms);
        var with = reader.Settled(loop: null, () => progress("settle", 0.5));
        return (before, with, reader.Collected());

        async Task Open(int count)
        {
            var rooms = await RoomMaker.OpenRooms(
                process.Address, count, options.Hosts, share => progress("rooms", share), ct);
            using var visits = new VisitLoop(rooms, Math.Min(IdleOptions.Visitors, count), ct);
            visits.Run(process.EndPoint, paths, share => progress("visits", share));
        }
    }
}

/// <summary>One server; MiB in all, KiB for each viewer.</summary>
internal sealed record IdleResult(
    string Target, int Run, int Connections, double BeforeMiB, double WithMiB, double KibibytesEach,
    double CollectedEach, double HeapEach, string? Problem);
