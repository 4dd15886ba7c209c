using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace Orleans;

/// <summary>The usual base class of grains.</summary>
public abstract class Grain : IGrainBase, IAddressable
{
    protected Grain() : this(RuntimeContext.Current!)
    {
    }

    /// <summary>For tests that make a grain without a silo; both arguments may be fakes.</summary>
    protected Grain(IGrainContext grainContext, IGrainRuntime? grainRuntime = null)
    {
        GrainContext = grainContext;
        Runtime = grainRuntime ?? RuntimeOf(grainContext);
    }

    [AllowNull]
    public IGrainContext GrainContext { get; private set; }

    public GrainReference GrainReference => GrainContext.GrainReference;

    public string IdentityString => GrainContext.GrainId.ToString();

    public string RuntimeIdentity => Runtime?.SiloIdentity ?? "";

    internal IGrainRuntime? Runtime { get; }

    protected IGrainFactory GrainFactory => EnsureRuntime().GrainFactory;

    protected internal IServiceProvider ServiceProvider
        => GrainContext?.ActivationServices ?? EnsureRuntime().ServiceProvider;

    /// <inheritdoc cref="IGrainBase.OnActivateAsync"/>
    public virtual Task OnActivateAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc cref="IGrainBase.OnDeactivateAsync"/>
    public virtual Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
        => Task.CompletedTask;

    /// <summary>Deactivates this grain once the requests under way are done.</summary>
    protected void DeactivateOnIdle() => EnsureRuntime().DeactivateOnIdle(GrainContext);

    /// <summary>
    /// Keeps an idle grain at least this long; zero or less takes an earlier promise back. Deactivation on request is
    /// not delayed.
    /// </summary>
    protected void DelayDeactivation(TimeSpan timeSpan) => EnsureRuntime().DelayDeactivation(GrainContext, timeSpan);

    private static IGrainRuntime? RuntimeOf(IGrainContext? context)
        => context is RedNote.Embedded.Activation activation
            ? activation.Silo.GrainRuntime
            : context?.ActivationServices.GetService<IGrainRuntime>();

    private IGrainRuntime EnsureRuntime()
        => Runtime ?? throw new InvalidOperationException("This grain was made without a silo and without a runtime.");
}
