using System.Globalization;
using RedNote.Load.Measure;
using RedNote.Load.Servers;
using Spectre.Console;

namespace RedNote.Load.Gala;

/// <summary>
/// An evening with everything at once: taps, danmaku, votes, buys, comings and goings, and bursts. Is everything
/// answered, how soon, and is what clients were told what the server says at the end?
/// </summary>
public sealed class GalaScenario : IScenario
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public string Name => "gala";

    public string Summary => "Spring Gala: taps, danmaku, votes, buys, comings and goings, with bursts; all answered?";

    public string Help => GalaOptions.Help;

    public async Task<int> Run(Arguments arguments, CancellationToken cancellationToken)
    {
        var options = GalaOptions.Parse(arguments);
        var pace = options.Pace();
        AnsiConsole.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{options.Seconds} s, {options.Rate:N0} interactions/s on average: {pace.Bursts} bursts of "
            + $"{pace.BurstSeconds:N0} s at {pace.BurstRate:N0}/s, one every {pace.Period:N0} s, and "
            + $"{pace.BaseRate:N0}/s between them"));
        await using var server =
            await new RedNoteTarget(options.Server, options.Budget).Start(core: null, cancellationToken);
        var paths = await server.OpenAccounts(options.Connections, cancellationToken);
        var stage = new GalaStage(server, cancellationToken);
        await stage.Begin();
        using var loop = new GalaLoop(options, server.RoomId, stage, cancellationToken);
        var watch = new GalaWatch(server.Process, pace);
        await ProgressBoard.Show(async board =>
        {
            using var line = board.Begin("gala");
            await OwnThread.Run(() => Drive(options, server, loop, watch, paths, line.Report), cancellationToken);
        });
        await stage.End();
        List<string> problems =
            [.. (await new GalaCheck(server, loop, stage, paths).Run(cancellationToken)).OfType<string>()];
        var report = new GalaReport(options, loop, stage, watch);
        report.Print();
        await report.ToJson(problems).Write(options.Json, cancellationToken);
        return Math.Max(Promise.Judge(report.Promises), Figures.Judge(problems));
    }

    private static void Drive(
        GalaOptions options, IRoomServer server, GalaLoop loop, GalaWatch watch, string[] paths,
        Action<string, double> progress)
    {
        loop.OpenConnections(server.Process.EndPoint, paths, share => progress("join", share));
        watch.Begin();
        loop.Run(at =>
        {
            watch.Note(at);
            progress("evening", at / options.Seconds);
        });
        watch.End();
        loop.Await(() => loop.Open == 0, Patience);

        // The last frame shows the last of the likes.
        loop.Await(static () => false, TimeSpan.FromSeconds(2));
    }
}
