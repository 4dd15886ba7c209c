using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Configuration;
using Orleans.Runtime;
using RedNote.Embedded.Storage;

namespace RedNote.Embedded.Reminders;

/// <summary>Registers reminders.</summary>
internal static class ReminderServices
{
    public static void AddMemory(IServiceCollection services)
    {
        services.AddSingleton<IReminderStore, MemoryReminderStore>();
        AddService(services);
    }

    public static void AddAdoNet(IServiceCollection services)
    {
        StorageServices.AddPersistence(services);
        services.AddSingleton<IReminderStore>(provider =>
        {
            var options = provider.GetRequiredService<IOptions<AdoNetReminderTableOptions>>().Value;
            var serviceId = provider.GetRequiredService<IOptions<ClusterOptions>>().Value.ServiceId;
            var (sqlite, postgres) = provider.GetRequiredService<AdoNetDatabases>()
                .Get("Reminders", options.Invariant, options.ConnectionString);
            return sqlite is not null
                ? new SqliteReminderStore(sqlite, serviceId)
                : new PostgresReminderStore(postgres!, serviceId);
        });
        AddService(services);
    }

    /// <summary>Reminders over whatever <see cref="IReminderStore"/> is registered.</summary>
    public static void AddService(IServiceCollection services)
    {
        if (services.Any(service => service.ServiceType == typeof(ReminderService)))
        {
            return;
        }

        services.AddSingleton<ReminderService>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(
            provider => provider.GetRequiredService<ReminderService>());
    }
}
