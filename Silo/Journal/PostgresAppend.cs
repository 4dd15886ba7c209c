using System.Text;
using Npgsql;
using NpgsqlTypes;
using RedNote.Journal;

namespace RedNote.Silo.Journal;

/// <summary>One batch on its way into the database; may be run again after it was rolled back.</summary>
internal sealed class PostgresAppend(IReadOnlyList<JournalAppend> batch, PostgresTables tables)
{
    // In the order of the key, so that transactions of several nodes lock in the same order.
    private const string InsertSql = """
        INSERT INTO journal_events (log, grain, first_version, count, at, payload)
        SELECT i.log, i.grain, i.first_version, i.count, i.at, i.payload
        FROM unnest($1::text[], $2::text[], $3::bigint[], $4::integer[], $5::bigint[], $6::text[])
            AS i (log, grain, first_version, count, at, payload)
        WHERE i.first_version = 1 + COALESCE((
            SELECT e.first_version + e.count - 1 FROM journal_events e WHERE e.log = i.log AND e.grain = i.grain
            ORDER BY e.first_version DESC LIMIT 1), 0)
        ORDER BY i.log COLLATE "C", i.grain COLLATE "C"
        ON CONFLICT DO NOTHING
        RETURNING log, grain
        """;

    // The same for a row alone, without the cost of arrays.
    private const string InsertOneSql = $"{InsertAloneSql} ON CONFLICT DO NOTHING";

    // And for a row that is the whole transaction, which is what a quiet silo writes: as there is nothing else to be
    // saved, a conflict may be an error, and the search for one before each insert is spared.
    private const string InsertAloneSql = """
        INSERT INTO journal_events (log, grain, first_version, count, at, payload)
        SELECT $1, $2, $3, $4, $5, $6
        WHERE $3 = 1 + COALESCE((
            SELECT e.first_version + e.count - 1 FROM journal_events e WHERE e.log = $1 AND e.grain = $2
            ORDER BY e.first_version DESC LIMIT 1), 0)
        """;

    private readonly List<JournalAppend> _rows = [.. batch.Where(append => append.Count > 0)];
    private readonly bool _hasMore = batch.Any(append => append.Changes.Count > 0 || append.Redactions.Count > 0);

    /// <summary>Runs it in one transaction: one round trip for events alone, one more for what goes with them.
    /// </summary>
    public async Task<AppendOutcome[]> RunAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (!_hasMore)
        {
            // A statement alone is a transaction even without BEGIN.
            return _rows.Count switch
            {
                0 => new AppendOutcome[batch.Count],
                1 => Outcomes(await InsertAloneAsync(connection, cancellationToken)),
                _ => Outcomes(await InsertAsync(connection, begin: false, cancellationToken)),
            };
        }

        var stored = await InsertAsync(connection, begin: true, cancellationToken);
        var outcomes = Outcomes(stored);
        var changes = new PostgresChanges(tables);
        var redactions = new PostgresRedactions();
        for (var i = 0; i < batch.Count; i++)
        {
            if (outcomes[i] == AppendOutcome.Stored)
            {
                Gather(batch[i], changes, redactions);
            }
        }

        await using var rest = new NpgsqlBatch(connection);
        foreach (var command in changes.Commands())
        {
            rest.BatchCommands.Add(command);
        }

        await foreach (var command in redactions.CommandsAsync(connection, cancellationToken))
        {
            rest.BatchCommands.Add(command);
        }

