using System.Globalization;
using System.Text.Json.Serialization;
using RedNote.Load.Servers;
using RedNote.Load.Servers.Baselines;

namespace RedNote.Load.Fanout;

/// <summary>What to measure. Everything is bounded, so that no option can turn the tool against its machine.</summary>
/// <param name="Viewers">Connections in the one room, 1 to 20,000, by default 1,000.</param>
/// <param name="Rates">Danmaku a second into the room, each 1 to 20,000, by default 50 and 1,000.</param>
/// <param name="Seconds">How long to measure each, 1 to 600, by default 20.</param>
/// <param name="WarmupSeconds">The same load before, not measured, 0 to 60, by default 10.</param>
/// <param name="DrainSeconds">How long to wait for the last deliveries, 1 to 60, by default 10.</param>
/// <param name="Runs">Runs per server and rate, 1 to 20, by default 3.</param>
/// <param name="Senders">How many of the viewers send, in turn, by default 20.</param>
/// <param name="TextBytes">Length of a danmaku, 16 to 200, by default 120.</param>
/// <param name="ServerCore">By default 0.</param>
/// <param name="GeneratorCore">By default 1.</param>
/// <param name="Targets">Servers to measure.</param>
/// <param name="TickMs">How long servers gather danmaku, 10 to 500; null: ours as it likes (adaptive), the others
/// 50 ms.</param>
/// <param name="Payload">What the other servers send of a danmaku: its text (default) or all that ours sends.</param>
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
    [property: JsonIgnore] ITarget[] Targets,
    int? TickMs,
    string Payload,
    string? Json)
{
    /// <summary>The most deliveries one run may ask for; each is one bit in memory.</summary>
    private const long MaxDeliveries = 4_000_000_000;

    private const string Adaptive = "adaptive";

    public const string Help = """
          --viewers N         connections in the room (1000)
          --rate N[,N...]     danmaku a second (50,1000)
          --seconds N         measured time of a run (20)
          --runs N            runs per server and rate (3)
          --warmup N          seconds of the same load before it counts (10)
          --drain N           seconds to wait for the last deliveries (10)
          --senders N         viewers that send, in turn (20)
          --text-bytes N      length of a danmaku (120)
          --servers WHICH     rednote, plain, batched, kestrel, separated by commas (all of them): ours, a SignalR hub
                              that sends each danmaku, one that gathers them, Kestrel's WebSockets without SignalR
          --tick MS           how long danmaku are gathered, 10 to 500, or adaptive: ours as it likes (50)
          --payload WHICH     what the other servers send of a danmaku: text, or danmaku with all that ours sends (text)
          --set KEY=VALUE[,KEY=VALUE]      settings of our server, RedNote: or DOTNET_
          --set-b KEY=VALUE[,KEY=VALUE]    the same once more, as a server "rednote b" beside the first
          --server PATH       RedNote.Frontend.dll to measure (the build beside this program)
          --server-core N     --generator-core N   (0, 1; without effect on a single core)
          --json FILE         also write every run and the ratios there
        """;

    public static FanoutOptions Parse(Arguments arguments)
    {
        var viewers = arguments.Int("viewers", 1000, 1, 20_000);
        var lastCore = Environment.ProcessorCount - 1;
        var tick = arguments.Text("tick") == Adaptive ? (int?)null : arguments.Int("tick", 50, 10, 500);
        var payload = arguments.Words(
            "payload", [BaselineOptions.Text], BaselineOptions.Text, BaselineOptions.Danmaku)[0];
        var options = new FanoutOptions(
            viewers,
            arguments.Ints("rate", [50, 1000], 1, 20_000),
            arguments.Int("seconds", 20, 1, 600),
            arguments.Int("warmup", 10, 0, 60),
            arguments.Int("drain", 10, 1, 60),
            arguments.Int("runs", 3, 1, 20),
            Math.Min(viewers, arguments.Int("senders", 20, 1, 1000)),
            arguments.Int("text-bytes", 120, DanmakuMarker.MinTextBytes, 200),
            arguments.Int("server-core", 0, 0, lastCore),
            arguments.Int("generator-core", Math.Min(1, lastCore), 0, lastCore),
            [.. ParseTargets(arguments, tick, payload)],
            tick,
            payload,
            arguments.OutputFile("json"));
        arguments.RefuseUnknown();
        if ((long)viewers * options.Rates.Max() * options.Seconds > MaxDeliveries)
        {
            throw new LoadException($"That is more than {MaxDeliveries:N0} deliveries in a run; ask for less.");
        }

        return options;
    }

    private static IEnumerable<ITarget> ParseTargets(Arguments arguments, int? tick, string payload)
    {
        var server = arguments.Text("server");
        var assembly = server is null ? RedNoteTarget.BesideThisProgram : Path.GetFullPath(server);
        string[] names = ["rednote", "plain", "batched", "kestrel"];
        var (first, second) = (arguments.Text("set"), arguments.Text("set-b"));
        foreach (var name in arguments.Words("servers", names, names))
        {
            if (name != "rednote")
            {
                yield return new BaselineTarget(
                    new BaselineOptions(Enum.Parse<BaselineKind>(name, ignoreCase: true), tick ?? 50, payload));
                continue;
            }

            yield return new RedNoteTarget(assembly) { Settings = With(tick, "set", first) };
            if (second is not null)
            {
                yield return new RedNoteTarget(assembly)
                {
                    Name = "rednote b",
                    Settings = With(tick, "set-b", second),
                };
            }
        }
    }

    /// <summary>The tick, and what was asked for, which wins.</summary>
    private static Dictionary<string, string> With(int? tick, string option, string? text)
    {
        var settings = new Dictionary<string, string>();
        if (tick is { } ms)
        {
            settings["RedNote__Live__MinTickMs"] = ms.ToString(CultureInfo.InvariantCulture);
            settings["RedNote__Live__MaxTickMs"] = ms.ToString(CultureInfo.InvariantCulture);
        }

        foreach (var (name, value) in ServerSettings.Parse(option, text))
        {
            settings[name] = value;
        }

        return settings;
    }
}
