using Orleans.Core;

namespace Orleans.Runtime;

/// <summary>
/// State of a grain, injected into its constructor with <see cref="PersistentStateAttribute"/> and read before
/// <c>OnActivateAsync</c>.
/// </summary>
public interface IPersistentState<TState> : IStorage<TState>
{
}

/// <summary>What names a persistent state.</summary>
public interface IPersistentStateConfiguration
{
    /// <summary>The name of the state. With ADO.NET storage it has to be unique among the grain classes.</summary>
    string StateName { get; }

    /// <summary>The name of the storage provider; null for the default provider.</summary>
    string? StorageName { get; }
}

/// <summary>Asks for an <see cref="IPersistentState{TState}"/> in a grain's constructor.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public class PersistentStateAttribute : Attribute, IFacetMetadata, IPersistentStateConfiguration
{
    public PersistentStateAttribute(string stateName, string? storageName = null)
    {
        ArgumentNullException.ThrowIfNull(stateName);
        StateName = stateName;
        StorageName = storageName;
    }

    public string StateName { get; }

    public string? StorageName { get; }
}
