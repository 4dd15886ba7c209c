using RedNote.Journal;

namespace RedNote.Silo.Journal;

/// <summary>
/// A few threads with a connection each, and what waits for them. SQLite's calls block, so they must not run on the
/// thread pool; with one thread, calls run in the order they came.
/// </summary>
internal sealed class SqliteLane : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Queue<Work> _queue = [];
    private readonly SemaphoreSlim _waiting = new(0);
    private readonly string _file;
    private readonly Func<SqliteSession> _open;
    private readonly int _capacity;
    private readonly Thread[] _threads;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _running;
    private bool _closed;

    /// <param name="name">Of the threads.</param>
    /// <param name="file">For messages.</param>
    /// <param name="threads">How many calls may run at once.</param>
    /// <param name="capacity">How many may wait.</param>
    /// <param name="open">Makes a connection; called on the thread that uses it, when it has none.</param>
    public SqliteLane(string name, string file, int threads, int capacity, Func<SqliteSession> open)
    {
        _file = file;
        _open = open;
        _capacity = capacity;
        _running = threads;
        _threads = new Thread[threads];
        for (var i = 0; i < threads; i++)
        {
            _threads[i] = new Thread(Loop) { IsBackground = true, Name = $"{name} {i}" };
            _threads[i].Start();
        }
    }

    /// <summary>
    /// Runs <paramref name="work"/> on a connection. Cancelling counts as long as it has not begun. Throws
    /// <see cref="JournalUnavailableException"/> when SQLite fails; the connection is then closed, which rolls back.
    /// </summary>
    public Task<T> RunAsync<T>(Func<SqliteSession, T> work, CancellationToken cancellationToken)
        // Waiters must not run on the lane: they would hold up everybody behind them.
        => RunAsync(work, TaskCreationOptions.RunContinuationsAsynchronously, cancellationToken);

    /// <summary>
    /// As <see cref="RunAsync{T}(Func{SqliteSession, T}, CancellationToken)"/>, and what waits for it runs on the lane,
    /// before the lane's next call: for who has little to do then, and to whom a change of threads is dear.
    /// </summary>
    public Task<T> RunAndTellAsync<T>(Func<SqliteSession, T> work, CancellationToken cancellationToken)
        => RunAsync(work, TaskCreationOptions.None, cancellationToken);

    /// <summary>Takes no more calls, ends those that wait, and closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (!_closed)
            {
                _closed = true;
                _waiting.Release(_threads.Length);
            }
        }

        await _ended.Task;
    }

    private Task<T> RunAsync<T>(
        Func<SqliteSession, T> work, TaskCreationOptions telling, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellationToken);
        }

        var item = new Work<T>(work, telling, cancellationToken);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(SqliteJournalStore));
            if (_queue.Count >= _capacity)
            {
                return Task.FromException<T>(new JournalUnavailableException(
                    $"The journal {_file} is overloaded: {_capacity} calls wait for it."));
            }

            _queue.Enqueue(item);
        }

        _waiting.Release();
        return item.Task;
    }

    private void Loop()
    {
        SqliteSession? session = null;
        while (Take() is { } work)
        {
            session = Run(session, work);
        }

        session?.Dispose();
        if (Interlocked.Decrement(ref _running) == 0)
        {
            _ended.SetResult();
        }
    }

    /// <summary>The next call; null when the lane was closed and nothing waits any more.</summary>
    private Work? Take()
    {
        _waiting.Wait();
        lock (_gate)
        {
            return _queue.TryDequeue(out var work) ? work : null;
        }
    }

    private SqliteSession? Run(SqliteSession? session, Work work)
    {
        if (work.IsCancelled())
        {
            return session;
        }

        try
        {
            if (session is not null && session.HasMoved())
            {
                // Perhaps another file has taken its place, as after a restored backup.
                session.Dispose();
                session = null;
            }

            session ??= _open();
            work.Run(session);
            return session;
        }
        catch (Exception exception)
        {
            // What state the connection is in is not known, nor whether its file is still good. A new one finds out.
            session?.Dispose();
            work.Fail(exception is SqliteFailure failure ? failure.Explain(_file) : exception);
            return null;
        }
    }

    private abstract class Work
    {
        public abstract bool IsCancelled();

        public abstract void Run(SqliteSession session);

        public abstract void Fail(Exception exception);
    }

    private sealed class Work<T>(
        Func<SqliteSession, T> work, TaskCreationOptions telling, CancellationToken cancellationToken) : Work
    {
        private readonly TaskCompletionSource<T> _completion = new(telling);

        public Task<T> Task => _completion.Task;

        public override bool IsCancelled()
            => cancellationToken.IsCancellationRequested && _completion.TrySetCanceled(cancellationToken);

        public override void Run(SqliteSession session) => _completion.SetResult(work(session));

        public override void Fail(Exception exception) => _completion.TrySetException(exception);
    }
}
