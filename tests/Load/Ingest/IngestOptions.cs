using System.Text.Json.Serialization;
using RedNote.Load.Fanout;
using RedNote.Load.Measure;
using RedNote.Load.Servers;

namespace RedNote.Load.Ingest;

/// <summary>What to measure.</summary>
/// <param name="Connections">Callers, each with an account of its own.</param>
/// <param name="Window">Calls that each keeps under way.</param>
/// <param name="Seconds">Of each measurement.</param>
/// <param name="WarmupSeconds">Of the same calls before.</param>
/// <param name="Runs">Of everything, in turn.</param>
/// <param name="SettleRounds">Of everything before the first run, with pauses, so that code is compiled.</param>
/// <param name="Kinds">Of calls.</param>
/// <param name="TextBytes">Of a danmaku, and of the empty call's argument.</param>
/// <param name="Budget">Danmaku a second that the one viewer is shown; 0: all.</param>
/// <param name="VoteRooms">Rooms for votes in each run, with 20 polls each.</param>
/// <param name="ServerCore">By default 0.</param>
/// <param name="GeneratorCore">By default 1.</param>
/// <param name="Server">Ours.</param>
/// <param name="Settings">Of ours.</param>
/// <param name="Json">File for the results, or null.</param>
public sealed record IngestOptions(
    int Connections, int Window, int Seconds, int WarmupSeconds, int Runs, int SettleRounds, string[] Kinds,
    int TextBytes, int Budget, int VoteRooms, int ServerCore, int GeneratorCore, [property: JsonIgnore] string Server,
    IReadOnlyDictionary<string, string> Settings, string? Json)
{
    public const string Danmaku = "danmaku";
    public const string Votes = "votes";
    public const string Likes = "likes";

    public const string Help = """
          --connections N     callers, 1 to 2,000, each with an account of its own (200)
          --window N          calls that each keeps under way, 1 to 64 (8)
          --seconds N         of each measurement, 1 to 60 (3)
          --warmup N          seconds of the same calls before, 0 to 30 (1)
          --runs N            of everything in turn, 1 to 20 (5)
          --settle N          rounds of everything before the first run, so that code is compiled, 1 to 20 (3)
          --kinds WHICH       danmaku, votes, likes, separated by commas (all of them)
          --text-bytes N      length of a danmaku, 16 to 200 (24)
          --budget N          danmaku a second that the one viewer is shown, 0: all (30)
          --vote-rooms N      rooms for votes in each run, with 20 polls each, 1 to 500 (80)
          --set KEY=VALUE[,KEY=VALUE]      settings of our server, RedNote: or DOTNET_
          --server PATH       RedNote.Frontend.dll to measure (the build beside this program)
          --server-core N     --generator-core N   (0, 1; without effect on a single core)
          --json FILE         also write every run and the ratios there
        """;

    public static IngestOptions Parse(Arguments arguments)
    {
        var lastCore = Environment.ProcessorCount - 1;
        string[] kinds = [Danmaku, Votes, Likes];
        var server = arguments.Text("server");
        var options = new IngestOptions(
            arguments.Int("connections", 200, 1, 2_000), arguments.Int("window", 8, 1, CallRecord.MaxSlots),
            arguments.Int("seconds", 3, 1, 60), arguments.Int("warmup", 1, 0, 30), arguments.Int("runs", 5, 1, 20),
            arguments.Int("settle", 3, 1, 20),
            arguments.Words("kinds", kinds, kinds),
            arguments.Int("text-bytes", 24, DanmakuMarker.MinTextBytes, 200), arguments.Int("budget", 30, 0, 100_000),
            arguments.Int("vote-rooms", 80, 1, 500), arguments.Int("server-core", 0, 0, lastCore),
            arguments.Int("generator-core", Math.Min(1, lastCore), 0, lastCore),
            server is null ? RedNoteTarget.BesideThisProgram : Path.GetFullPath(server),
            ServerSettings.Parse("set", arguments.Text("set")), arguments.OutputFile("json"));
        arguments.RefuseUnknown();
        FileLimit.Check("connections", options.Connections * 2);
        return options;
    }
}
