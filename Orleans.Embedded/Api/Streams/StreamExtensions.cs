using RedNote.Embedded.Streams;

namespace Orleans.Streams;

/// <summary>Subscribing with functions in place of an observer.</summary>
public static class AsyncObservableExtensions
{
    public static Task<StreamSubscriptionHandle<T>> SubscribeAsync<T>(
        this IAsyncObservable<T> obs,
        Func<T, StreamSequenceToken?, Task> onNextAsync,
        Func<Exception, Task> onErrorAsync,
        Func<Task> onCompletedAsync)
        => obs.SubscribeAsync(new DelegateObserver<T>(onNextAsync, onErrorAsync, onCompletedAsync));

    public static Task<StreamSubscriptionHandle<T>> SubscribeAsync<T>(
        this IAsyncObservable<T> obs,
        Func<T, StreamSequenceToken?, Task> onNextAsync,
        Func<Exception, Task> onErrorAsync)
        => obs.SubscribeAsync(new DelegateObserver<T>(onNextAsync, onErrorAsync, null));

    public static Task<StreamSubscriptionHandle<T>> SubscribeAsync<T>(
        this IAsyncObservable<T> obs,
        Func<T, StreamSequenceToken?, Task> onNextAsync,
        Func<Task> onCompletedAsync)
        => obs.SubscribeAsync(new DelegateObserver<T>(onNextAsync, null, onCompletedAsync));

    public static Task<StreamSubscriptionHandle<T>> SubscribeAsync<T>(
        this IAsyncObservable<T> obs,
        Func<T, StreamSequenceToken?, Task> onNextAsync)
        => obs.SubscribeAsync(new DelegateObserver<T>(onNextAsync, null, null));

    public static Task<StreamSubscriptionHandle<T>> SubscribeAsync<T>(
        this IAsyncObservable<T> obs,
        Func<T, StreamSequenceToken?, Task> onNextAsync,
        Func<Exception, Task> onErrorAsync,
        Func<Task> onCompletedAsync,
        StreamSequenceToken token)
        => obs.SubscribeAsync(new DelegateObserver<T>(onNextAsync, onErrorAsync, onCompletedAsync), token);

    public static Task<StreamSubscriptionHandle<T>> SubscribeAsync<T>(
        this IAsyncObservable<T> obs,
        Func<T, StreamSequenceToken?, Task> onNextAsync,
        Func<Exception, Task> onErrorAsync,
        StreamSequenceToken token)
        => obs.SubscribeAsync(new DelegateObserver<T>(onNextAsync, onErrorAsync, null), token);

    public static Task<StreamSubscriptionHandle<T>> SubscribeAsync<T>(
        this IAsyncObservable<T> obs,
        Func<T, StreamSequenceToken?, Task> onNextAsync,
        Func<Task> onCompletedAsync,
        StreamSequenceToken token)
        => obs.SubscribeAsync(new DelegateObserver<T>(onNextAsync, null, onCompletedAsync), token);

    public static Task<StreamSubscriptionHandle<T>> SubscribeAsync<T>(
        this IAsyncObservable<T> obs,
        Func<T, StreamSequenceToken?, Task> onNextAsync,
        StreamSequenceToken token)
        => obs.SubscribeAsync(new DelegateObserver<T>(onNextAsync, null, null), token);
}

/// <summary>Resuming with functions in place of an observer.</summary>
public static class StreamSubscriptionHandleExtensions
{
    public static Task<StreamSubscriptionHandle<T>> ResumeAsync<T>(
        this StreamSubscriptionHandle<T> handle,
        Func<T, StreamSequenceToken?, Task> onNextAsync,
        Func<Exception, Task> onErrorAsync,
        Func<Task> onCompletedAsync,
        StreamSequenceToken? token = null)
        => handle.ResumeAsync(new DelegateObserver<T>(onNextAsync, onErrorAsync, onCompletedAsync), token);

    public static Task<StreamSubscriptionHandle<T>> ResumeAsync<T>(
        this StreamSubscriptionHandle<T> handle,
        Func<T, StreamSequenceToken?, Task> onNextAsync,
        Func<Exception, Task> onErrorAsync,
        StreamSequenceToken? token = null)
        => handle.ResumeAsync(new DelegateObserver<T>(onNextAsync, onErrorAsync, null), token);

    public static Task<StreamSubscriptionHandle<T>> ResumeAsync<T>(
        this StreamSubscriptionHandle<T> handle,
        Func<T, StreamSequenceToken?, Task> onNextAsync,
        Func<Task> onCompletedAsync,
        StreamSequenceToken? token = null)
        => handle.ResumeAsync(new DelegateObserver<T>(onNextAsync, null, onCompletedAsync), token);

    public static Task<StreamSubscriptionHandle<T>> ResumeAsync<T>(
        this StreamSubscriptionHandle<T> handle,
        Func<T, StreamSequenceToken?, Task> onNextAsync,
        StreamSequenceToken? token = null)
        => handle.ResumeAsync(new DelegateObserver<T>(onNextAsync, null, null), token);
}
