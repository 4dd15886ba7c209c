using RedNote.Journal;

namespace RedNote.Silo.Journal;

/// <summary>
/// The journal in an SQLite file: a write-ahead log, every commit on disk before it is acknowledged, one connection
/// that writes on a thread of its own, and a few that read. Finds out when the file is gone, locked, full or replaced,
/// says so, and goes on once it is back.
/// </summary>
public sealed class SqliteJournalStore : IJournalStore, IAsyncDisposable
{
    /// <summary>The file's name in the data directory.</summary>
    public const string FileName = "journal.db";

    // A transaction of a trim; appends go between two of them.
    private const int TrimmedRows = 500;

    private const string WriteProbe =
        "INSERT INTO journal_probe (id, count) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET count = count + 1";

    private const string ReadOldest = """
        SELECT first_version, count, at FROM journal_events WHERE log = $1 AND grain = $2
        ORDER BY first_version LIMIT $3
        """;

    private const string DeleteOldest =
        "DELETE FROM journal_events WHERE log = $1 AND grain = $2 AND first_version < $3";

    private readonly string _file;
    private readonly IReadOnlyList<ProjectionTable> _tables;
    private readonly SqliteJournalOptions _options;
    private readonly SqliteAppender _appender;
    private readonly SqliteLane _writer;
    private readonly SqliteLane _readers;
    private volatile bool _started;

    /// <param name="file">The database; its folder is made with it.</param>
    /// <param name="tables">Projections that appends may change.</param>
    /// <param name="options">How to use the file; null: the defaults.</param>
    public SqliteJournalStore(
        string file, IReadOnlyList<ProjectionTable> tables, SqliteJournalOptions? options = null)
    {
        _file = Path.GetFullPath(file);
        _tables = tables;
        _options = options ?? new SqliteJournalOptions();
        _appender = new SqliteAppender(tables);
        _writer = new SqliteLane("journal writer", _file, threads: 1, _options.QueuedCalls, OpenWriter);
        _readers = new SqliteLane("journal reader", _file, _options.Readers, _options.QueuedCalls, OpenReader);
    }

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        CreateFolder();
        await _writer.RunAsync(
            session =>
            {
                SqliteSchema.Migrate(session, _tables);
                return true;
            },
            cancellationToken);
        _started = true;
    }

    /// <inheritdoc/>
    /// <remarks>Cancelling counts only as long as the batch has not begun; an append that is cancelled was not stored.
    /// </remarks>
    public Task<AppendOutcome[]> AppendAsync(
        IReadOnlyList<JournalAppend> batch, CancellationToken cancellationToken)
        => _writer.RunAndTellAsync(session => _appender.Append(session, batch), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<JournalRow>> ReadAsync(
        LogId id, VersionRange range, int maxRows, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxRows);
        return ReadAsync(session => SqliteJournalReads.Rows(session, id, range, maxRows), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<long> ReadHeadAsync(LogId id, CancellationToken cancellationToken)
        => ReadAsync(session => SqliteJournalReads.Head(session, id), cancellationToken);

    /// <inheritdoc/>
    public async Task<int> TrimAsync(LogId id, long upTo, long before, CancellationToken cancellationToken)
    {
        var trimmed = 0;
        while (true)
        {
            var (deleted, isDone) = await _writer.RunAsync(
                session => Trim(session, id, upTo, before), cancellationToken);
            trimmed += deleted;
            if (isDone)
            {
                return trimmed;
            }
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<ProjectionRow>> QueryAsync(ProjectionQuery query, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(query.Limit);
        return ReadAsync(session => SqliteJournalReads.Projection(session, query), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<LogId>> ListAsync(LogId? after, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return ReadAsync(session => SqliteJournalReads.Logs(session, after, limit), cancellationToken);
    }

    /// <inheritdoc/>
    public Task ProbeAsync(CancellationToken cancellationToken)
        => _writer.RunAsync(
            static session =>
            {
                session.Begin();
                session.Prepare(WriteProbe).Execute();
                session.Commit();
                return true;
            },
            cancellationToken).WaitAsync(cancellationToken);

    /// <summary>Takes no more calls, ends those that wait, and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        // The writer is the last to leave, so that it folds the write-ahead log back into the file.
        await _readers.DisposeAsync();
        await _writer.DisposeAsync();
    }

    // Who cancels a read is free at once; a read that has begun ends unheard.
    private Task<T> ReadAsync<T>(Func<SqliteSession, T> work, CancellationToken cancellationToken)
        => _readers.RunAsync(work, cancellationToken).WaitAsync(cancellationToken);

    private void CreateFolder()
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_file)!);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new JournalUnavailableException(
                $"The folder of the journal {_file} cannot be made: {exception.Message}", exception);
        }
    }

    private SqliteSession OpenWriter()
    {
        var session = SqliteSession.OpenWriter(_file, _options, creates: !_started);
        return _started ? Checked(session) : session;
    }

    private SqliteSession OpenReader() => Checked(SqliteSession.OpenReader(_file, _options));

    private static SqliteSession Checked(SqliteSession session)
    {
        try
        {
            SqliteSchema.Check(session);
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private static (int Deleted, bool IsDone) Trim(SqliteSession session, LogId id, long upTo, long before)
    {
        session.Begin();
        var oldest = session.Prepare(ReadOldest).Bind(1, id.Log).Bind(2, id.Key).Bind(3, TrimmedRows + 1);
        var rows = 0;
        var stays = 0L;
        while (oldest.Step())
        {
            // The last row looked at stays whatever it holds: it may be the log's newest.
            stays = oldest.Number(0);
            rows++;
            if (stays + oldest.Number(1) - 1 > upTo || oldest.Number(2) >= before)
            {
                oldest.Reset();
                rows = 0;
                break;
            }
        }

        session.Prepare(DeleteOldest).Bind(1, id.Log).Bind(2, id.Key).Bind(3, stays).Execute();
        var deleted = session.Changes;
        session.Commit();
        return (deleted, rows <= TrimmedRows);
    }
}