        rest.BatchCommands.Add(new NpgsqlBatchCommand("COMMIT"));
        await rest.ExecuteNonQueryAsync(cancellationToken);
        return outcomes;
    }

    private static void Gather(JournalAppend append, PostgresChanges changes, PostgresRedactions redactions)
    {
        foreach (var change in append.Changes)
        {
            changes.Add(append.Id.Key, change);
        }

        foreach (var redaction in append.Redactions)
        {
            redactions.Add(append.Id, redaction);
        }
    }

    private async Task<HashSet<LogId>> InsertAloneAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(InsertAloneSql, connection);
        AddRow(command.Parameters, _rows[0]);
        try
        {
            return await command.ExecuteNonQueryAsync(cancellationToken) == 1 ? [Stored(_rows[0].Id)] : [];
        }
        catch (PostgresException taken) when (taken.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return [];
        }
    }

    private async Task<HashSet<LogId>> InsertAsync(
        NpgsqlConnection connection, bool begin, CancellationToken cancellationToken)
    {
        await using var commands = new NpgsqlBatch(connection);
        if (begin)
        {
            commands.BatchCommands.Add(new NpgsqlBatchCommand("BEGIN"));
        }

        if (_rows.Count > 0)
        {
            commands.BatchCommands.Add(_rows.Count == 1 ? InsertOne(_rows[0]) : Insert());
        }

        if (_rows.Count == 1)
        {
            await commands.ExecuteNonQueryAsync(cancellationToken);
            return commands.BatchCommands[^1].Rows == 1 ? [Stored(_rows[0].Id)] : [];
        }

        var stored = new HashSet<LogId>(_rows.Count);
        await using var reader = await commands.ExecuteReaderAsync(cancellationToken);
        do
        {
            while (reader.FieldCount == 2 && await reader.ReadAsync(cancellationToken))
            {
                stored.Add(new LogId(reader.GetString(0), reader.GetString(1)));
            }
        }
        while (await reader.NextResultAsync(cancellationToken));
        return stored;
    }

    private static NpgsqlBatchCommand InsertOne(JournalAppend append)
    {
        var command = new NpgsqlBatchCommand(InsertOneSql);
        AddRow(command.Parameters, append);
        return command;
    }

    private static void AddRow(NpgsqlParameterCollection parameters, JournalAppend append)
    {
        parameters.Add(new NpgsqlParameter<string> { TypedValue = PostgresText.Write(append.Id.Log) });
        parameters.Add(new NpgsqlParameter<string> { TypedValue = PostgresText.Write(append.Id.Key) });
        parameters.Add(new NpgsqlParameter<long> { TypedValue = append.FirstVersion });
        parameters.Add(new NpgsqlParameter<int> { TypedValue = append.Count });
        parameters.Add(new NpgsqlParameter<long> { TypedValue = append.At });
        parameters.Add(new NpgsqlParameter<string> { TypedValue = Encoding.UTF8.GetString(append.Payload.Span) });
    }

    private NpgsqlBatchCommand Insert()
    {
        var command = new NpgsqlBatchCommand(InsertSql);
        Add(NpgsqlDbType.Text, append => PostgresText.Write(append.Id.Log));
        Add(NpgsqlDbType.Text, append => PostgresText.Write(append.Id.Key));
        Add(NpgsqlDbType.Bigint, append => append.FirstVersion);
        Add(NpgsqlDbType.Integer, append => append.Count);
        Add(NpgsqlDbType.Bigint, append => append.At);
        Add(NpgsqlDbType.Text, append => Encoding.UTF8.GetString(append.Payload.Span));
        return command;

        void Add<T>(NpgsqlDbType type, Func<JournalAppend, T> value) => command.Parameters.Add(new NpgsqlParameter<T[]>
        {
            NpgsqlDbType = NpgsqlDbType.Array | type,
            TypedValue = [.. _rows.Select(value)],
        });
    }

    private AppendOutcome[] Outcomes(HashSet<LogId> stored)
    {
        var outcomes = new AppendOutcome[batch.Count];
        for (var i = 0; i < batch.Count; i++)
        {
            var isStored = batch[i].Count == 0 || stored.Contains(Stored(batch[i].Id));
            outcomes[i] = isStored ? AppendOutcome.Stored : AppendOutcome.Conflict;
        }

        return outcomes;
    }

    /// <summary>A log's name as the database knows it.</summary>
    private static LogId Stored(LogId id) => new(PostgresText.Write(id.Log), PostgresText.Write(id.Key));
}
