using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Configuration;
using Orleans.Runtime;
using Orleans.Storage;
using Orleans.Streams;

namespace RedNote.Embedded.Streams;

/// <summary>Registers stream providers on silos and clients.</summary>
internal static class StreamServices
{
    public static void AddToSilo(IServiceCollection services, string name)
    {
        if (services.Any(service => service.ServiceType == typeof(StreamHub) && Equals(service.ServiceKey, name)))
        {
            return;
        }

        services.TryAddSingleton<ImplicitSubscribers>();
        services.TryAddKeyedTransient<IGrainExtension, StreamConsumerExtension>(typeof(IStreamConsumerExtension));
        services.AddKeyedSingleton(name, (provider, _) => CreateHub(provider, name));
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(
            provider => provider.GetRequiredKeyedService<StreamHub>(name));
        AddProvider(services, name, provider => provider);
    }

    public static void AddToClient(IServiceCollection services, string name)
    {
        // In the silo's own process the silo's provider serves the client too.
        if (services.All(service => service.ServiceType != typeof(StreamProvider) || !Equals(service.ServiceKey, name)))
        {
            AddProvider(services, name, provider => provider.GetRequiredService<SiloLink>().Required.Services);
        }
    }

    public static IStreamProvider GetProvider(IServiceProvider services, string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return services.GetKeyedService<IStreamProvider>(name)
            ?? throw new KeyNotFoundException($"There is no stream provider named '{name}'.");
    }

    private static void AddProvider(
        IServiceCollection services, string name, Func<IServiceProvider, IServiceProvider> siloServices)
    {
        services.AddKeyedSingleton(name, (provider, _) => new StreamProvider(
            name, () => siloServices(provider).GetRequiredKeyedService<StreamHub>(name)));
        services.AddKeyedSingleton<IStreamProvider>(
            name, (provider, _) => provider.GetRequiredKeyedService<StreamProvider>(name));
    }

    private static StreamHub CreateHub(IServiceProvider services, string name)
    {
        var store = services.GetKeyedService<IGrainStorage>(name)
            ?? services.GetKeyedService<IGrainStorage>(StreamHub.PubSubStoreName)
            ?? throw new OrleansConfigurationException(
                $"Streams '{name}' need a storage provider named '{StreamHub.PubSubStoreName}' or '{name}' for the " +
                "subscriptions of grains; add one, in memory if they need not last.");
        var options = services.GetRequiredService<IOptionsMonitor<EmbeddedStreamOptions>>().Get(name);
        if (options.QueueCapacity < 1 || options.MinRetryDelay <= TimeSpan.Zero)
        {
            throw new OrleansConfigurationException(
                $"Streams '{name}': QueueCapacity has to be at least 1, and MinRetryDelay more than zero.");
        }

        return new StreamHub(
            name,
            options,
            services.GetRequiredService<IOptionsMonitor<StreamPullingAgentOptions>>().Get(name),
            store,
            services.GetRequiredService<ImplicitSubscribers>(),
            services.GetRequiredService<IGrainFactory>(),
            services.GetRequiredService<IWorkScheduler>(),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<StreamHub>>());
    }
}
