using Microsoft.Extensions.DependencyInjection;

namespace RedNote.Embedded;

/// <summary>
/// Tells from the registrations whether a service is a singleton: a grain that needs only those needs no scope.
/// </summary>
internal sealed class ServiceLifetimes(IServiceCollection registrations)
{
    internal bool IsSingleton(Type type, object? key)
        => Find(type, key)?.Lifetime == ServiceLifetime.Singleton;

    internal bool IsKnown(Type type, object? key) => Find(type, key) is not null;

    private ServiceDescriptor? Find(Type type, object? key)
    {
        for (var i = registrations.Count - 1; i >= 0; i--)
        {
            var item = registrations[i];
            if (!Equals(item.ServiceKey, key)) continue;
            if (item.ServiceType == type) return item;
            if (type.IsConstructedGenericType && item.ServiceType == type.GetGenericTypeDefinition()) return item;
        }

        return null;
    }
}
