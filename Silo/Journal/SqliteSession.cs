using System.Diagnostics;
using SQLitePCL;

namespace RedNote.Silo.Journal;

/// <summary>
/// A connection to the journal's file with its prepared statements; used by one thread at a time.
/// </summary>
/// <remarks>
/// Nothing in this process may open the file in any other way than through SQLite: closing any descriptor of it drops
/// the locks that SQLite holds on it (a rule of POSIX), and two processes could then write at once.
/// </remarks>
internal sealed class SqliteSession : IDisposable
{
    private readonly sqlite3 _database;
    private readonly string _log;
    private readonly Dictionary<string, SqliteStatement> _statements = [];

    static SqliteSession() => Batteries_V2.Init();

    private SqliteSession(string file, sqlite3 database)
    {
        File = file;
        _database = database;
        _log = file + "-wal";
    }

    public string File { get; }

    /// <summary>Id of the row that was inserted last.</summary>
    public long LastId => raw.sqlite3_last_insert_rowid(_database);

    internal sqlite3 Handle => _database;

    /// <summary>Opens the file for writing, with a commit being on disk when it returns.</summary>
    /// <param name="file">The database.</param>
    /// <param name="options">How to use it.</param>
    /// <param name="creates">Makes the file when it is missing. Only at the start: later it would hide a loss.</param>
    public static SqliteSession OpenWriter(string file, SqliteJournalOptions options, bool creates)
    {
        var session = Open(file, options, creates ? raw.SQLITE_OPEN_CREATE : 0);
        try
        {
            session.UseWriteAheadLog(options.BusyTimeoutMs);
            session.Run("PRAGMA synchronous = FULL");
            session.Run($"PRAGMA wal_autocheckpoint = {options.CheckpointPages}");
            // Gives the space of a log back that a long read had made big.
            session.Run($"PRAGMA journal_size_limit = {options.CheckpointPages * 4L * 4096}");
            session.Run($"PRAGMA cache_size = -{options.CacheKiB}");
            if (options.MaxPages > 0)
            {
                session.Run($"PRAGMA max_page_count = {options.MaxPages}");
            }

            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Opens the file for reading. It has to be there.</summary>
    public static SqliteSession OpenReader(string file, SqliteJournalOptions options)
    {
        var session = Open(file, options, 0);
        try
        {
            session.Run("PRAGMA query_only = 1");
            session.Run($"PRAGMA cache_size = -{options.CacheKiB / 8}");
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Makes the file, or opens it, as it is.</summary>
    public static SqliteSession OpenBare(string file)
        => Open(file, new SqliteJournalOptions(), raw.SQLITE_OPEN_CREATE);

    public static SqliteFailure Failure(sqlite3 database)
        => new(raw.sqlite3_extended_errcode(database), raw.sqlite3_errmsg(database).utf8_to_string());

    /// <summary>The statement of this text, prepared once per session.</summary>
    public SqliteStatement Prepare(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement))
        {
            statement = PrepareOnce(sql);
            _statements.Add(sql, statement);
        }

        return statement;
    }

    /// <summary>Runs a statement that is not worth keeping.</summary>
    public void Run(string sql)
    {
        using var statement = PrepareOnce(sql);
        statement.Execute();
    }

    /// <summary>Takes the write lock, waiting for other programs as long as the options allow.</summary>
    public void Begin() => Prepare("BEGIN IMMEDIATE").Execute();

    /// <summary>
    /// Commits; on disk when it returns. Throws when the files were deleted or replaced meanwhile, as what was written
    /// would then be found by nobody.
    /// </summary>
    public void Commit()
    {
        Prepare("COMMIT").Execute();
        if (HasMoved())
        {
            throw SqliteFailure.Moved(File);
        }

        if (!SqliteNative.Exists(_log))
        {
            throw SqliteFailure.Moved(_log);
        }
    }

    public bool HasMoved() => SqliteNative.HasMoved(_database);

    /// <summary>Closes the connection; an open transaction is rolled back.</summary>
    public void Dispose()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
        }

        _statements.Clear();
        raw.sqlite3_close_v2(_database);
    }

    private static SqliteSession Open(string file, SqliteJournalOptions options, int flags)
    {
        flags |= raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_NOMUTEX;
        var result = raw.sqlite3_open_v2(file, out var database, flags, null);
        var session = new SqliteSession(file, database);
        if (result != raw.SQLITE_OK)
        {
            var failure = Failure(database);
            session.Dispose();
            throw failure;
        }

        raw.sqlite3_extended_result_codes(database, 1);
        raw.sqlite3_busy_timeout(database, options.BusyTimeoutMs);
        return session;
    }

    /// <summary>SQLite does not wait for the lock that this needs when several do it at once, so it is tried again.
    /// </summary>
    private void UseWriteAheadLog(int timeoutMs)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                using var statement = PrepareOnce("PRAGMA journal_mode = WAL");
                if (statement.Step() && statement.Text(0) == "wal")
                {
                    return;
                }

                throw new SqliteFailure(raw.SQLITE_CANTOPEN, "its file system has no write-ahead log");
            }
            catch (SqliteFailure failure) when (failure.Code == raw.SQLITE_BUSY
                && Stopwatch.GetElapsedTime(started).TotalMilliseconds < timeoutMs)
            {
                Thread.Sleep(5);
            }
        }
    }

    private SqliteStatement PrepareOnce(string sql)
    {
        if (raw.sqlite3_prepare_v2(_database, sql, out var statement) != raw.SQLITE_OK)
        {
            throw Failure(_database);
        }

        return new SqliteStatement(_database, statement);
    }
}
