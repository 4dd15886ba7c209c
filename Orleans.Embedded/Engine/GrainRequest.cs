using System.Reflection;
using Orleans;
using Orleans.Runtime;
using Orleans.Serialization.Invocation;

namespace RedNote.Embedded;

/// <summary>
/// One call on its way: its arguments (fields of the emitted class), the promise to the caller, and its place in a
/// mailbox, all in one object.
/// </summary>
internal abstract class GrainRequest : WorkNode, IInvokable
{
    private CallCancellation? _cancellation;

    protected GrainRequest(MethodDescriptor method)
    {
        Method = method;
        Flags = method.Flags;
    }

    internal MethodDescriptor Method { get; }

    internal RequestFlags Flags { get; set; }

    internal GrainReference? Reference { get; set; }

    /// <summary>The activation that sent the call; null when it was not a grain.</summary>
    internal IGrainContext? Source { get; private set; }

    internal Dictionary<string, object>? Context { get; private set; }

    /// <summary>How long the caller waits, in milliseconds; zero: for ever.</summary>
    internal long TimeoutMs { get; set; }

    /// <summary>
    /// When the caller stops waiting, on the silo's coarse clock. The first sweep that finds the request sets it, so
    /// that a call costs no look at a clock and that late sweeps make timeouts late, never early.
    /// </summary>
    internal long Deadline { get; set; } = long.MaxValue;

    internal object? Target { get; set; }

    internal IRequestHost? Host { get; set; }

    /// <summary>The neighbours in the list of requests under way; the host's lock guards them.</summary>
    internal GrainRequest? RunningNext { get; set; }

    internal GrainRequest? RunningPrevious { get; set; }

    internal byte Forwards { get; set; }

    internal bool Is(RequestFlags flag) => (Flags & flag) != 0;

    /// <summary>Whether the caller has an answer already: a result, a timeout, or its own cancellation.</summary>
    internal abstract bool IsAnswered { get; }

    internal override void RunTurn(Activation activation) => activation.OnRequest(this);

    /// <summary>
    /// Calls the target. True: done, and answered. False: under way; the host is told on <paramref name="scheduler"/>.
    /// </summary>
    internal abstract bool Invoke(object target, IRequestHost host, TaskScheduler scheduler);

    /// <summary>Answers with a failure; false when there is an answer already.</summary>
    internal abstract bool Fail(Exception exception);

    /// <summary>The call with its result as an object, for filters; answers nobody.</summary>
    internal abstract Task<object?> CallBoxed(object target);

    internal abstract void AnswerBoxed(object? result);

    /// <summary>What escaped from the call, so that the host can look at it; null when nothing did.</summary>
    internal Exception? Failure { get; set; }

    /// <summary>
    /// Gives the token that the callee sees; the caller's own one must not run callbacks in the grain.
    /// </summary>
    public CancellationToken AttachToken(CancellationToken token)
    {
        if (!token.CanBeCanceled) return token;
        _cancellation = new CallCancellation(this, token);
        return _cancellation.CalleeToken;
    }

    /// <summary>A grain that passes itself passes a reference: nobody else may call the object.</summary>
    public static T AsArgument<T>(T value) where T : class, IAddressable => value switch
    {
        null or GrainReference => value!,
        IGrainBase => value.AsReference<T>(),
        IGrainObserver => throw new NotSupportedException(
            $"A {value.GetType()} cannot be passed itself: pass what CreateObjectReference makes of it."),
        _ => value,
    };

    internal void Prepare(GrainReference reference)
    {
        Reference = reference;
        Source = RuntimeContext.Current;
        Context = RequestContext.Current;
    }

    /// <summary>Ends the registration at the caller's token: the call is over.</summary>
    protected void ReleaseToken() => _cancellation?.Dispose();

    /// <summary>False: the caller's token was cancelled already, and the call is not to be sent.</summary>
    internal bool ListenForCancellation()
    {
        if (_cancellation is null) return true;
        _cancellation.Listen();
        return !IsAnswered;
    }

    internal abstract void CancelCaller(CancellationToken token);

    public object? GetTarget() => Target;

    public virtual int GetArgumentCount() => Method.Method.GetParameters().Length;

    public virtual object? GetArgument(int index) => ArgumentField(index).GetValue(this);

    public virtual void SetArgument(int index, object value) => ArgumentField(index).SetValue(this, value);

    public string GetMethodName() => Method.Method.Name;

    public string GetInterfaceName() => Method.InterfaceType.FullName ?? Method.InterfaceType.Name;

    public string GetActivityName() => Method.ToString();

    public MethodInfo GetMethod() => Method.Method;

    public Type GetInterfaceType() => Method.InterfaceType;

    public TimeSpan? GetDefaultResponseTimeout() => Method.Timeout;

    public CancellationToken GetCancellationToken() => _cancellation?.CalleeToken ?? default;

    public bool IsCancellable => _cancellation is not null;

    public void Dispose() => GC.SuppressFinalize(this);

    public override string ToString() => $"{Method} on {Reference?.GrainId}";

    // Only filters ask for arguments, so looking the field up each time is cheap enough.
    private FieldInfo ArgumentField(int index)
        => GetType().GetField(ProxyEmitter.ArgumentPrefix + index)
            ?? throw new ArgumentOutOfRangeException(nameof(index), index, $"{Method} has no such argument.");
}
