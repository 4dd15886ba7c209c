using System.Text.Json.Serialization;
using RedNote.Load.Measure;
using RedNote.Load.Servers;

namespace RedNote.Load.Notes;

/// <summary>What to measure; see the scenario's help.</summary>
public sealed record NoteLikesOptions(
    int Users, int Notes, int Watchers, int Rate, int Seconds, int WarmupSeconds, int Runs, int SettleRounds,
    int ServerCore, int GeneratorCore, [property: JsonIgnore] string Server,
    IReadOnlyDictionary<string, string> Settings, string? Json)
{
    private const int MaxRequests = 400_000;

    public const string Help = """
          --users N           each with an account and an HTTP connection of its own, 2 to 2,000 (200)
          --notes N           notes that likes are spread over, beside the one that all like, 1 to 2,000 (200)
          --watchers N        hub connections that watch the one note, 1 to 2,000 (50)
          --rate N            likes a second for the latency, 1 to 50,000 (2,000)
          --seconds N         of each measurement, 1 to 60 (3)
          --warmup N          seconds of the same before, 0 to 30 (1)
          --runs N            of everything in turn, 1 to 20 (5)
          --settle N          rounds of everything before the first run, so that code is compiled, 1 to 20 (3)
          --set KEY=VALUE[,KEY=VALUE]      settings of our server, RedNote: or DOTNET_
          --server PATH       RedNote.Frontend.dll to measure (the build beside this program)
          --server-core N     --generator-core N   (0, 1; without effect on a single core)
          --json FILE         also write every run and the ratios there
        """;

    public static NoteLikesOptions Parse(Arguments arguments)
    {
        var lastCore = Environment.ProcessorCount - 1;
        var server = arguments.Text("server");
        var options = new NoteLikesOptions(
            arguments.Int("users", 200, 2, 2_000), arguments.Int("notes", 200, 1, 2_000),
            arguments.Int("watchers", 50, 1, 2_000), arguments.Int("rate", 2_000, 1, 50_000),
            arguments.Int("seconds", 3, 1, 60), arguments.Int("warmup", 1, 0, 30), arguments.Int("runs", 5, 1, 20),
            arguments.Int("settle", 3, 1, 20), arguments.Int("server-core", 0, 0, lastCore),
            arguments.Int("generator-core", Math.Min(1, lastCore), 0, lastCore),
            server is null ? RedNoteTarget.BesideThisProgram : Path.GetFullPath(server),
            ServerSettings.Parse("set", arguments.Text("set")), arguments.OutputFile("json"));
        arguments.RefuseUnknown();
        if (options.Users * options.Notes > MaxRequests)
        {
            throw new LoadException($"--users times --notes may be {MaxRequests:N0}: each pair has its requests.");
        }

        FileLimit.Check("users", (options.Users * 2) + options.Watchers);
        return options;
    }
}
