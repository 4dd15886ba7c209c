namespace RedNote.Embedded.Reminders;

/// <summary>
/// The statements on reminders. On PostgreSQL the table is Orleans' own, and <see cref="PostgresQueries"/> are what it
/// looks for in OrleansQuery; for SQLite it has no reminders, so there the table only resembles it.
/// </summary>
internal static class ReminderSql
{
    public static readonly string[] RowParameters =
        ["@ServiceId", "@GrainId", "@ReminderName", "@StartTime", "@Period", "@GrainHash"];

    public static readonly string[] KeyParameters = ["@ServiceId", "@GrainId", "@ReminderName", "@Version"];

    public const string SqliteTable = """
        CREATE TABLE IF NOT EXISTS OrleansRemindersTable (
            ServiceId NVARCHAR(150) NOT NULL, GrainId NVARCHAR(150) NOT NULL, ReminderName NVARCHAR(150) NOT NULL,
            StartTime DATETIME NOT NULL, Period BIGINT NOT NULL, GrainHash INT NOT NULL, Version INT NOT NULL,
            PRIMARY KEY (ServiceId, GrainId, ReminderName));
        """;

    public const string PostgresTables = """
        CREATE TABLE IF NOT EXISTS OrleansQuery (
            QueryKey varchar(64) NOT NULL, QueryText varchar(8000) NOT NULL,
            CONSTRAINT OrleansQuery_Key PRIMARY KEY (QueryKey));
        CREATE TABLE IF NOT EXISTS OrleansRemindersTable (
            ServiceId varchar(150) NOT NULL, GrainId varchar(150) NOT NULL, ReminderName varchar(150) NOT NULL,
            StartTime timestamptz(3) NOT NULL, Period bigint NOT NULL, GrainHash integer NOT NULL,
            Version integer NOT NULL,
            CONSTRAINT PK_RemindersTable_ServiceId_GrainId_ReminderName
                PRIMARY KEY (ServiceId, GrainId, ReminderName));
        """;

    /// <summary>Starts at version 0 and adds one with each change.</summary>
    public const string Upsert = """
        INSERT INTO OrleansRemindersTable
            (ServiceId, GrainId, ReminderName, StartTime, Period, GrainHash, Version)
        VALUES (@ServiceId, @GrainId, @ReminderName, @StartTime, @Period, @GrainHash, 0)
        ON CONFLICT (ServiceId, GrainId, ReminderName) DO UPDATE SET
            StartTime = excluded.StartTime, Period = excluded.Period, GrainHash = excluded.GrainHash,
            Version = OrleansRemindersTable.Version + 1
        RETURNING Version
        """;

    public const string Remove = """
        DELETE FROM OrleansRemindersTable
        WHERE ServiceId = @ServiceId AND GrainId = @GrainId AND ReminderName = @ReminderName AND Version = @Version
        """;

    public const string ReadAll = Columns + " WHERE ServiceId = @ServiceId";

    private const string Columns =
        "SELECT GrainId, ReminderName, StartTime, Period, Version FROM OrleansRemindersTable";

    public static IEnumerable<(string Key, string Text)> PostgresQueries =>
    [
        ("UpsertReminderRowKey", Upsert),
        ("ReadReminderRowsKey", $"{ReadAll} AND GrainId = @GrainId"),
        ("ReadReminderRowKey", $"{ReadAll} AND GrainId = @GrainId AND ReminderName = @ReminderName"),
        ("ReadRangeRows1Key", $"{ReadAll} AND GrainHash > @BeginHash AND GrainHash <= @EndHash"),
        ("ReadRangeRows2Key", $"{ReadAll} AND (GrainHash > @BeginHash OR GrainHash <= @EndHash)"),
        ("DeleteReminderRowKey",
            $"WITH gone AS ({Remove} RETURNING 1) SELECT CAST(count(*) AS integer) AS row_count FROM gone"),
        ("DeleteReminderRowsKey", "DELETE FROM OrleansRemindersTable WHERE ServiceId = @ServiceId"),
    ];
}
