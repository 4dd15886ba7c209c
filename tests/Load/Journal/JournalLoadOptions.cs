namespace RedNote.Load.Journal;

/// <summary>What to measure; bounded, as it is the machine's own disk that is written to.</summary>
/// <param name="Stores">Databases to measure on.</param>
/// <param name="Callers">How many append at the same time to our writer, 1 to 20,000, by default 1,000.</param>
/// <param name="Seconds">How long to measure each side, 1 to 60, by default 5.</param>
/// <param name="Rounds">How often the sides take turns, 1 to 20, by default 3.</param>
/// <param name="EventBytes">Length of an event's JSON, 40 to 10,000, by default 120.</param>
/// <param name="Folder">Where the SQLite files go; null: the temporary folder.</param>
/// <param name="Json">File for the results, or null.</param>
/// <param name="Crowd">Whether to measure all callers.</param>
/// <param name="Single">Whether to measure a single caller.</param>
public sealed record JournalLoadOptions(
    string[] Stores,
    int Callers,
    int Seconds,
    int Rounds,
    int EventBytes,
    string? Folder,
    string? Json,
    bool Crowd,
    bool Single)
{
    public const string Sqlite = "sqlite";
    public const string Postgres = "postgres";

    public const string Help = """
          --store WHICH       both, sqlite or postgres (both); PostgreSQL is a private server started for this
          --only WHICH        crowd (all callers) or single (one caller); without it both
          --callers N         appends under way at the same time (1000)
          --seconds N         measured time of each side in a round (5)
          --rounds N          how often the sides take turns (3)
          --event-bytes N     length of an event (120)
          --folder PATH       where the SQLite files go (the temporary folder)
          --json FILE         also write every round and the ratios there
        """;

    public static JournalLoadOptions Parse(Arguments arguments)
    {
        var only = arguments.Text("only");
        if (only is not (null or "crowd" or "single"))
        {
            throw new LoadException($"--only is crowd or single, not '{only}'.");
        }

        var options = new JournalLoadOptions(
            ParseStores(arguments.Text("store")),
            arguments.Int("callers", 1_000, 1, 20_000),
            arguments.Int("seconds", 5, 1, 60),
            arguments.Int("rounds", 3, 1, 20),
            arguments.Int("event-bytes", 120, 40, 10_000),
            arguments.Text("folder"),
            arguments.OutputFile("json"),
            only is null or "crowd",
            only is null or "single");
        arguments.RefuseUnknown();
        return options;
    }

    /// <summary>Whether a role is to be measured.</summary>
    public bool Asks(Role role) => role is Role.Naive or Role.Crowd ? Crowd : Single;

    public static string[] ParseStores(string? which) => (which ?? "both") switch
    {
        "both" => [Sqlite, Postgres],
        Sqlite => [Sqlite],
        Postgres => [Postgres],
        var other => throw new LoadException($"--store is both, sqlite or postgres, not '{other}'."),
    };
}
