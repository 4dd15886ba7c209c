using Orleans.Runtime;

namespace RedNote.Embedded;

/// <summary>What all references of one client by one interface have in common.</summary>
internal sealed class ReferenceShared(ReferenceRuntime runtime, Type interfaceType, GrainType grainType)
{
    internal ReferenceRuntime Runtime { get; } = runtime;

    internal Type Interface { get; } = interfaceType;

    /// <summary>
    /// The type of grain that a key alone leads to; default when the interface names no single class.
    /// </summary>
    internal GrainType GrainType { get; } = grainType;

    internal GrainInterfaceType InterfaceType { get; } = GrainNames.InterfaceTypeOf(interfaceType);

    internal ReferenceFactory Factory { get; } = ProxyEmitter.For(interfaceType);

    internal GrainReference Create(GrainId grainId) => Factory(this, grainId);
}
