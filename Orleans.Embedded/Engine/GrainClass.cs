using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Concurrency;
using Orleans.Placement;
using Orleans.Runtime;
using Orleans.Serialization.Invocation;

namespace RedNote.Embedded;

/// <summary>What the silo knows about a grain class, and how it makes one.</summary>
internal sealed class GrainClass
{
    private readonly IServiceProvider _services;
    private readonly ServiceLifetimes _lifetimes;
    private readonly Lock _gate = new();
    private volatile Func<Activation, object>? _create;

    internal GrainClass(Type type, IServiceProvider services, ServiceLifetimes lifetimes, Func<Type, long> ageMs)
    {
        Type = type;
        _services = services;
        _lifetimes = lifetimes;
        GrainType = GrainNames.TypeOf(type, services);
        IsReentrant = type.IsDefined(typeof(ReentrantAttribute), inherit: true);
        FiltersItself = typeof(IIncomingGrainCallFilter).IsAssignableFrom(type);
        HasOnActivate = Overrides(nameof(IGrainBase.OnActivateAsync), typeof(CancellationToken));
        CollectionAgeMs = AgeOf(type) ?? ageMs(type);
        if (type.GetCustomAttribute<PlacementAttribute>()?.PlacementStrategy is StatelessWorkerPlacement workers)
            MaxWorkers = workers.MaxLocal;
        if (type.GetCustomAttribute<MayInterleaveAttribute>() is { } mayInterleave)
            MayInterleave = Predicate(mayInterleave.CallbackMethodName);
    }

    internal Type Type { get; }

    internal GrainType GrainType { get; }

    internal bool IsReentrant { get; }

    internal bool FiltersItself { get; }

    /// <summary>
    /// Whether there is an <c>OnActivateAsync</c> to run; most classes have none, and need no token for it.
    /// </summary>
    internal bool HasOnActivate { get; }

    internal long CollectionAgeMs { get; }

    /// <summary>Zero: not a stateless worker.</summary>
    internal int MaxWorkers { get; }

    internal Func<object, IInvokable, bool>? MayInterleave { get; }

    internal object CreateInstance(Activation activation) => (_create ?? BuildFactory())(activation);

    private static long? AgeOf(Type type)
    {
        if (type.IsDefined(typeof(KeepAliveAttribute), inherit: true)) return long.MaxValue;
        if (type.GetCustomAttribute<CollectionAgeLimitAttribute>() is not { } limit) return null;
        return limit.AlwaysActive ? long.MaxValue : (long)limit.AgeLimit.TotalMilliseconds;
    }

    // True unless the method that the interface maps to is the empty one of Grain or of the interface itself.
    private bool Overrides(string name, params Type[] parameters)
    {
        if (!typeof(IGrainBase).IsAssignableFrom(Type)) return false;
        var map = Type.GetInterfaceMap(typeof(IGrainBase));
        var index = Array.FindIndex(map.InterfaceMethods, method => method.Name == name
            && method.GetParameters().Select(parameter => parameter.ParameterType).SequenceEqual(parameters));
        var declaring = map.TargetMethods[index].DeclaringType;
        return declaring != typeof(Grain) && declaring != typeof(IGrainBase);
    }

    private Func<object, IInvokable, bool> Predicate(string name)
    {
        const BindingFlags Flags = BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance
            | BindingFlags.FlattenHierarchy;
        var method = Type.GetMethod(name, Flags, [typeof(IInvokable)]);
        if (method is null || method.ReturnType != typeof(bool))
        {
            throw new InvalidOperationException(
                $"{Type} names {name} in MayInterleave and has no public bool {name}(IInvokable).");
        }

        var invoker = MethodInvoker.Create(method);
        var isStatic = method.IsStatic;
        return (instance, call) => (bool)invoker.Invoke(isStatic ? null : instance, call)!;
    }

    private Func<Activation, object> BuildFactory()
    {
        lock (_gate)
        {
            if (_create is { } existing) return existing;
            var constructors = Type.GetConstructors();
            if (constructors.Length == 0)
                throw new OrleansConfigurationException($"{Type} has no public constructor.");
            var marked = Array.Find(
                constructors, item => item.IsDefined(typeof(ActivatorUtilitiesConstructorAttribute)));
            var constructor = marked ?? constructors[0];
            var invoker = ConstructorInvoker.Create(constructor);
            var makers = Array.ConvertAll(constructor.GetParameters(), parameter => MakerFor(parameter));
            _create = makers.Length == 0 ? _ => invoker.Invoke() : activation => Create(invoker, makers, activation);
            return _create;
        }
    }

    private static object Create(ConstructorInvoker invoker, Func<Activation, object?>[] makers, Activation activation)
    {
        var arguments = new object?[makers.Length];
        for (var i = 0; i < makers.Length; i++) arguments[i] = makers[i](activation);
        return invoker.Invoke(arguments.AsSpan());
    }

    private Func<Activation, object?> MakerFor(ParameterInfo parameter)
    {
        if (FacetFor(parameter) is { } facet) return activation => facet(activation);
        var type = parameter.ParameterType;
        if (type == typeof(IGrainContext)) return static activation => activation;
        if (type == typeof(IGrainRuntime)) return static activation => activation.Silo.GrainRuntime;
        if (type == typeof(IServiceProvider)) return static activation => activation.ActivationServices;

        var key = parameter.GetCustomAttribute<FromKeyedServicesAttribute>()?.Key;
        if (_lifetimes.IsSingleton(type, key))
        {
            // The same for every activation, so that no scope and no second look-up is needed.
            var singleton = Resolve(_services, type, key);
            return _ => singleton;
        }

        if (!_lifetimes.IsKnown(type, key) && parameter.HasDefaultValue)
        {
            var fallback = parameter.DefaultValue;
            return _ => fallback;
        }

        return activation => Resolve(activation.ActivationServices, type, key);
    }

    private static object Resolve(IServiceProvider services, Type type, object? key)
        => key is null ? services.GetRequiredService(type) : services.GetRequiredKeyedService(type, key);

    private Factory<IGrainContext, object>? FacetFor(ParameterInfo parameter)
    {
        var attribute = parameter.GetCustomAttributes().FirstOrDefault(item => item is IFacetMetadata);
        if (attribute is null) return null;
        var mapperType = typeof(IAttributeToFactoryMapper<>).MakeGenericType(attribute.GetType());
        var mapper = _services.GetService(mapperType)
            ?? throw new OrleansException(
                $"{Type} uses {attribute.GetType()}, and no {mapperType} is registered for it.");
        var getFactory = mapperType.GetMethod(nameof(IAttributeToFactoryMapper<>.GetFactory))!;
        return (Factory<IGrainContext, object>)getFactory.Invoke(
            mapper, BindingFlags.DoNotWrapExceptions, null, [parameter, attribute], null)!;
    }
}
