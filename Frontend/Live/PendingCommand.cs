using System.Threading.Tasks.Sources;
using RedNote.Live;

namespace RedNote.Frontend.Live;

/// <summary>
/// A command on its way to a room, and the place where its sender waits. Used over and over: a busy room would
/// otherwise leave a task behind for every danmaku.
/// </summary>
internal sealed class PendingCommand(Action<PendingCommand> recycle) : IValueTaskSource<RoomAnswer>
{
    // Senders go on elsewhere: a batch of hundreds must not be answered one after the other by its gateway.
    private ManualResetValueTaskSourceCore<RoomAnswer> _core = new() { RunContinuationsAsynchronously = true };

    public RoomCommand Command { get; set; } = null!;

    /// <summary>Which answer of the batch is this one's.</summary>
    public int Slot { get; set; }

    public ValueTask<RoomAnswer> Task => new(this, _core.Version);

    public void Complete(RoomAnswer answer) => _core.SetResult(answer);

    RoomAnswer IValueTaskSource<RoomAnswer>.GetResult(short token)
    {
        var answer = _core.GetResult(token);
        _core.Reset();
        Command = null!;
        recycle(this);
        return answer;
    }

    ValueTaskSourceStatus IValueTaskSource<RoomAnswer>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<RoomAnswer>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
        => _core.OnCompleted(continuation, state, token, flags);
}
