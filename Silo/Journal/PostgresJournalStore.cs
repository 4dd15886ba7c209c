using Npgsql;
using RedNote.Journal;

namespace RedNote.Silo.Journal;

/// <summary>
/// Logs and projections in a PostgreSQL database that any number of silos share. A batch is one transaction: one
/// statement inserts the events of all its logs, and one or two per projection table follow.
/// </summary>
/// <remarks>
/// Why a log cannot fork, although the head of a log is read without a lock and at READ COMMITTED: rows of a log form a
/// chain in which each begins where the one before it ends. A row with first version v goes in only if the head in the
/// statement's snapshot was v - 1. Had another transaction extended the log since that snapshot, the row that follows
/// the head would begin with v too; the primary key lets one of the two in, and the other waits for the first one's
/// commit and is then passed over (ON CONFLICT DO NOTHING), or refused where it is alone. So nobody can have extended
/// it, and the chain goes on. The argument needs that the row in the way stays where it is: rows that are trimmed are
/// never the newest, but could be newer than an old snapshot. Trimming therefore lets the appends end first that could
/// have one (<see cref="PostgresTrim"/>).
/// </remarks>
public sealed class PostgresJournalStore : IJournalStore, IAsyncDisposable
{
    private const int Attempts = 3;

    private readonly PostgresJournalOptions _options;
    private readonly PostgresFailures _failures;
    private readonly PostgresTables _tables;
    private readonly NpgsqlDataSource _writes;
    private readonly NpgsqlDataSource _reads;

    /// <param name="connectionString">Npgsql's; settings of the pool, of time limits and of preparing are the
    /// store's own.</param>
    /// <param name="tables">The projection tables of all logs.</param>
    /// <param name="options">Null: the defaults.</param>
    public PostgresJournalStore(
        string connectionString, IReadOnlyList<ProjectionTable> tables, PostgresJournalOptions? options = null)
    {
        _options = options ?? new PostgresJournalOptions();
        _tables = new PostgresTables(tables);
        var given = new NpgsqlConnectionStringBuilder(connectionString);
        _failures = new PostgresFailures(given);
        // One for the batch, one for a probe or a trim beside it.
        _writes = PostgresConnections.Create(given, 2, _options);
        _reads = PostgresConnections.Create(given, _options.ReadConnections, _options);
    }

    public Task StartAsync(CancellationToken cancellationToken) => GuardAsync(
        async token =>
        {
            await using var connection = await _writes.OpenConnectionAsync(token);
            await new PostgresSchema(_tables).ApplyAsync(connection, token);
            await PostgresJournalSql.ProbeAsync(connection, token);
            return true;
        },
        _options.MigrationTimeoutMs,
        cancellationToken);

    public async Task<AppendOutcome[]> AppendAsync(
        IReadOnlyList<JournalAppend> batch, CancellationToken cancellationToken)
    {
        if (batch.Count == 0)
        {
            return [];
        }

        var append = new PostgresAppend(batch, _tables);
        return await GuardAsync(
            async token =>
            {
                for (var attempt = 1; ; attempt++)
                {
                    await using var connection = await _writes.OpenConnectionAsync(token);
                    try
                    {
                        return await append.RunAsync(connection, token);
                    }
                    catch (Exception failure) when (PostgresFailures.MayRepeat(failure) && attempt < Attempts)
                    {
                        // Rolled back for another node's sake: its outcome is known, so that it may be repeated.
                    }
                }
            },
            _options.TimeoutMs,
            cancellationToken);
    }

    public Task<IReadOnlyList<JournalRow>> ReadAsync(
        LogId id, VersionRange range, int maxRows, CancellationToken cancellationToken)
        => ReadAsync(PostgresJournalSql.Rows(id, range, maxRows), PostgresJournalSql.Row, cancellationToken);

    public async Task<long> ReadHeadAsync(LogId id, CancellationToken cancellationToken)
    {
        var head = await ReadAsync(PostgresJournalSql.Head(id), reader => reader.GetInt64(0), cancellationToken);
        return head.Count == 0 ? 0 : head[0];
    }

    public async Task<int> TrimAsync(LogId id, long upTo, long before, CancellationToken cancellationToken)
    {
        // Piece by piece, so that none takes longer than the time limit.
        for (var total = 0; ;)
        {
            var deleted = await GuardAsync(
                async token =>
                {
                    await using var connection = await _writes.OpenConnectionAsync(token);
                    return await PostgresTrim.RunAsync(connection, id, upTo, before, _options.TrimRows, token);
                },
                _options.TimeoutMs,
                cancellationToken);
            total += deleted;
            if (deleted < _options.TrimRows)
            {
                return total;
            }
        }
    }

    public Task<IReadOnlyList<ProjectionRow>> QueryAsync(ProjectionQuery query, CancellationToken cancellationToken)
    {
        var table = _tables.Of(query.Table);
        return query.ParseWords() is { } words
            ? SearchAsync(table, query, words, cancellationToken)
            : ReadAsync(table.Select(query), table.Read, cancellationToken);
    }

    public Task<IReadOnlyList<LogId>> ListAsync(LogId? after, int limit, CancellationToken cancellationToken)
        => ReadAsync(PostgresJournalSql.Logs(after, limit), PostgresJournalSql.Log, cancellationToken);

    public Task ProbeAsync(CancellationToken cancellationToken) => GuardAsync(
        async token =>
        {
            await using var connection = await _writes.OpenConnectionAsync(token);
            await PostgresJournalSql.ProbeAsync(connection, token);
            return true;
        },
        _options.TimeoutMs,
        cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _writes.DisposeAsync();
        await _reads.DisposeAsync();
    }

    private async Task<IReadOnlyList<ProjectionRow>> SearchAsync(
        PostgresTable table, ProjectionQuery query, SearchWords words, CancellationToken cancellationToken)
    {
        if (words.IsEmpty)
        {
            return [];
        }

        var near = await ReadAsync(table.SearchNear(query, words), table.Read, cancellationToken);
        return near.Count == query.Limit
            ? near
            : await ReadAsync(table.SearchAll(query, words), table.Read, cancellationToken);
    }

    private Task<IReadOnlyList<T>> ReadAsync<T>(
        NpgsqlCommand command, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
        => GuardAsync<IReadOnlyList<T>>(
            async token =>
            {
                await using var owned = command;
                await using var connection = await _reads.OpenConnectionAsync(token);
                command.Connection = connection;
                await using var reader = await command.ExecuteReaderAsync(token);
                List<T> rows = [];
                while (await reader.ReadAsync(token))
                {
                    rows.Add(read(reader));
                }

                return rows;
            },
            _options.TimeoutMs,
            cancellationToken);

    /// <summary>Bounds the time that something takes, and puts failures of the database into words.</summary>
    private async Task<T> GuardAsync<T>(
        Func<CancellationToken, Task<T>> run, int timeoutMs, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeoutMs);
        try
        {
            return await run(limit.Token).ConfigureAwait(false);
        }
        catch (Exception failure) when (PostgresFailures.IsOfDatabase(failure))
        {
            if (failure is not PostgresException { IsTransient: false })
            {
                // What ended one connection has most likely ended the others that lie ready.
                _writes.Clear();
                _reads.Clear();
            }

            cancellationToken.ThrowIfCancellationRequested();
            throw limit.IsCancellationRequested && failure is not PostgresException
                ? _failures.Late(failure, timeoutMs)
                : _failures.Explain(failure, timeoutMs);
        }
    }
}
