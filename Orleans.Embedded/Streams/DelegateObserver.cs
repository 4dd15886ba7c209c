using Orleans.Streams;

namespace RedNote.Embedded.Streams;

/// <summary>An observer made of functions; those that are null do nothing.</summary>
internal sealed class DelegateObserver<T>(
    Func<T, StreamSequenceToken?, Task> onNext, Func<Exception, Task>? onError, Func<Task>? onCompleted)
    : IAsyncObserver<T>
{
    private readonly Func<T, StreamSequenceToken?, Task> _onNext =
        onNext ?? throw new ArgumentNullException(nameof(onNext));

    public Task OnNextAsync(T item, StreamSequenceToken? token = null) => _onNext(item, token);

    public Task OnErrorAsync(Exception ex) => onError?.Invoke(ex) ?? Task.CompletedTask;

    public Task OnCompletedAsync() => onCompleted?.Invoke() ?? Task.CompletedTask;
}
