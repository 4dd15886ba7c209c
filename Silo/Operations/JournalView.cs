using System.Collections.Immutable;
using System.Data.Common;
using System.Runtime.CompilerServices;
using System.Text;
using RedNote.Journal;
using RedNote.Silo.Journal;

namespace RedNote.Silo.Operations;

/// <summary>
/// One transaction on logs and projections: everything it reads is of the same moment, whatever a running server
/// appends meanwhile. One reading at a time. What was written goes in with <see cref="Commit"/> and not otherwise.
/// </summary>
internal sealed class JournalView : IAsyncDisposable
{
    private readonly JournalDatabase _database;
    private readonly DbConnection _connection;
    private bool _isOpen;

    // Rows that SQLite finds by their log: in the table itself it would have to look at all of them.
    private string Events => _database.IsSqlite ? "journal_log" : "journal_events";

    private JournalView(JournalDatabase database, DbConnection connection)
    {
        _database = database;
        _connection = connection;
    }

    /// <summary>Opens a view that cannot write.</summary>
    public static Task<JournalView> Open(JournalDatabase database, CancellationToken ct) => Open(
        database,
        writes: false,
        [database.IsSqlite ? "BEGIN" : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"],
        ct);

    /// <summary>Opens a view that can write.</summary>
    public static Task<JournalView> OpenToWrite(JournalDatabase database, CancellationToken ct)
        => Open(database, writes: true, [database.IsSqlite ? "BEGIN IMMEDIATE" : "BEGIN"], ct);

    /// <summary>Opens a view that keeps everybody else from writing to a table while it lasts.</summary>
    public static Task<JournalView> OpenToRewrite(
        JournalDatabase database, ProjectionTable table, CancellationToken ct) => Open(
            database,
            writes: true,
            // PostgreSQL: each statement sees what was committed before it, so the log is read after the lock is held,
            // and an append that waits for the lock changes the table after the rewriting.
            database.IsSqlite
                ? ["BEGIN IMMEDIATE"]
                : ["BEGIN", $"LOCK TABLE {ProjectionSql.NameOf(table)} IN SHARE ROW EXCLUSIVE MODE"],
            ct);

    public bool IsSqlite => _database.IsSqlite;

    public IAsyncEnumerable<JournalRow> ReadRows(LogId id, VersionRange range, CancellationToken ct) => Query(
        $"""
        SELECT first_version, count, at, payload FROM {Events}
        WHERE log = $1 AND grain = $2 AND first_version <= $3 AND first_version + count > $4
        ORDER BY first_version {(range.NewestFirst ? "DESC" : "ASC")}
        """,
        [id.Log, id.Key, range.To, range.From],
        row => new JournalRow(row.GetInt64(0), row.GetInt32(1), row.GetInt64(2), Bytes(row.GetValue(3))),
        ct);

    /// <summary>The first and the last stored version; zeros for a log that is not there.</summary>
    public async Task<(long First, long Last)> ReadBounds(LogId id, CancellationToken ct)
        => await Query(
            $"""
            SELECT coalesce(min(first_version), 0), coalesce(max(first_version + count - 1), 0) FROM {Events}
            WHERE log = $1 AND grain = $2
            """,
            [id.Log, id.Key],
            row => (row.GetInt64(0), row.GetInt64(1)),
            ct).SingleAsync(ct);

    /// <summary>Every log there is, in order.</summary>
    public IAsyncEnumerable<LogId> ReadLogs(CancellationToken ct) => Query(
        _database.IsSqlite
            ? """
              SELECT log, grain FROM journal_index
              UNION SELECT log, grain FROM journal_events WHERE id > (SELECT up_to FROM journal_indexed)
              ORDER BY log, grain
              """
            : "SELECT DISTINCT log, grain FROM journal_events ORDER BY log, grain",
        [],
        row => new LogId(_database.Read(row.GetString(0)), _database.Read(row.GetString(1))),
        ct);

    /// <summary>Rows that the index of an SQLite file lacks, and entries of it that have no row.</summary>
    public IAsyncEnumerable<string> ReadIndexFaults(CancellationToken ct) => Query(
        """
        SELECT e.log, e.grain, e.first_version, 'row ' || e.id || ' is not in the index' FROM journal_events AS e
        WHERE e.id <= (SELECT up_to FROM journal_indexed) AND NOT EXISTS (
            SELECT 1 FROM journal_index AS i
            WHERE i.log = e.log AND i.grain = e.grain AND i.first_version = e.first_version AND i.id = e.id)
        UNION ALL
        SELECT i.log, i.grain, i.first_version, 'row ' || i.id || ' is in the index, but not there'
        FROM journal_index AS i LEFT JOIN journal_events AS e
            ON e.id = i.id AND e.log = i.log AND e.grain = i.grain AND e.first_version = i.first_version
        WHERE e.id IS NULL
        """,
        [],
        row => $"{row.GetString(0)}/{row.GetString(1)}, version {row.GetInt64(2)}: {row.GetString(3)}",
        ct);

    /// <summary>The logs that owe something to others, in order.</summary>
    public IAsyncEnumerable<LogId> ReadIndebted(CancellationToken ct) => Query(
        $"SELECT DISTINCT log, grain FROM {ProjectionSql.NameOf(Outbox.Table)} ORDER BY log, grain",
        [],
        row => new LogId(_database.Read(row.GetString(0)), _database.Read(row.GetString(1))),
        ct);

    /// <summary>The grains that have rows in a table, in order.</summary>
    public IAsyncEnumerable<string> ReadGrains(ProjectionTable table, CancellationToken ct) => Query(
        $"SELECT DISTINCT grain FROM {ProjectionSql.NameOf(table)} ORDER BY grain",
        [],
        row => _database.Read(row.GetString(0)),
        ct);

    /// <summary>A grain's rows in a table, in the order of their key.</summary>
    public IAsyncEnumerable<ImmutableArray<ProjectionValue>> ReadTable(
        ProjectionTable table, string grain, CancellationToken ct)
        => Query(
            new ProjectionSql(SqlFlavor.Sqlite).Select(new ProjectionQuery(table) { Grain = grain, Limit = 0 }),
            [grain, long.MaxValue],
            row => Values(table, row),
            ct);

    public Task Upsert(string grain, ProjectionTable table, ImmutableArray<ProjectionValue> row, CancellationToken ct)
        => Execute(ProjectionSql.Upsert(table), [grain, .. row.Select(Parameter)], ct);

    /// <summary>Deletes the row with that key.</summary>
    public Task Delete(string grain, ProjectionTable table, ImmutableArray<ProjectionValue> row, CancellationToken ct)
    {
        var key = ImmutableArray.CreateRange(Enumerable.Range(0, table.KeyColumns)
            .Select(i => new ColumnMatch(table.Columns[i].Name, Comparison.Equal, row[i])));
        return Execute(
            ProjectionSql.Delete(table, key), [grain, .. key.Select(match => Parameter(match.Value))], ct);
    }

    public async Task Commit(CancellationToken ct)
    {
        await Execute("COMMIT", [], ct);
        _isOpen = false;
    }

    public async ValueTask DisposeAsync()
    {
        if (_isOpen)
        {
            await Execute("ROLLBACK", [], CancellationToken.None);
        }

        await _connection.DisposeAsync();
    }

    /// <summary>A statement's answer, row by row.</summary>
    public async IAsyncEnumerable<T> Query<T>(
        string sql, object[] parameters, Func<DbDataReader, T> read, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var command = Command(sql, parameters);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            yield return read(reader);
        }
    }

