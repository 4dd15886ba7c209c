using RedNote.Load.Measure;
using RedNote.Load.Servers;
using RedNote.Load.Servers.Baselines;

namespace RedNote.Load.Idle;

/// <summary>What is asked for; see <see cref="Help"/>.</summary>
internal sealed record IdleOptions(
    int Connections, int Rooms, int Hosts, int Warm, int Settle, int Runs, string[] Which, string Server, string? Json)
{
    /// <summary>Visitors of the rooms; each looks into its share of them.</summary>
    public const int Visitors = 50;

    public const string Help = """
          --connections N   viewers of a quiet room, 10 to 19,000; default 5000
          --rooms N         instead: rooms that were started, visited and left, 10 to 100,000
          --hosts N         who started them, in turn, 1 to 1,000; default 20
          --warm N          connections (or rooms) that come before, 1 to 5,000; default 500, with --rooms 5,000
          --settle N        seconds before a reading, 1 to 300; default 10, with --rooms 45
          --runs N          of each server, 1 to 10; default 1
          --target WHICH    rednote, baseline (a plain SignalR hub and a group), or both; default both
          --server FILE     RedNote.Frontend.dll; default: beside this program
          --json FILE       also write everything there
        """;

    public static IdleOptions Parse(Arguments arguments)
    {
        var rooms = arguments.Int("rooms", 0, 10, 100_000);
        var options = new IdleOptions(
            arguments.Int("connections", 5_000, 10, 19_000), rooms, arguments.Int("hosts", 20, 1, 1_000),
            arguments.Int("warm", rooms > 0 ? 5_000 : 500, 1, 5_000),
            arguments.Int("settle", rooms > 0 ? 45 : 10, 1, 300),
            arguments.Int("runs", 1, 1, 10),
            arguments.Words("target", ["rednote", "baseline"], "rednote", "baseline", "both"),
            arguments.Text("server") ?? RedNoteTarget.BesideThisProgram, arguments.OutputFile("json"));
        arguments.RefuseUnknown();
        FileLimit.Check("connections", options.Connections);
        return options;
    }

    public IEnumerable<ITarget> Targets()
    {
        if (Which is not ["baseline"])
        {
            yield return new RedNoteTarget(Server, displayBudget: 30);
        }

        if (Which is not ["rednote"])
        {
            yield return new BaselineTarget(new BaselineOptions(BaselineKind.Plain));
        }
    }
}
