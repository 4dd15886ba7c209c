using System.Collections.Concurrent;
using System.Data.Common;

namespace RedNote.Embedded.Storage;

/// <summary>
/// One SQLite file: one writer connection on a lane of its own, which commits whatever has queued up meanwhile in one
/// transaction (group commit), and a few reader connections. More writers would only wait for each other, and SQLite's
/// asynchronous calls block their thread, so neither may run on the silo's scheduler.
/// </summary>
internal sealed class SqliteDatabase : IDisposable
{
    private readonly DbProviderFactory _factory;
    private readonly string _connectionString;
    private readonly SqliteOptions _options;
    private readonly IBlockingLanes _lanes;
    private readonly Lock _gate = new();
    private Lane? _writer;
    private Lane[] _readers = [];
    private uint _nextReader;
    private int _users;

    public SqliteDatabase(
        DbProviderFactory factory, string connectionString, SqliteOptions options, IBlockingLanes lanes)
    {
        _factory = factory;
        _options = options;
        _lanes = lanes;
        var builder = factory.CreateConnectionStringBuilder()!;
        builder.ConnectionString = connectionString;
        // Connections live as long as the database; a pool would keep the file open after them.
        builder["Pooling"] = false;
        _connectionString = builder.ConnectionString;
    }

    /// <summary>Opens the file for one more user.</summary>
    public async Task OpenAsync()
    {
        List<Task> opened = [];
        lock (_gate)
        {
            if (_users++ == 0)
            {
                _writer = new Lane(this, "sqlite writer", isWriter: true);
                // The writer goes first: it creates the file that the readers open, each when it is first used.
                opened.Add(_writer.Enqueue(static _ => true));
                _readers = new Lane[_options.Readers];
                for (var i = 0; i < _readers.Length; i++)
                {
                    _readers[i] = new Lane(this, $"sqlite reader {i}", isWriter: false);
                }
            }
        }

        await Task.WhenAll(opened);
    }

    /// <summary>
    /// Runs <paramref name="work"/> in a transaction, together with what others wait for; the task completes once that
    /// is on disk. Work that throws has no effect, and none on the others of its batch. It may run twice.
    /// </summary>
    public Task<T> WriteAsync<T>(Func<SqliteSession, T> work) => Open(_writer).Enqueue(work);

    /// <summary>Runs <paramref name="work"/> on a reader; it sees every write that was acknowledged before.</summary>
    public Task<T> ReadAsync<T>(Func<SqliteSession, T> work)
    {
        var readers = _readers;
        var next = Interlocked.Increment(ref _nextReader);
        return Open(readers.Length == 0 ? null : readers[next % readers.Length]).Enqueue(work);
    }

    /// <summary>Ends one use; after the last, finishes what is queued and closes the file.</summary>
    public void Close() => Close(uses: 1);

    public void Dispose() => Close(uses: int.MaxValue);

    private void Close(int uses)
    {
        List<Lane> closing;
        lock (_gate)
        {
            if (_users == 0)
            {
                return;
            }

            _users = Math.Max(0, _users - uses);
            if (_users > 0)
            {
                return;
            }

            closing = [.. _readers, _writer!];
            _readers = [];
            _writer = null;
        }

        // Readers first, so that the writer is the last to leave and folds the log back into the file.
        foreach (var lane in closing)
        {
            lane.Dispose();
        }
    }

    private static Lane Open(Lane? lane)
        => lane ?? throw new ObjectDisposedException(nameof(SqliteDatabase), "The database is not open.");

    private SqliteSession Connect(bool writes)
    {
        var connection = _factory.CreateConnection()!;
        connection.ConnectionString = _connectionString;
        return new SqliteSession(connection, _options, writes);
    }

    private sealed class Lane : IDisposable
    {
        private readonly ConcurrentQueue<SqliteWork> _queue = new();
        private readonly List<SqliteWork> _batch = [];
        private readonly SqliteDatabase _database;
        private readonly bool _isWriter;
        private readonly IBlockingLane _lane;
        private SqliteSession? _session;
        private volatile bool _closed;

        public Lane(SqliteDatabase database, string name, bool isWriter)
        {
            _database = database;
            _isWriter = isWriter;
            _lane = database._lanes.Open(name, Run);
        }

        public Task<T> Enqueue<T>(Func<SqliteSession, T> work)
        {
            var item = new SqliteWork<T>(work);
            _queue.Enqueue(item);
            if (_closed)
            {
                // Nobody may run any more; failing what is done already changes nothing.
                item.Fail(new ObjectDisposedException(nameof(SqliteDatabase)));
            }
            else
            {
                _lane.Signal();
            }

            return item.Task;
        }

        public void Dispose()
        {
            _closed = true;
            _lane.Dispose();
            _session?.Dispose();
        }

        private void Run()
        {
            while (TakeBatch())
            {
                try
                {
                    _session ??= _database.Connect(_isWriter);
                    Execute(_session);
                }
                catch (Exception exception)
                {
                    _session?.Rollback();
                    FailBatch(exception);
                }
            }
        }

        private bool TakeBatch()
        {
            _batch.Clear();
            var limit = _isWriter ? _database._options.MaxBatch : 1;
            while (_batch.Count < limit && _queue.TryDequeue(out var work))
            {
                _batch.Add(work);
            }

            return _batch.Count > 0;
        }

        private void Execute(SqliteSession session)
        {
            if (!_isWriter)
            {
                ExecuteAlone(session, _batch[0]);
                return;
            }

            session.Begin();
            if (TryExecuteBatch(session))
            {
                session.Commit();
                foreach (var work in _batch)
                {
                    work.Complete();
                }

                return;
            }

            session.Rollback();
            foreach (var work in _batch)
            {
                ExecuteAlone(session, work);
            }
        }

        /// <summary>Answers false if one of them threw: a broken statement may have ended the transaction.</summary>
        private bool TryExecuteBatch(SqliteSession session)
        {
            try
            {
                foreach (var work in _batch)
                {
                    work.Execute(session);
                }

                return true;
            }
            catch (Exception)
            {
                // Which of them it was shows when each runs alone, and then it is told.
                return false;
            }
        }

        private void ExecuteAlone(SqliteSession session, SqliteWork work)
        {
            try
            {
                if (_isWriter)
                {
                    session.Begin();
                }

                work.Execute(session);
                if (_isWriter)
                {
                    session.Commit();
                }

                work.Complete();
            }
            catch (Exception exception)
            {
                session.Rollback();
                work.Fail(exception);
            }
        }

        private void FailBatch(Exception exception)
        {
            foreach (var work in _batch)
            {
                work.Fail(exception);
            }
        }
    }
}
