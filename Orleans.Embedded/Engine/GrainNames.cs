using System.Reflection;
using Orleans;
using Orleans.Metadata;
using Orleans.Runtime;

namespace RedNote.Embedded;

/// <summary>
/// The names of grain classes and interfaces in identities. They follow Orleans' conventions, since they are part of
/// the keys in databases that either engine may open.
/// </summary>
internal static class GrainNames
{
    private const string GrainSuffix = "grain";

    internal static GrainType TypeOf(Type grainClass, IServiceProvider services)
    {
        foreach (var attribute in grainClass.GetCustomAttributes(inherit: false))
            if (attribute is IGrainTypeProviderAttribute provider) return provider.GetGrainType(services, grainClass);

        var name = grainClass.Name.ToLowerInvariant();
        if (name.Length > GrainSuffix.Length && name.EndsWith(GrainSuffix, StringComparison.Ordinal))
            name = name[..^GrainSuffix.Length];
        return GrainType.Create(name);
    }

    internal static GrainInterfaceType InterfaceTypeOf(Type interfaceType)
        => GrainInterfaceType.Create(
            interfaceType.GetCustomAttribute<AliasAttribute>()?.Alias ?? interfaceType.FullName ?? interfaceType.Name);
}
