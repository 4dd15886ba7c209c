namespace RedNote.Frontend.Live;

/// <summary>An answer for many people, asked for at most once in a while however many look.</summary>
/// <param name="maxAge">How long an answer is good.</param>
/// <param name="time">The clock.</param>
/// <param name="ask">Gets it. After a failure the next who looks asks again.</param>
internal sealed class RecentAnswer<T>(TimeSpan maxAge, TimeProvider time, Func<Task<T>> ask)
{
    private readonly Lock _gate = new();
    private Task<T>? _answer;
    private long _askedAt;

    public Task<T> Get()
    {
        lock (_gate)
        {
            if (_answer is null or { IsFaulted: true } or { IsCanceled: true }
                || (_answer.IsCompleted && time.GetElapsedTime(_askedAt) >= maxAge))
            {
                (_answer, _askedAt) = (ask(), time.GetTimestamp());
            }

            return _answer;
        }
    }
}
