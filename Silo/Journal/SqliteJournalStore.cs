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

    private const string WriteProbe =
        "INSERT INTO journal_probe (id, count) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET count = count + 1";

    private readonly string _file;
    private readonly IReadOnlyList<ProjectionTable> _tables;
    private readonly SqliteJournalOptions _options;
    private readonly SqliteIndex _index;
    private readonly SqliteAppender _appender;
    private readonly SqliteTrim _trim;
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
        _index = new SqliteIndex(_options.UnindexedRows);
        _appender = new SqliteAppender(_index, tables);
        _trim = new SqliteTrim(_index);
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
        while (await _writer.RunAsync(_index.CatchUp, cancellationToken))
        {
        }

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
        return ReadAsync(
            session => SqliteLogReads.Rows(session, _index.Published, id, range, maxRows), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<long> ReadHeadAsync(LogId id, CancellationToken cancellationToken)
        => ReadAsync(session => SqliteLogReads.Head(session, _index.Published, id), cancellationToken);

    /// <inheritdoc/>
    public async Task<int> TrimAsync(LogId id, long upTo, long before, CancellationToken cancellationToken)
    {
        var trimmed = 0;
        while (true)
        {
            var (deleted, isDone) = await _writer.RunAsync(
                session => _trim.Run(session, id, upTo, before), cancellationToken);
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
        return ReadAsync(session => SqliteProjectionReads.Rows(session, query), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<LogId>> ListAsync(LogId? after, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return ReadAsync(session => SqliteLogReads.Logs(session, _index.Published, after, limit), cancellationToken);
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
}
