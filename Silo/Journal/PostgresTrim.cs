using Npgsql;
using RedNote.Journal;

namespace RedNote.Silo.Journal;

/// <summary>
/// Deletes the oldest rows of a log in a way that appends neither wait for nor pay for.
/// </summary>
/// <remarks>
/// An append counts on the row that would be in its way, if somebody else has extended the log, to be where it is
/// (<see cref="PostgresJournalStore"/>). So a row may go only when every append knows of it, that is to say, has a
/// snapshot in which it is stored already. Trimming first chooses the rows, all of them committed by then, and notes
/// which transactions hold the lock on the table that inserting takes. PostgreSQL has a statement take that lock before
/// the snapshot it runs with, and keeps it until the transaction ends. An append that is not among the noted ones has
/// its snapshot still before it, and will see the chosen rows; those that are noted are waited for. Only then are the
/// rows deleted. Advisory locks did the same, for a statement more in each append and with appends waiting for trims;
/// a lock on the table would make both wait for a vacuum.
/// </remarks>
internal static class PostgresTrim
{
    private static readonly TimeSpan FirstLook = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan LastLook = TimeSpan.FromMilliseconds(100);

    // Up to the first row that has to stay: one that holds a later version or is too young, or the newest.
    private const string ChooseSql = """
        SELECT first_version FROM journal_events WHERE log = $1 AND grain = $2 AND first_version < (
            SELECT first_version FROM journal_events
            WHERE log = $1 AND grain = $2 AND (first_version + count - 1 > $3 OR at >= $4 OR first_version = (
                SELECT max(first_version) FROM journal_events WHERE log = $1 AND grain = $2))
            ORDER BY first_version LIMIT 1)
        ORDER BY first_version LIMIT $5
        """;

    private const string WritersSql = """
        SELECT virtualtransaction FROM pg_locks
        WHERE locktype = 'relation' AND relation = 'journal_events'::regclass AND mode = 'RowExclusiveLock' AND granted
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        """;

    private const string DeleteSql =
        "DELETE FROM journal_events WHERE log = $1 AND grain = $2 AND first_version = ANY ($3)";

    /// <summary>Deletes at most <paramref name="rows"/> rows; answers how many.</summary>
    public static async Task<int> RunAsync(
        NpgsqlConnection connection, LogId id, long upTo, long before, int rows, CancellationToken cancellationToken)
    {
        await using var choose = PostgresJournalSql.Command(
            ChooseSql, id, PostgresJournalSql.Big(upTo), PostgresJournalSql.Big(before), PostgresJournalSql.Big(rows));
        var chosen = await ListAsync(connection, choose, reader => reader.GetInt64(0), cancellationToken);
        if (chosen.Count == 0)
        {
            return 0;
        }

        await WaitForWritersAsync(connection, cancellationToken);
        await using var delete = PostgresJournalSql.Command(
            DeleteSql, id, new NpgsqlParameter<long[]> { TypedValue = [.. chosen] });
        delete.Connection = connection;
        return await delete.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Waits for the end of the transactions that write to the table now, not of those that begin later.
    /// </summary>
    private static async Task WaitForWritersAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var writers = new NpgsqlCommand(WritersSql);
        var noted = await ListAsync(connection, writers, reader => reader.GetString(0), cancellationToken);
        for (var pause = FirstLook; noted.Count > 0; pause = pause * 2 < LastLook ? pause * 2 : LastLook)
        {
            await Task.Delay(pause, cancellationToken);
            var now = await ListAsync(connection, writers, reader => reader.GetString(0), cancellationToken);
            noted.RemoveAll(writer => !now.Contains(writer));
        }
    }

    private static async Task<List<T>> ListAsync<T>(
        NpgsqlConnection connection,
        NpgsqlCommand command,
        Func<NpgsqlDataReader, T> read,
        CancellationToken cancellationToken)
    {
        command.Connection = connection;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<T> found = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add(read(reader));
        }

        return found;
    }
}
