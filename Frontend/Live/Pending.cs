using System.Threading.Tasks.Sources;

namespace RedNote.Frontend.Live;

/// <summary>
/// Something on its way to a grain, and the place where its sender waits. Used over and over: a busy room or deal would
/// otherwise leave a task behind for every danmaku or order.
/// </summary>
/// <typeparam name="TItem">What is sent.</typeparam>
/// <typeparam name="TAnswer">What is answered.</typeparam>
internal sealed class Pending<TItem, TAnswer>(Action<Pending<TItem, TAnswer>> recycle) : IValueTaskSource<TAnswer>
{
    // Senders go on elsewhere: a batch of hundreds must not be answered one after the other by its gateway.
    private ManualResetValueTaskSourceCore<TAnswer> _core = new() { RunContinuationsAsynchronously = true };

    public TItem Item { get; set; } = default!;

    /// <summary>Which answer of the batch is this one's.</summary>
    public int Slot { get; set; }

    public ValueTask<TAnswer> Task => new(this, _core.Version);

    public void Complete(TAnswer answer) => _core.SetResult(answer);

    TAnswer IValueTaskSource<TAnswer>.GetResult(short token)
    {
        var answer = _core.GetResult(token);
        _core.Reset();
        Item = default!;
        recycle(this);
        return answer;
    }

    ValueTaskSourceStatus IValueTaskSource<TAnswer>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<TAnswer>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
        => _core.OnCompleted(continuation, state, token, flags);
}
