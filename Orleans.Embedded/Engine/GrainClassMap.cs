using System.Collections.Concurrent;
using System.Reflection;
using Orleans;
using Orleans.Runtime;

namespace RedNote.Embedded;

/// <summary>The grain classes of the application, and which of them serves an interface.</summary>
internal sealed class GrainClassMap
{
    private readonly Func<Type, GrainClass> _describe;
    private readonly Lock _gate = new();
    private readonly HashSet<Assembly> _scanned = [];
    private readonly List<Type> _types = [];
    private readonly ConcurrentDictionary<Type, GrainClass> _classes = new();
    private readonly ConcurrentDictionary<GrainType, GrainClass> _byName = new();
    private readonly ConcurrentDictionary<(Type Interface, string? Prefix), GrainClass> _byInterface = new();

    internal GrainClassMap(Func<Type, GrainClass> describe)
    {
        _describe = describe;
        Scan(GrainAssemblies.Find());
    }

    internal GrainClass ForInterface(Type interfaceType, string? prefix)
        => _byInterface.TryGetValue((interfaceType, prefix), out var found)
            ? found
            : _byInterface.GetOrAdd((interfaceType, prefix), FindForInterface);

    internal GrainClass ForType(GrainType grainType)
    {
        if (_byName.TryGetValue(grainType, out var found)) return found;
        Describe();
        return _byName.TryGetValue(grainType, out found)
            ? found
            : throw new ArgumentException($"No grain class is named {grainType}.", nameof(grainType));
    }

    internal IReadOnlyCollection<GrainClass> All()
    {
        Describe();
        return [.. _byName.Values];
    }

    internal Type InterfaceFor(GrainType grainType, GrainInterfaceType interfaceType)
        => ForType(grainType).Type.GetInterfaces().FirstOrDefault(
            type => typeof(IAddressable).IsAssignableFrom(type) && GrainNames.InterfaceTypeOf(type) == interfaceType)
            ?? throw new ArgumentException($"Grains named {grainType} do not implement {interfaceType}.");

    private GrainClass FindForInterface((Type Interface, string? Prefix) key)
    {
        var candidates = Candidates(key.Interface);
        if (candidates.Count == 0)
        {
            // An assembly may have been loaded since.
            Scan(GrainAssemblies.Loaded());
            candidates = Candidates(key.Interface);
        }

        if (key.Prefix is { Length: > 0 } prefix)
        {
            candidates.RemoveAll(type => !(type.FullName ?? type.Name).StartsWith(prefix, StringComparison.Ordinal)
                && !type.Name.StartsWith(prefix, StringComparison.Ordinal));
        }

        if (candidates.Count > 1)
        {
            var conventional = candidates.FindAll(type => "I" + type.Name == key.Interface.Name);
            if (conventional.Count == 1) candidates = conventional;
        }

        return candidates.Count switch
        {
            1 => ClassOf(candidates[0]),
            0 => throw new ArgumentException($"Could not find an implementation for interface {key.Interface}."),
            _ => throw new ArgumentException(
                $"{key.Interface} is implemented by several grain classes: {string.Join(", ", candidates)}. "
                + "Give the beginning of a class name to GetGrain."),
        };
    }

    private List<Type> Candidates(Type interfaceType)
    {
        lock (_gate) return _types.FindAll(interfaceType.IsAssignableFrom);
    }

    private GrainClass ClassOf(Type type)
        => _classes.GetOrAdd(type, added =>
        {
            var described = _describe(added);
            var other = _byName.GetOrAdd(described.GrainType, described);
            if (!ReferenceEquals(other, described) && other.Type != added)
                throw new OrleansConfigurationException(
                    $"{added} and {other.Type} have the same grain type {described.GrainType}; use [GrainType].");
            return other;
        });

    private void Describe()
    {
        Scan(GrainAssemblies.Loaded());
        Type[] types;
        lock (_gate) types = [.. _types];
        foreach (var type in types) ClassOf(type);
    }

    private void Scan(IEnumerable<Assembly> assemblies)
    {
        lock (_gate)
        {
            foreach (var assembly in assemblies)
                if (_scanned.Add(assembly)) _types.AddRange(assembly.GetTypes().Where(IsGrainClass));
        }
    }

    private static bool IsGrainClass(Type type)
        => type is { IsClass: true, IsAbstract: false, ContainsGenericParameters: false }
            && typeof(IGrainBase).IsAssignableFrom(type);
}
