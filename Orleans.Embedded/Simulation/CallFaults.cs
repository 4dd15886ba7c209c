using Orleans;
using Orleans.Runtime;

namespace RedNote.Embedded.Simulation;

/// <summary>
/// The way of calls between nodes: late, lost, or acted upon and unanswered. A caller learns that the silo it called
/// has died, and not what became of the call.
/// </summary>
/// <param name="node">The caller's.</param>
/// <param name="death">Tells of the next death of a silo, for callers outside of silos; null for those that die with
/// it.
/// </param>
/// <param name="faults">What strikes.</param>
/// <param name="random">How long it takes.</param>
/// <param name="options">The bounds.</param>
internal sealed class CallFaults(
    SimulationNode node,
    Func<Task>? death,
    SimulationFaults faults,
    SimulationRandom random,
    SimulationOptions options)
    : IOutgoingGrainCallFilter
{
    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        if (faults.Strikes(FaultKind.CallDelayed)) await Delay();
        if (faults.Strikes(FaultKind.RequestLost)) await TimeOut(context);
        if (death is null) await context.Invoke();
        else await InvokeUnlessDead(context, death());
        if (faults.Strikes(FaultKind.ReplyLost)) await TimeOut(context);
        if (faults.Strikes(FaultKind.CallDelayed)) await Delay();
    }

    private static async Task InvokeUnlessDead(IOutgoingGrainCallContext context, Task death)
    {
        var call = context.Invoke();
        if (await Task.WhenAny(call, death) != call)
            throw new SiloUnavailableException($"The silo died while {context.MethodName} was under way.");
        await call;
    }

    private Task Delay()
        => Task.Delay(random.Delay(TimeSpan.FromMicroseconds(10), options.CallDelay), node.Time);

    private async Task TimeOut(IOutgoingGrainCallContext context)
    {
        await Task.Delay(options.ResponseTimeout, node.Time);
        throw new TimeoutException($"{context.MethodName} was not answered within {options.ResponseTimeout}.");
    }
}
