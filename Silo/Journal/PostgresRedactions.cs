using System.Runtime.CompilerServices;
using System.Text;
using Npgsql;
using NpgsqlTypes;
using RedNote.Journal;

namespace RedNote.Silo.Journal;

/// <summary>
/// Stored events that a batch replaces. The rows are read, changed here and written back: PostgreSQL could only change
/// JSON in a form that does not keep the text as it was written.
/// </summary>
internal sealed class PostgresRedactions
{
    private const string ReadSql = """
        SELECT e.log, e.grain, e.first_version, e.count, e.payload
        FROM unnest($1::text[], $2::text[], $3::bigint[]) AS i (log, grain, version)
        CROSS JOIN LATERAL (
            SELECT max(f.first_version) AS first_version FROM journal_events f
            WHERE f.log = i.log AND f.grain = i.grain AND f.first_version <= i.version) AS row
        JOIN journal_events e ON e.log = i.log AND e.grain = i.grain AND e.first_version = row.first_version
        WHERE e.first_version + e.count > i.version
        ORDER BY e.log, e.grain, e.first_version
        FOR UPDATE OF e
        """;

    private const string WriteSql = """
        UPDATE journal_events e SET payload = i.payload
        FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[]) AS i (log, grain, first_version, payload)
        WHERE e.log = i.log AND e.grain = i.grain AND e.first_version = i.first_version
        """;

    private readonly Dictionary<(string Log, string Grain, long Version), ReadOnlyMemory<byte>> _events = [];

    /// <summary>Of several for one event the last one counts.</summary>
    public void Add(LogId id, Redaction redaction)
        => _events[(PostgresText.Write(id.Log), PostgresText.Write(id.Key), redaction.Version)] = redaction.Payload;

    /// <summary>Locks and reads the rows, and answers what writes them: one command, or none.</summary>
    public async IAsyncEnumerable<NpgsqlBatchCommand> CommandsAsync(
        NpgsqlConnection connection, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (_events.Count == 0)
        {
            yield break;
        }

        var rows = await ReadAsync(connection, cancellationToken);
        if (rows.Count > 0)
        {
            var command = new NpgsqlBatchCommand(WriteSql);
            command.Parameters.Add(Array(NpgsqlDbType.Text, rows.Select(row => row.Log)));
            command.Parameters.Add(Array(NpgsqlDbType.Text, rows.Select(row => row.Grain)));
            command.Parameters.Add(Array(NpgsqlDbType.Bigint, rows.Select(row => row.First)));
            command.Parameters.Add(Array(NpgsqlDbType.Text, rows.Select(row => row.Payload)));
            yield return command;
        }
    }

    private async Task<List<(string Log, string Grain, long First, string Payload)>> ReadAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(ReadSql, connection);
        command.Parameters.Add(Array(NpgsqlDbType.Text, _events.Keys.Select(key => key.Log)));
        command.Parameters.Add(Array(NpgsqlDbType.Text, _events.Keys.Select(key => key.Grain)));
        command.Parameters.Add(Array(NpgsqlDbType.Bigint, _events.Keys.Select(key => key.Version)));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<(string, string, long, string)> rows = [];
        var seen = new HashSet<(string, string, long)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var (log, grain, first) = (reader.GetString(0), reader.GetString(1), reader.GetInt64(2));
            // A row of several events that are replaced comes once for each of them.
            if (seen.Add((log, grain, first)))
            {
                var payload = Replace(log, grain, first, reader.GetInt32(3), reader.GetFieldValue<byte[]>(4));
                rows.Add((log, grain, first, payload));
            }
        }

        return rows;
    }

    private string Replace(string log, string grain, long first, int count, byte[] payload)
    {
        for (var i = 0; i < count; i++)
        {
            if (_events.TryGetValue((log, grain, first + i), out var replacement))
            {
                payload = PayloadEdit.Replace(payload, i, replacement.Span);
            }
        }

        return Encoding.UTF8.GetString(payload);
    }

    private static NpgsqlParameter<T[]> Array<T>(NpgsqlDbType type, IEnumerable<T> values)
        => new() { NpgsqlDbType = NpgsqlDbType.Array | type, TypedValue = [.. values] };
}
