using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using RedNote.Embedded.Streams;

namespace Orleans.Hosting;

/// <summary>Configures a service that is registered under a name.</summary>
public interface INamedServiceConfigurator
{
    string Name { get; }

    Action<Action<IServiceCollection>> ConfigureDelegate { get; }
}

public interface IPersistentStreamConfigurator : INamedServiceConfigurator;

public interface IMemoryStreamConfigurator : INamedServiceConfigurator;

public interface ISiloPersistentStreamConfigurator : IPersistentStreamConfigurator;

public interface ISiloRecoverableStreamConfigurator : ISiloPersistentStreamConfigurator;

public interface ISiloMemoryStreamConfigurator : IMemoryStreamConfigurator, ISiloRecoverableStreamConfigurator;

public interface IClusterClientPersistentStreamConfigurator : IPersistentStreamConfigurator;

public interface IClusterClientMemoryStreamConfigurator
    : IMemoryStreamConfigurator, IClusterClientPersistentStreamConfigurator;

public static class NamedServiceConfiguratorExtensions
{
    /// <summary>Configures the options of the configurator's name.</summary>
    public static void Configure<TOptions>(
        this INamedServiceConfigurator configurator, Action<OptionsBuilder<TOptions>>? configureOptions)
        where TOptions : class, new()
        => configurator.ConfigureDelegate(
            services => configureOptions?.Invoke(services.AddOptions<TOptions>(configurator.Name)));
}

public static class SiloPersistentStreamConfiguratorExtensions
{
    public static void ConfigurePullingAgent(
        this ISiloPersistentStreamConfigurator configurator,
        Action<OptionsBuilder<StreamPullingAgentOptions>>? configureOptions = null)
        => configurator.Configure(configureOptions);
}

public static class MemoryStreamConfiguratorExtensions
{
    public static void ConfigurePartitioning(
        this IMemoryStreamConfigurator configurator,
        int numOfQueues = HashRingStreamQueueMapperOptions.DEFAULT_NUM_QUEUES)
        => configurator.Configure<HashRingStreamQueueMapperOptions>(
            options => options.Configure(queues => queues.TotalQueueCount = numOfQueues));
}

public static class SiloBuilderMemoryStreamExtensions
{
    /// <summary>Adds streams whose events live in memory. Grains' subscriptions are kept in "PubSubStore".</summary>
    public static ISiloBuilder AddMemoryStreams(
        this ISiloBuilder builder, string name, Action<ISiloMemoryStreamConfigurator>? configure = null)
    {
        StreamServices.AddToSilo(builder.Services, name);
        configure?.Invoke(new StreamConfigurator(name, builder.Services));
        return builder;
    }
}

public static class ClientBuilderStreamingExtensions
{
    /// <summary>Adds the client's side of the silo's memory streams of that name.</summary>
    public static IClientBuilder AddMemoryStreams(
        this IClientBuilder builder, string name, Action<IClusterClientMemoryStreamConfigurator>? configure = null)
    {
        StreamServices.AddToClient(builder.Services, name);
        configure?.Invoke(new StreamConfigurator(name, builder.Services));
        return builder;
    }
}
