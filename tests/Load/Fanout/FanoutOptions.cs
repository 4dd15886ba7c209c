using RedNote.Load.Servers;

namespace RedNote.Load.Fanout;

/// <summary>What to measure. Everything is bounded, so that no option can turn the tool against its machine.</summary>
/// <param name="Viewers">Connections in the one room, 1 to 20,000, by default 1,000.</param>
/// <param name="Rates">Danmaku a second into the room, each 1 to 20,000, by default 50 and 1,000.</param>
/// <param name="Seconds">How long to measure each, 1 to 600, by default 20.</param>
/// <param name="WarmupSeconds">The same load before, not measured, 0 to 60, by default 5.</param>
/// <param name="DrainSeconds">How long to wait for the last deliveries, 1 to 60, by default 10.</param>
/// <param name="Runs">Runs per server and rate, 1 to 20, by default 3.</param>
/// <param name="Senders">How many of the viewers send, in turn, by default 20.</param>
/// <param name="TextBytes">Length of a danmaku, 16 to 200, by default 120.</param>
/// <param name="ServerCore">By default 0.</param>
/// <param name="GeneratorCore">By default 1.</param>
/// <param name="Targets">Servers to measure.</param>
/// <param name="Json">File for the results, or null.</param>
public sealed record FanoutOptions(
    int Viewers,
    int[] Rates,
    int Seconds,
    int WarmupSeconds,
    int DrainSeconds,
    int Runs,
    int Senders,
    int TextBytes,
    int ServerCore,
    int GeneratorCore,
    ITarget[] Targets,
    string? Json)
{
    /// <summary>The most deliveries one run may ask for; each is one bit in memory.</summary>
    private const long MaxDeliveries = 4_000_000_000;

    public const string Help = """
          --viewers N         connections in the room (1000)
          --rate N[,N...]     danmaku a second (50,1000)
          --seconds N         measured time of a run (20)
          --runs N            runs per server and rate (3)
          --warmup N          seconds of the same load before it counts (5)
          --drain N           seconds to wait for the last deliveries (10)
          --senders N         viewers that send, in turn (20)
          --text-bytes N      length of a danmaku (120)
          --target WHICH      both, rednote or baseline (both)
          --server PATH       RedNote.Frontend.dll to measure (the build beside this program)
          --server-core N     --generator-core N   (0, 1; without effect on a single core)
          --json FILE         also write every run and the ratios there
        """;

    public static FanoutOptions Parse(Arguments arguments)
    {
        var viewers = arguments.Int("viewers", 1000, 1, 20_000);
        var lastCore = Environment.ProcessorCount - 1;
        var options = new FanoutOptions(
            viewers,
            arguments.Ints("rate", [50, 1000], 1, 20_000),
            arguments.Int("seconds", 20, 1, 600),
            arguments.Int("warmup", 5, 0, 60),
            arguments.Int("drain", 10, 1, 60),
            arguments.Int("runs", 3, 1, 20),
            Math.Min(viewers, arguments.Int("senders", 20, 1, 1000)),
            arguments.Int("text-bytes", 120, DanmakuMarker.MinTextBytes, 200),
            arguments.Int("server-core", 0, 0, lastCore),
            arguments.Int("generator-core", Math.Min(1, lastCore), 0, lastCore),
            ParseTargets(arguments.Text("target") ?? "both", arguments.Text("server")),
            arguments.OutputFile("json"));
        arguments.RefuseUnknown();
        if ((long)viewers * options.Rates.Max() * options.Seconds > MaxDeliveries)
        {
            throw new LoadException($"That is more than {MaxDeliveries:N0} deliveries in a run; ask for less.");
        }

        return options;
    }

    private static ITarget[] ParseTargets(string which, string? server)
    {
        var ours = new RedNoteTarget(server is null ? RedNoteTarget.BesideThisProgram : Path.GetFullPath(server));
        return which switch
        {
            "both" => [ours, new BaselineTarget()],
            "rednote" => [ours],
            "baseline" => [new BaselineTarget()],
            _ => throw new LoadException($"--target is both, rednote or baseline, not '{which}'."),
        };
    }
}
