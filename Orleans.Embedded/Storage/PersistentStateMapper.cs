using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;

namespace RedNote.Embedded.Storage;

/// <summary>Makes the <see cref="IPersistentState{TState}"/> that a grain's constructor asks for.</summary>
internal sealed class PersistentStateMapper : IAttributeToFactoryMapper<PersistentStateAttribute>
{
    private static readonly MethodInfo FactoryForMethod = typeof(PersistentStateMapper)
        .GetMethod(nameof(FactoryFor), BindingFlags.NonPublic | BindingFlags.Static)!;

    public Factory<IGrainContext, object> GetFactory(ParameterInfo parameter, PersistentStateAttribute metadata)
    {
        var type = parameter.ParameterType;
        if (!type.IsGenericType || type.GetGenericTypeDefinition() != typeof(IPersistentState<>))
        {
            throw new ArgumentException(
                $"Parameter '{parameter.Name}' of '{parameter.Member.DeclaringType}' is marked [PersistentState], so " +
                $"its type has to be IPersistentState<...>, not '{type}'.",
                nameof(parameter));
        }

        var stateName = metadata.StateName.Length > 0 ? metadata.StateName : parameter.Name!;
        return (Factory<IGrainContext, object>)FactoryForMethod
            .MakeGenericMethod(type.GetGenericArguments())
            .Invoke(null, [stateName, metadata.StorageName])!;
    }

    // A typed method, so that making a grain costs no reflection.
    private static Factory<IGrainContext, object> FactoryFor<TState>(string stateName, string? storageName)
        => context => new PersistentState<TState>(stateName, context, StorageOf(context, storageName));

    private static IGrainStorage StorageOf(IGrainContext context, string? storageName)
        => (string.IsNullOrWhiteSpace(storageName)
                ? context.ActivationServices.GetService<IGrainStorage>()
                : context.ActivationServices.GetKeyedService<IGrainStorage>(storageName))
            ?? throw new BadProviderConfigException(
                $"There is no storage provider named '{storageName ?? StorageServices.DefaultProviderName}', which " +
                $"grain type '{context.GrainId.Type}' asks for.");
}
