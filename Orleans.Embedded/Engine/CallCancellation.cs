namespace RedNote.Embedded;

/// <summary>
/// The two ends of a cancellable call. Cancelling frees the caller at once; the callee is only told, as a turn of its
/// activation, and goes on as it likes.
/// </summary>
internal sealed class CallCancellation(GrainRequest request, CancellationToken callerToken) : IDisposable
{
    private readonly CancellationTokenSource _callee = new();
    private CancellationTokenRegistration _registration;

    internal CancellationToken CalleeToken => _callee.Token;

    internal void Listen()
        => _registration = callerToken.UnsafeRegister(static state => ((CallCancellation)state!).OnCancelled(), this);

    // The callee's source is not disposed of: the callee may still hold its token, and it has no timer to release.
    public void Dispose() => _registration.Unregister();

    private void OnCancelled()
    {
        request.CancelCaller(callerToken);
        if (request.Host is Activation activation)
            activation.Push(new ActionNode(_ => _callee.Cancel()));
        else
            _callee.Cancel();
    }
}