    public async Task Execute(string sql, object[] parameters, CancellationToken ct)
    {
        await using var command = Command(sql, parameters);
        await command.ExecuteNonQueryAsync(ct);
    }

    private static async Task<JournalView> Open(
        JournalDatabase database, bool writes, string[] begin, CancellationToken ct)
    {
        var connection = await database.OpenJournal(writes, ct);
        var view = new JournalView(database, connection);
        try
        {
            foreach (var sql in begin)
            {
                await view.Execute(sql, [], ct);
                view._isOpen = true;
            }

            await view.CheckSchema(ct);
            return view;
        }
        catch
        {
            await view.DisposeAsync();
            throw;
        }
    }

    /// <summary>What a newer program has made of the tables may look alike and mean something else.</summary>
    private async Task CheckSchema(CancellationToken ct)
    {
        int version;
        try
        {
            version = await Query("SELECT version FROM journal_schema", [], row => row.GetInt32(0), ct).SingleAsync(ct);
        }
        catch (Exception error) when (error is DbException or InvalidOperationException)
        {
            throw new OperationException($"There is no journal in {_database.Place}: {error.Message}", error);
        }

        var known = _database.IsSqlite ? SqliteSchema.Current : PostgresSchema.Current;
        if (version != known)
        {
            throw new OperationException(
                $"The journal in {_database.Place} has schema version {version}, and this program knows {known}. "
                + (version > known
                    ? "A newer RedNote has used it; take that one."
                    : "A server of this version migrates it."));
        }
    }

    private DbCommand Command(string sql, object[] parameters)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < parameters.Length; i++)
        {
            var parameter = command.CreateParameter();
            // SQLite knows them by name, PostgreSQL by their place, which the driver wants without names.
            parameter.ParameterName = command is Npgsql.NpgsqlCommand ? "" : $"${i + 1}";
            parameter.Value = parameters[i] is string text ? _database.Write(text) : parameters[i];
            command.Parameters.Add(parameter);
        }

        return command;
    }

    private static object Parameter(ProjectionValue value)
        => value.IsNull ? DBNull.Value : (object?)value.Text ?? value.Number;

    private ImmutableArray<ProjectionValue> Values(ProjectionTable table, DbDataReader row)
    {
        var values = ImmutableArray.CreateBuilder<ProjectionValue>(table.Columns.Length);
        for (var i = 0; i < table.Columns.Length; i++)
        {
            values.Add(row.GetValue(i + 1) switch
            {
                DBNull => ProjectionValue.Null,
                string text => _database.Read(text),
                var number => Convert.ToInt64(number, System.Globalization.CultureInfo.InvariantCulture),
            });
        }

        return values.MoveToImmutable();
    }

    private static ReadOnlyMemory<byte> Bytes(object payload)
        => payload is string text ? Encoding.UTF8.GetBytes(text) : (byte[])payload;
}
