using RedNote.Load.Measure;
using RedNote.Load.Servers;

namespace RedNote.Load.Curve;

/// <summary>What is asked for; see <see cref="Help"/>.</summary>
internal sealed record CurveOptions(
    int Viewers, int[] Rooms, int Rate, int Likes, int Seconds, int Warmup, int Runs, string Server, string? Svg,
    string? Json)
{
    public const string Help = """
          --viewers N       of all rooms together, 100 to 19,000; default 10000
          --rooms N[,N...]  over which they are spread evenly, 1 to 1,000 each; default 1,2,10,100
          --rate N          danmaku a second in every room, 1 to 100; default 5
          --likes N         calls of Like a second in all rooms together, 0 to 10,000; default 500
          --seconds N       measured of each, 2 to 120; default 10
          --warmup N        before that, 1 to 60; default 4
          --runs N          of the whole curve, 1 to 10; medians count; default 1
          --server FILE     RedNote.Frontend.dll; default: beside this program
          --svg FILE        draws the curve there
          --json FILE       also write everything there
        """;

    public static CurveOptions Parse(Arguments arguments)
    {
        var options = new CurveOptions(
            arguments.Int("viewers", 10_000, 100, 19_000), arguments.Ints("rooms", [1, 2, 10, 100], 1, 1_000),
            arguments.Int("rate", 5, 1, 100), arguments.Int("likes", 500, 0, 10_000),
            arguments.Int("seconds", 10, 2, 120), arguments.Int("warmup", 4, 1, 60), arguments.Int("runs", 1, 1, 10),
            arguments.Text("server") ?? RedNoteTarget.BesideThisProgram, arguments.OutputFile("svg"),
            arguments.OutputFile("json"));
        arguments.RefuseUnknown();
        FileLimit.Check("viewers", options.Viewers);
        if (options.Rooms.Any(rooms => options.Viewers % rooms != 0) || options.Rooms.Length > 12)
        {
            throw new LoadException(
                $"--rooms: {options.Viewers} viewers cannot be spread evenly, or there are more than 12 points.");
        }

        return options;
    }
}
