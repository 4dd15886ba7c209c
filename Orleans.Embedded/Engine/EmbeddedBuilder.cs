using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;

namespace RedNote.Embedded;

/// <summary>The services of a silo or of a client, added once to a host.</summary>
internal abstract class EmbeddedBuilder(IServiceCollection services, IConfiguration configuration)
{
    public IServiceCollection Services { get; } = services;

    public IConfiguration Configuration { get; } = configuration;

    internal static ISiloBuilder ForSilo(IServiceCollection services, IConfiguration configuration)
    {
        if (Existing(services) is { } existing)
            return existing as ISiloBuilder ?? throw Both();
        var builder = new EmbeddedSiloBuilder(services, configuration);
        services.AddSingleton<EmbeddedBuilder>(builder);
        AddSilo(services);
        return builder;
    }

    internal static IClientBuilder ForClient(IServiceCollection services, IConfiguration configuration)
    {
        if (Existing(services) is { } existing)
            return existing as IClientBuilder ?? throw Both();
        var builder = new EmbeddedClientBuilder(services, configuration);
        services.AddSingleton<EmbeddedBuilder>(builder);
        AddClient(services);
        return builder;
    }

    private static EmbeddedBuilder? Existing(IServiceCollection services)
        => services.FirstOrDefault(item => item.ServiceType == typeof(EmbeddedBuilder))?.ImplementationInstance
            as EmbeddedBuilder;

    private static OrleansConfigurationException Both()
        => new("A host has a silo (UseOrleans) or a client (UseOrleansClient), not both: "
            + "a silo brings its own client.");

    private static void AddSilo(IServiceCollection services)
    {
        AddCommon(services);
        services.TryAddSingleton<IWorkScheduler, ThreadPoolWorkScheduler>();
        services.AddOptions<SiloMessagingOptions>();
        services.AddOptions<GrainCollectionOptions>();
        services.AddOptions<EmbeddedSiloOptions>();
        services.AddOptions<EndpointOptions>();
        services.AddSingleton(new ServiceLifetimes(services));
        services.TryAddSingleton<SiloLink>();
        services.AddSingleton<EmbeddedSilo>();
        services.AddSingleton<IClusterClient>(static provider => provider.GetRequiredService<EmbeddedSilo>().Client);
        services.AddSingleton<IGrainRuntime>(
            static provider => provider.GetRequiredService<EmbeddedSilo>().GrainRuntime);
        services.AddSingleton(
            static provider => provider.GetRequiredService<EmbeddedSilo>().GrainRuntime.TimerRegistry);
        services.AddTransient<IGrainContext>(static _ => RuntimeContext.Current
            ?? throw new InvalidOperationException("There is a grain context only in the turns of a grain."));
        Storage.StorageServices.AddPersistence(services);
        services.AddHostedService<SiloHostedService>();
    }

    private static void AddClient(IServiceCollection services)
    {
        AddCommon(services);
        services.AddOptions<ClientMessagingOptions>();
        services.AddSingleton<IClusterClient>(static provider =>
        {
            var link = provider.GetService<SiloLink>() ?? throw new OrleansConfigurationException(
                "The embedded engine has no network: attach the client to a silo of this process "
                + "with UseEmbeddedSilo.");
            var timeout = provider.GetRequiredService<IOptions<ClientMessagingOptions>>().Value.ResponseTimeout;
            return new ClusterClient(
                new ReferenceRuntime(link, timeout, provider.GetServices<IOutgoingGrainCallFilter>()), provider);
        });
        services.AddHostedService<ClientHostedService>();
    }

    private static void AddCommon(IServiceCollection services)
    {
        services.AddLogging();
        services.AddOptions<ClusterOptions>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IGrainFactory>(static provider => provider.GetRequiredService<IClusterClient>());
        services.TryAddSingleton<IGrainContextAccessor, GrainContextAccessor>();
    }

    private sealed class EmbeddedSiloBuilder(IServiceCollection services, IConfiguration configuration)
        : EmbeddedBuilder(services, configuration), ISiloBuilder;

    private sealed class EmbeddedClientBuilder(IServiceCollection services, IConfiguration configuration)
        : EmbeddedBuilder(services, configuration), IClientBuilder;
}

/// <summary>What only the embedded engine has.</summary>
public static class EmbeddedClientExtensions
{
    /// <summary>
    /// Attaches the client to the silo of another host in this process, so that several front-end hosts share it. The
    /// silo's host has to outlive the calls of the client.
    /// </summary>
    /// <param name="builder">The client.</param>
    /// <param name="siloServices">The services of the host that <c>UseOrleans</c> was called on.</param>
    public static IClientBuilder UseEmbeddedSilo(this IClientBuilder builder, IServiceProvider siloServices)
    {
        ArgumentNullException.ThrowIfNull(builder);
        _ = siloServices.GetRequiredService<EmbeddedSilo>();
        builder.Services.AddSingleton(siloServices.GetRequiredService<SiloLink>());
        return builder;
    }
}
