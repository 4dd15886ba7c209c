using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace RedNote.Embedded;

internal enum ActivationState
{
    Created,
    Activating,
    Valid,
    Deactivating,
    Ended,
}

/// <summary>
/// One activation of a grain: its mailbox, its scheduler and its context. It is all of these in one object because
/// there may be a hundred thousand of them; what an idle grain does not need is made when it is first asked for.
/// </summary>
internal sealed partial class Activation
    : TaskScheduler, IGrainContext, IWorkItemScheduler, IGrainExtensionBinder, IGrainTarget, IRequestHost,
        IThreadPoolWorkItem
{
    private ActivationExtras? _extras;
    private volatile int _state;

    internal Activation(EmbeddedSilo silo, GrainClass grainClass, GrainId grainId, long number)
    {
        Silo = silo;
        Class = grainClass;
        GrainId = grainId;
        Number = number;
        _lastUsedMs = silo.CoarseNowMs;
    }

    public GrainId GrainId { get; }

    /// <summary>In the order in which the silo made its activations.</summary>
    internal long Number { get; }

    public object? GrainInstance { get; private set; }

    public GrainReference GrainReference => Extras.Reference ??= Silo.Runtime.Reference(typeof(IAddressable), GrainId);

    /// <summary>Numbered by the silo and not random, so that a simulation can repeat it.</summary>
    public ActivationId ActivationId => new(Silo.ActivationGuid(Number));

    public IServiceProvider ActivationServices => Scope.ServiceProvider;

    public IGrainLifecycle ObservableLifecycle => Lifecycle;

    public IWorkItemScheduler Scheduler => this;

    public Task Deactivated => DeactivatedSource.Task;

    internal EmbeddedSilo Silo { get; }

    internal GrainClass Class { get; }

    /// <summary>The group that this activation works for, when its class is a stateless worker.</summary>
    internal StatelessWorkers? Workers { get; init; }

    internal ActivationState State => (ActivationState)_state;

    internal bool IsEnded => _state == (int)ActivationState.Ended;

    internal GrainLifecycle Lifecycle => Extras.Lifecycle ??= new GrainLifecycle();

    internal GrainLifecycle? LifecycleIfAny => _extras?.Lifecycle;

    private ActivationExtras Extras => _extras ?? Interlocked.CompareExchange(ref _extras, new(), null) ?? _extras;

    private TaskCompletionSource DeactivatedSource
    {
        get
        {
            var extras = Extras;
            if (extras.Deactivated is { } existing) return existing;
            var created = new TaskCompletionSource();
            var source = Interlocked.CompareExchange(ref extras.Deactivated, created, null) ?? created;
            if (IsEnded) source.TrySetResult();
            return source;
        }
    }

    private AsyncServiceScope Scope => Extras.Scope ??= Silo.Services.CreateAsyncScope();

    public object? GetTarget() => GrainInstance;

    public object? GetComponent(Type componentType)
    {
        if (_extras?.Components?.TryGetValue(componentType, out var component) == true) return component;
        if (componentType.IsInstanceOfType(this)) return this;
        if (componentType.IsInstanceOfType(GrainInstance)) return GrainInstance;
        if (!typeof(IGrainExtension).IsAssignableFrom(componentType)) return null;

        var services = ActivationServices as IKeyedServiceProvider;
        var made = services?.GetKeyedService(typeof(IGrainExtension), componentType);
        if (made is not null) Components[componentType] = made;
        return made;
    }

    public void SetComponent<TComponent>(TComponent? value) where TComponent : class
    {
        if (value is null) Components.Remove(typeof(TComponent));
        else Components[typeof(TComponent)] = value;
    }

    public TExtensionInterface GetExtension<TExtensionInterface>()
        where TExtensionInterface : class, IGrainExtension
        => GetComponent(typeof(TExtensionInterface)) as TExtensionInterface
            ?? throw NoExtension(typeof(TExtensionInterface));

    public (TExtension, TExtensionInterface) GetOrSetExtension<TExtension, TExtensionInterface>(
        Func<TExtension> newExtensionFunc)
        where TExtension : class, TExtensionInterface
        where TExtensionInterface : class, IGrainExtension
    {
        if (GetComponent(typeof(TExtensionInterface)) is not TExtension extension)
            Components[typeof(TExtensionInterface)] = extension = newExtensionFunc();
        return (extension, Silo.Runtime.Reference(typeof(TExtensionInterface), GrainId) as TExtensionInterface
            ?? throw NoExtension(typeof(TExtensionInterface)));
    }

    public void QueueAction(Action action) => Push(new ActionNode(_ => action()));

    public bool Equals(IGrainContext? other) => ReferenceEquals(this, other);

    public override bool Equals(object? obj) => ReferenceEquals(this, obj);

    public override int GetHashCode() => Number.GetHashCode();

    public override string ToString() => $"[Activation {GrainId} #{Number} {State}]";

    internal GrainExtensionNotInstalledException NoExtension(Type extension)
        => new($"{GrainId} has no extension {extension}, and none is registered with AddGrainExtension.");

    // Components are set in turns of the activation, one at a time; nobody else writes them.
    private Dictionary<Type, object> Components => Extras.Components ??= [];

    /// <summary>What few activations need.</summary>
    private sealed class ActivationExtras
    {
        internal TaskCompletionSource? Deactivated;

        internal Dictionary<Type, object>? Components { get; set; }

        internal AsyncServiceScope? Scope { get; set; }

        internal GrainLifecycle? Lifecycle { get; set; }

        internal GrainReference? Reference { get; set; }

        internal HashSet<ActivationTimer>? Timers { get; set; }

        /// <summary>A reference may hold on to an activation that has ended; it shall hold nothing else.</summary>
        internal void Forget()
        {
            Components = null;
            Scope = null;
            Lifecycle = null;
            Timers = null;
        }
    }
}
