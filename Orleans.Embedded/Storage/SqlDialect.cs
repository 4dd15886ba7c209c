namespace RedNote.Embedded.Storage;

/// <summary>
/// The statements on Orleans' storage table. Its columns are those of Orleans' own scripts. The texts under
/// <see cref="Queries"/> go into the OrleansQuery table, from which Orleans takes what it runs, so that it can open a
/// database that was created here: they use its parameter and column names, and answer no row on a version conflict.
/// </summary>
internal static class SqlDialect
{
    /// <summary>The drivers' names, as Orleans has them.</summary>
    public const string SqliteInvariant = "System.Data.SQLite";
    public const string PostgresInvariant = "Npgsql";

    private const string KeyColumns =
        "GrainIdHash, GrainIdN0, GrainIdN1, GrainTypeHash, GrainTypeString, GrainIdExtensionString, ServiceId";

    private const string KeyValues =
        "@GrainIdHash, @GrainIdN0, @GrainIdN1, @GrainTypeHash, @GrainTypeString, @GrainIdExtensionString, @ServiceId";

    private const string SqliteKey = """
        GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash AND GrainIdN0 = @GrainIdN0
        AND GrainIdN1 = @GrainIdN1 AND GrainTypeString = @GrainTypeString
        AND GrainIdExtensionString IS @GrainIdExtensionString AND ServiceId = @ServiceId
        """;

    private const string PostgresKey = """
        GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash AND GrainIdN0 = @GrainIdN0
        AND GrainIdN1 = @GrainIdN1 AND GrainTypeString = @GrainTypeString
        AND GrainIdExtensionString IS NOT DISTINCT FROM CAST(@GrainIdExtensionString AS varchar)
        AND ServiceId = @ServiceId
        """;

    private const string SqliteNow = "strftime('%Y-%m-%d %H:%M:%S', 'now')";
    private const string PostgresNow = "(now() AT TIME ZONE 'utc')";

    /// <summary>The parameters that name a row, in the order in which a statement binds them.</summary>
    public static readonly string[] KeyParameters =
    [
        "@GrainIdHash", "@GrainIdN0", "@GrainIdN1", "@GrainTypeHash", "@GrainTypeString", "@GrainIdExtensionString",
        "@ServiceId",
    ];

    /// <summary>The parameters of a write: the row, its expected version, its content and the time.</summary>
    public static readonly string[] WriteParameters =
        [.. KeyParameters, "@GrainStateVersion", "@PayloadBinary", "@ModifiedOn"];

    public const string SqliteTables = """
        CREATE TABLE IF NOT EXISTS OrleansQuery (QueryKey TEXT PRIMARY KEY, QueryText TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS OrleansStorage (
            GrainIdHash INT NOT NULL, GrainIdN0 BIGINT NOT NULL, GrainIdN1 BIGINT NOT NULL,
            GrainTypeHash INT NOT NULL, GrainTypeString NVARCHAR(512) NOT NULL,
            GrainIdExtensionString NVARCHAR(512) NULL, ServiceId NVARCHAR(150) NOT NULL,
            PayloadBinary BLOB NULL, ModifiedOn DATETIME NOT NULL, Version INT NULL);
        CREATE INDEX IF NOT EXISTS IX_OrleansStorage ON OrleansStorage (GrainIdHash, GrainTypeHash);
        """;

    public const string PostgresTables = """
        CREATE TABLE IF NOT EXISTS OrleansQuery (
            QueryKey varchar(64) NOT NULL, QueryText varchar(8000) NOT NULL,
            CONSTRAINT OrleansQuery_Key PRIMARY KEY (QueryKey));
        CREATE TABLE IF NOT EXISTS OrleansStorage (
            GrainIdHash integer NOT NULL, GrainIdN0 bigint NOT NULL, GrainIdN1 bigint NOT NULL,
            GrainTypeHash integer NOT NULL, GrainTypeString varchar(512) NOT NULL,
            GrainIdExtensionString varchar(512), ServiceId varchar(150) NOT NULL,
            PayloadBinary bytea, ModifiedOn timestamp without time zone NOT NULL, Version integer);
        CREATE INDEX IF NOT EXISTS IX_OrleansStorage ON OrleansStorage USING btree (GrainIdHash, GrainTypeHash);
        """;

    /// <summary>Adds a text to OrleansQuery unless Orleans' own is there; parameters @Key and @Text.</summary>
    public const string AddQuery =
        "INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES (@Key, @Text) ON CONFLICT (QueryKey) DO NOTHING";

    public static string Read(bool sqlite)
        => $"SELECT PayloadBinary, Version FROM OrleansStorage WHERE {Key(sqlite)} LIMIT 1";

    /// <summary>Changes a row of the expected version; no row changes if it has another.</summary>
    public static string Update(bool sqlite) => $"""
        UPDATE OrleansStorage SET PayloadBinary = @PayloadBinary, ModifiedOn = @ModifiedOn, Version = Version + 1
        WHERE {Key(sqlite)} AND Version = @GrainStateVersion
        """;

    /// <summary>Adds a row unless there is one. The expected version is bound and not used.</summary>
    public static string Insert(bool sqlite) => $"""
        INSERT INTO OrleansStorage ({KeyColumns}, PayloadBinary, ModifiedOn, Version)
        SELECT {KeyValues}, @PayloadBinary, @ModifiedOn, 1
        WHERE NOT EXISTS (SELECT 1 FROM OrleansStorage WHERE {Key(sqlite)})
        """;

    /// <summary>What Orleans looks for in OrleansQuery.</summary>
    public static IEnumerable<(string Key, string Text)> Queries(bool sqlite)
    {
        var now = sqlite ? SqliteNow : PostgresNow;
        var key = Key(sqlite);
        yield return ("ReadFromStorageKey", Read(sqlite));
        yield return ("ClearStorageKey", $"""
            UPDATE OrleansStorage SET PayloadBinary = NULL, ModifiedOn = {now}, Version = Version + 1
            WHERE {key} AND Version = @GrainStateVersion RETURNING Version AS NewGrainStateVersion
            """);
        var update = $"""
            UPDATE OrleansStorage SET PayloadBinary = @PayloadBinary, ModifiedOn = {now}, Version = Version + 1
            WHERE {key} AND Version = @GrainStateVersion RETURNING Version AS NewGrainStateVersion
            """;
        var insert = $"""
            INSERT INTO OrleansStorage ({KeyColumns}, PayloadBinary, ModifiedOn, Version)
            SELECT {KeyValues}, @PayloadBinary, {now}, 1
            WHERE CAST(@GrainStateVersion AS integer) IS NULL AND NOT EXISTS (
                SELECT 1 FROM OrleansStorage WHERE {key})
            RETURNING Version AS NewGrainStateVersion
            """;
        yield return ("WriteToStorageKey", sqlite
            ? $"{update};\n{insert};"
            : $"""
              WITH updated AS ({update}), inserted AS ({insert})
              SELECT NewGrainStateVersion FROM updated UNION ALL SELECT NewGrainStateVersion FROM inserted
              """);
    }

    private static string Key(bool sqlite) => sqlite ? SqliteKey : PostgresKey;
}
