using System.Reflection;
using Orleans;
using Orleans.Runtime;
using Orleans.Serialization.Invocation;

namespace RedNote.Embedded;

internal sealed class DelegateIncomingFilter(IncomingGrainCallFilterDelegate filter) : IIncomingGrainCallFilter
{
    public Task Invoke(IIncomingGrainCallContext context) => filter(context);
}

internal sealed class DelegateOutgoingFilter(OutgoingGrainCallFilterDelegate filter) : IOutgoingGrainCallFilter
{
    public Task Invoke(IOutgoingGrainCallContext context) => filter(context);
}

/// <summary>A call on its way through filters; <see cref="Invoke"/> takes the next step each time.</summary>
internal abstract class CallContext(GrainRequest request) : IGrainCallContext
{
    public IInvokable Request => Call;

    public abstract object Grain { get; }

    public GrainId? SourceId => Call.Source?.GrainId;

    public GrainId TargetId => Call.Reference!.GrainId;

    public GrainInterfaceType InterfaceType => GrainNames.InterfaceTypeOf(Call.Method.InterfaceType);

    public string InterfaceName => Call.GetInterfaceName();

    public string MethodName => Call.GetMethodName();

    public MethodInfo InterfaceMethod => Call.Method.Method;

    public object? Result { get; set; }

    protected GrainRequest Call { get; } = request;

    protected int Step { get; set; }

    public abstract Task Invoke();
}

internal sealed class OutgoingCallContext(
    GrainRequest request, GrainReference reference, Func<Task<object?>> send)
    : CallContext(request), IOutgoingGrainCallContext
{
    public override object Grain => reference;

    public IGrainContext? SourceContext => Call.Source;

    public override async Task Invoke()
    {
        var filters = reference.Shared.Runtime.OutgoingFilters;
        if (Step < filters.Length) await filters[Step++].Invoke(this);
        else Result = await send();
    }
}

internal sealed class IncomingCallContext(GrainRequest request, object target, Activation activation)
    : CallContext(request), IIncomingGrainCallContext
{
    public override object Grain => target;

    public IGrainContext TargetContext => activation;

    public MethodInfo ImplementationMethod
    {
        get
        {
            var method = InterfaceMethod;
            var map = target.GetType().GetInterfaceMap(method.DeclaringType!);
            return map.TargetMethods[Array.IndexOf(map.InterfaceMethods, method)];
        }
    }

    public override async Task Invoke()
    {
        var filters = activation.Silo.IncomingFilters;
        if (Step < filters.Length)
        {
            await filters[Step++].Invoke(this);
        }
        else if (Step == filters.Length && activation.GrainInstance is IIncomingGrainCallFilter own)
        {
            Step++;
            await own.Invoke(this);
        }
        else
        {
            Result = await Call.CallBoxed(target);
        }
    }
}

/// <summary>Runs a request through the filters of the silo and of the grain itself.</summary>
internal static class FilteredCall
{
    internal static bool Invoke(GrainRequest request, object target, Activation activation)
    {
        // A timer's tick is not a call of an interface.
        if (request is ActivationTimer) return request.Invoke(target, activation, activation);
        var call = Run(request, target, activation);
        if (call.IsCompleted) return true;
        _ = Await(call, request, activation);
        return false;
    }

    private static async Task Run(GrainRequest request, object target, Activation activation)
    {
        var context = new IncomingCallContext(request, target, activation);
        try
        {
            await context.Invoke();
            request.AnswerBoxed(context.Result);
        }
        catch (Exception exception)
        {
            request.Fail(exception);
        }
    }

    private static async Task Await(Task call, GrainRequest request, Activation activation)
    {
        await call;
        ((IRequestHost)activation).OnRequestDone(request);
    }
}
