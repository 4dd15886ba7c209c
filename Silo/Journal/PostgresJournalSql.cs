using System.Text;
using Npgsql;
using RedNote.Journal;

namespace RedNote.Silo.Journal;

/// <summary>Questions to the events, and what else needs no batch.</summary>
internal static class PostgresJournalSql
{
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

    public static NpgsqlCommand Command(string sql, LogId id, params NpgsqlParameter[] more)
    {
        var command = new NpgsqlCommand(sql);
        foreach (var parameter in (NpgsqlParameter[])[.. Parameters(id), .. more])
        {
            command.Parameters.Add(parameter);
        }

        return command;
    }

    public static NpgsqlParameter<long> Big(long value) => new NpgsqlParameter<long> { TypedValue = value };

    private static IEnumerable<NpgsqlParameter> Parameters(LogId id) =>
    [
        new NpgsqlParameter<string> { TypedValue = PostgresText.Write(id.Log) },
        new NpgsqlParameter<string> { TypedValue = PostgresText.Write(id.Key) },
    ];
}
