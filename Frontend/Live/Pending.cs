using System.Threading.Tasks.Sources;

namespace RedNote.Frontend.Live;

/// <summary>Is told the answers to what it sent, instead of waiting for each.</summary>
internal interface IAnswerTaker<TItem, TAnswer>
{
    /// <summary>Takes one answer; more may follow before <see cref="Flush"/>. Never fails.</summary>
    /// <param name="item">What was sent.</param>
    /// <param name="call">As the taker named it.</param>
    /// <param name="answer">What became of it.</param>
    void Answer(TItem item, TakerCall call, TAnswer answer);

    /// <summary>No more answers come for now.</summary>
    void Flush();
}

/// <summary>What a taker wants to hear again with an answer.</summary>
/// <param name="Id">Its name for the call, or null.</param>
/// <param name="Place">Where the call went.</param>
internal readonly record struct TakerCall(string? Id, object? Place);

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
    private TakerCall _call;

    public TItem Item { get; set; } = default!;

    /// <summary>Who is told the answer; null: whoever waits for <see cref="Task"/>.</summary>
    public IAnswerTaker<TItem, TAnswer>? Taker { get; private set; }

    /// <summary>Which answer of the batch is this one's.</summary>
    public int Slot { get; set; }

    public ValueTask<TAnswer> Task => new(this, _core.Version);

    /// <summary>Says who is told the answer.</summary>
    public void Tell(IAnswerTaker<TItem, TAnswer> taker, TakerCall call) => (Taker, _call) = (taker, call);

    public void Complete(TAnswer answer)
    {
        if (Taker is null)
        {
            _core.SetResult(answer);
            return;
        }

        Taker.Answer(Item, _call, answer);
        (Taker, _call) = (null, default);
        Item = default!;
        recycle(this);
    }

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
