using System.Text;
using Npgsql;
using RedNote.Journal;

namespace RedNote.Silo.Journal;

/// <summary>Questions to the events, and what else needs no batch.</summary>
internal static class PostgresJournalSql
{
    // Any number will do, as long as every node uses the same.
    private const long TrimLock = 7203968214;

    /// <summary>Keeps trimming away until the transaction ends; see <see cref="PostgresJournalStore"/>.</summary>
    public static readonly string HoldTrimming = $"SELECT pg_advisory_xact_lock_shared({TrimLock})";

    /// <summary>Waits for appends that are under way, and keeps others away until the transaction ends.</summary>
    public static readonly string BeginTrimming = $"SELECT pg_advisory_xact_lock({TrimLock})";

    // A row begins at or before the first version wanted, so the search begins with the last row that does.
    private const string RowsSql = """
        SELECT first_version, count, at, payload FROM journal_events
        WHERE log = $1 AND grain = $2 AND first_version <= $4 AND first_version + count > $3
            AND first_version >= COALESCE((
                SELECT max(first_version) FROM journal_events
                WHERE log = $1 AND grain = $2 AND first_version <= $3), $3)
        ORDER BY first_version {0} LIMIT $5
        """;

    private const string HeadSql = """
        SELECT first_version + count - 1 FROM journal_events WHERE log = $1 AND grain = $2
        ORDER BY first_version DESC LIMIT 1
        """;

    // Up to the first row that has to stay: one that holds a later version or is too young, or the newest.
    private const string TrimSql = """
        DELETE FROM journal_events WHERE log = $1 AND grain = $2 AND first_version = ANY (ARRAY(
            SELECT first_version FROM journal_events WHERE log = $1 AND grain = $2 AND first_version < (
                SELECT first_version FROM journal_events
                WHERE log = $1 AND grain = $2 AND (first_version + count - 1 > $3 OR at >= $4 OR first_version = (
                    SELECT max(first_version) FROM journal_events WHERE log = $1 AND grain = $2))
                ORDER BY first_version LIMIT 1)
            ORDER BY first_version LIMIT $5))
        """;

    // Jumps from log to log in the index instead of reading every row.
    private const string LogsSql = """
        WITH RECURSIVE found AS (
            (SELECT log, grain FROM journal_events WHERE (log, grain) > ($1, $2) ORDER BY log, grain LIMIT 1)
            UNION ALL
            SELECT later.log, later.grain FROM found, LATERAL (
                SELECT log, grain FROM journal_events WHERE (log, grain) > (found.log, found.grain)
                ORDER BY log, grain LIMIT 1) AS later)
        SELECT log, grain FROM found LIMIT $3
        """;

    private const string ProbeSql = """
        INSERT INTO journal_probe VALUES (1, now()) ON CONFLICT (id) DO UPDATE SET at = EXCLUDED.at
        """;

    private static readonly CompositeFormat RowsForm = CompositeFormat.Parse(RowsSql);

    public static NpgsqlCommand Rows(LogId id, VersionRange range, int maxRows)
    {
        var sql = string.Format(null, RowsForm, range.NewestFirst ? "DESC" : "");
        return Command(sql, id, Big(range.From), Big(range.To), Big(maxRows));
    }

    public static JournalRow Row(NpgsqlDataReader reader) => new(
        reader.GetInt64(0), reader.GetInt32(1), reader.GetInt64(2), reader.GetFieldValue<byte[]>(3));

    public static NpgsqlCommand Head(LogId id) => Command(HeadSql, id);

    public static NpgsqlCommand Logs(LogId? after, int limit)
        => Command(LogsSql, after ?? new LogId("", ""), Big(limit));

    public static LogId Log(NpgsqlDataReader reader)
        => new(PostgresText.Read(reader.GetString(0)), PostgresText.Read(reader.GetString(1)));

    public static async Task ProbeAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(ProbeSql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Deletes at most <paramref name="rows"/> rows; answers how many.</summary>
    public static async Task<int> TrimAsync(
        NpgsqlConnection connection, LogId id, long upTo, long before, int rows, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(BeginTrimming));
        var delete = new NpgsqlBatchCommand(TrimSql);
        foreach (var parameter in (NpgsqlParameter[])[.. Parameters(id), Big(upTo), Big(before), Big(rows)])
        {
            delete.Parameters.Add(parameter);
        }

        batch.BatchCommands.Add(delete);
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return (int)delete.Rows;
    }

    private static NpgsqlCommand Command(string sql, LogId id, params NpgsqlParameter[] more)
    {
        var command = new NpgsqlCommand(sql);
        foreach (var parameter in (NpgsqlParameter[])[.. Parameters(id), .. more])
        {
            command.Parameters.Add(parameter);
        }

        return command;
    }

    private static IEnumerable<NpgsqlParameter> Parameters(LogId id) =>
    [
        new NpgsqlParameter<string> { TypedValue = PostgresText.Write(id.Log) },
        new NpgsqlParameter<string> { TypedValue = PostgresText.Write(id.Key) },
    ];

    private static NpgsqlParameter<long> Big(long value) => new NpgsqlParameter<long> { TypedValue = value };
}
