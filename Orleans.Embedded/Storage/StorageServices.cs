using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Configuration;
using Orleans.Runtime;
using Orleans.Storage;

namespace RedNote.Embedded.Storage;

/// <summary>Registers storage: what every silo has, and the providers.</summary>
internal static class StorageServices
{
    public const string DefaultProviderName = "Default";

    /// <summary>What a silo needs so that grains can have persistent state, whatever its providers.</summary>
    public static void AddPersistence(IServiceCollection services)
    {
        services.TryAddSingleton<IAttributeToFactoryMapper<PersistentStateAttribute>, PersistentStateMapper>();
        services.TryAddSingleton<IGrainStorageSerializer, JsonStateSerializer>();
        services.TryAddSingleton<IBlockingLanes, ThreadLanes>();
        services.TryAddSingleton<AdoNetDatabases>();
    }

    public static void AddMemory(IServiceCollection services, string name)
    {
        AddPersistence(services);
        services.AddKeyedSingleton<IGrainStorage>(
            name, (provider, _) => new MemoryStorage(name, Serializer<MemoryGrainStorageOptions>(provider, name)));
        AddDefault(services, name);
    }

    public static void AddAdoNet(IServiceCollection services, string name)
    {
        AddPersistence(services);
        services.AddKeyedSingleton<IGrainStorage>(name, (provider, _) => CreateAdoNet(provider, name));
        services.AddSingleton(provider =>
            (ILifecycleParticipant<ISiloLifecycle>)provider.GetRequiredKeyedService<IGrainStorage>(name));
        AddDefault(services, name);
    }

    private static void AddDefault(IServiceCollection services, string name)
    {
        if (name == DefaultProviderName)
        {
            services.TryAddSingleton(provider => provider.GetRequiredKeyedService<IGrainStorage>(name));
        }
    }

    private static AdoNetStorage CreateAdoNet(IServiceProvider services, string name)
    {
        var options = services.GetRequiredService<IOptionsMonitor<AdoNetGrainStorageOptions>>().Get(name);
        var serviceId = services.GetRequiredService<IOptions<ClusterOptions>>().Value.ServiceId;
        var time = services.GetService<TimeProvider>() ?? TimeProvider.System;
        var (sqlite, postgres) = services.GetRequiredService<AdoNetDatabases>()
            .Get($"Storage '{name}'", options.Invariant, options.ConnectionString);
        IStateTable table = sqlite is not null
            ? new SqliteStateTable(sqlite, serviceId, time)
            : new PostgresStateTable(postgres!, serviceId, time);
        return new AdoNetStorage(name, table, Serializer<AdoNetGrainStorageOptions>(services, name));
    }

    private static IGrainStorageSerializer Serializer<TOptions>(IServiceProvider services, string name)
        where TOptions : class, IStorageProviderSerializerOptions
        => services.GetRequiredService<IOptionsMonitor<TOptions>>().Get(name).GrainStorageSerializer
            ?? services.GetKeyedService<IGrainStorageSerializer>(name)
            ?? services.GetRequiredService<IGrainStorageSerializer>();
}
