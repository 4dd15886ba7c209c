using RedNote.Load.Servers;

namespace RedNote.Load.Chat;

/// <summary>What is asked for; see the scenario's help.</summary>
internal sealed record ChatOptions(
    int Members, int Online, int Senders, int Rate, int Seconds, int WarmupSeconds, bool Kills, string Server,
    string? Json)
{
    public const string Help = """
          --members N      of the group, 2 to 10,000; default 2000
          --online N       members who have it open, 1 to 10,000; default 200
          --senders N      of those, who write, in turn; default 50
          --rate N         messages a second, 1 to 5,000; default 500
          --seconds N      1 to 600; default 60, after --warmup of 0 to 60 (5)
          --kill N         1: the server is killed in the middle; everybody comes back with the last number they have,
                           and what was not answered is sent again with its key; default 0
          --server FILE    RedNote.Frontend.dll; default: beside this program
          --json FILE      also write everything there
        """;

    /// <summary>Messages in all.</summary>
    public int Messages => Rate * (Seconds + WarmupSeconds);

    public static ChatOptions Parse(Arguments arguments)
    {
        var members = arguments.Int("members", 2_000, 2, 10_000);
        var online = arguments.Int("online", Math.Min(200, members), 1, members);
        var options = new ChatOptions(
            members, online, arguments.Int("senders", Math.Min(50, online), 1, online),
            arguments.Int("rate", 500, 1, 5_000), arguments.Int("seconds", 60, 1, 600),
            arguments.Int("warmup", 5, 0, 60), arguments.Int("kill", 0, 0, 1) == 1,
            arguments.Text("server") ?? RedNoteTarget.BesideThisProgram, arguments.OutputFile("json"));
        arguments.RefuseUnknown();
        return options;
    }
}
