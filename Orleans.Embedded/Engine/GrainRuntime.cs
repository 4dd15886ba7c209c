using Orleans;
using Orleans.Runtime;
using Orleans.Timers;

namespace RedNote.Embedded;

/// <summary>What grains get from the silo.</summary>
internal sealed class GrainRuntime(EmbeddedSilo silo) : IGrainRuntime
{
    public string SiloIdentity => "embedded";

    public IGrainFactory GrainFactory => silo.Client;

    public ITimerRegistry TimerRegistry { get; } = new TimerRegistry();

    public IServiceProvider ServiceProvider => silo.Services;

    public TimeProvider TimeProvider => silo.Time;

    public void DeactivateOnIdle(IGrainContext grainContext)
        => grainContext.Deactivate(
            new DeactivationReason(DeactivationReasonCode.ApplicationRequested, "DeactivateOnIdle was called."));

    public void DelayDeactivation(IGrainContext grainContext, TimeSpan timeSpan)
    {
        if (grainContext is Activation activation) activation.DelayDeactivation(timeSpan);
    }
}

internal sealed class GrainContextAccessor : IGrainContextAccessor
{
    public IGrainContext GrainContext => RuntimeContext.Current!;
}
