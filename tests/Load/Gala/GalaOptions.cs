using RedNote.Load.Servers;

namespace RedNote.Load.Gala;

/// <summary>The evening that is asked for; see <see cref="Help"/>.</summary>
internal sealed record GalaOptions(
    int Seconds, int Connections, int Passers, int Rate, int Times, int BurstSeconds, int EverySeconds, int Churn,
    int Budget, string Server, string? Json)
{
    public const string Help = """
          --seconds N         how long, 10 to 3,600; default 300
          --connections N     each an account of its own, 20 to 15,000; default 2000
          --passers N         of them, those who come and go and only look on, 0 to half of them; default 100
          --churn N           comings and goings a second, 0 to 200; default 20
          --rate N            interactions a second on average, bursts included, 1 to 100,000; default 10500
          --times N           how many times the average a burst is, 1 to 100; default 10
          --burst N           seconds of a burst, 1 to 60; default 5
          --every N           seconds from burst to burst at the least, 2 to 3,600; default 60
          --budget N          danmaku a second that viewers are shown, 0: all; default 30, the server's own
          --server FILE       RedNote.Frontend.dll; default: beside this program
          --json FILE         also write everything there
        """;

    public int Residents => Connections - Passers;

    public static GalaOptions Parse(Arguments arguments)
    {
        var connections = arguments.Int("connections", 2_000, 20, 15_000);
        var options = new GalaOptions(
            arguments.Int("seconds", 300, 10, 3_600), connections,
            arguments.Int("passers", connections / 20, 0, connections / 2), arguments.Int("rate", 10_500, 1, 100_000),
            arguments.Int("times", 10, 1, 100), arguments.Int("burst", 5, 1, 60),
            arguments.Int("every", 60, 2, 3_600), arguments.Int("churn", 20, 0, 200),
            arguments.Int("budget", 30, 0, 100_000), arguments.Text("server") ?? RedNoteTarget.BesideThisProgram,
            arguments.OutputFile("json"));
        arguments.RefuseUnknown();
        var taps = options.Rate * (double)options.Times * GalaMix.Shares[(int)GalaKind.Like] / options.Residents;
        if (taps > GalaMix.MostTaps - 1)
        {
            throw new LoadException(
                $"That is {taps:N0} taps a second of each viewer; a call has {GalaMix.MostTaps} at most.");
        }

        return options;
    }

    public GalaPace Pace() => new(Rate, Times, BurstSeconds, EverySeconds, Seconds);
}
