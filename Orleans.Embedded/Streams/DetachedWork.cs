namespace RedNote.Embedded.Streams;

/// <summary>
/// Work on behalf of somebody whose context it must not depend on: a grain that ends half-way would keep its
/// continuations, and what they hold, for ever. It starts as an item of the engine's scheduler.
/// </summary>
internal sealed class DetachedWork<T> : IThreadPoolWorkItem
{
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Func<Task<T>> _work;

    private DetachedWork(Func<Task<T>> work) => _work = work;

    public static Task<T> Run(IWorkScheduler scheduler, Func<Task<T>> work)
    {
        var item = new DetachedWork<T>(work);
        scheduler.Schedule(item);
        return item._completion.Task;
    }

    public void Execute() => _ = Complete();

    private async Task Complete()
    {
        try
        {
            _completion.SetResult(await _work());
        }
        catch (Exception exception)
        {
            _completion.SetException(exception);
        }
    }
}
