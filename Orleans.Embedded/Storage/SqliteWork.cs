namespace RedNote.Embedded.Storage;

/// <summary>Something to do on a connection, and somebody who waits for it.</summary>
internal abstract class SqliteWork
{
    public abstract void Execute(SqliteSession session);

    /// <summary>Tells the waiter what the last execution answered; called after the commit.</summary>
    public abstract void Complete();

    public abstract void Fail(Exception exception);
}

internal sealed class SqliteWork<T>(Func<SqliteSession, T> work) : SqliteWork
{
    // Waiters must not run on the lane: they would hold up everybody behind them.
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T _answer = default!;

    public Task<T> Task => _completion.Task;

    public override void Execute(SqliteSession session) => _answer = work(session);

    public override void Complete() => _completion.TrySetResult(_answer);

    public override void Fail(Exception exception) => _completion.TrySetException(exception);
}
