namespace RedNote.Load.Measure;

/// <summary>Runs what keeps a thread busy for long on a thread of its own, so that a pool thread does not lend its core
/// to continuations.</summary>
internal static class OwnThread
{
    /// <summary>Ends when <paramref name="run"/> has; not begun if <paramref name="ct"/> is cancelled before.</summary>
    public static Task Run(Action run, CancellationToken ct = default)
        => Task.Factory.StartNew(run, ct, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <inheritdoc cref="Run(Action, CancellationToken)"/>
    public static Task<T> Run<T>(Func<T> run, CancellationToken ct = default)
        => Task.Factory.StartNew(run, ct, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
