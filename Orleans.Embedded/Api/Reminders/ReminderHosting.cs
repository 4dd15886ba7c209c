using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using RedNote.Embedded.Reminders;

namespace Orleans.Configuration
{
    /// <summary>Where reminders are kept.</summary>
    public class AdoNetReminderTableOptions
    {
        /// <inheritdoc cref="AdoNetGrainStorageOptions.Invariant"/>
        public string Invariant { get; set; } = null!;

        /// <summary>Where the database is. Required.</summary>
        public string? ConnectionString { get; set; }
    }
}

namespace Orleans.Hosting
{
    /// <summary>Options of reminders.</summary>
    public sealed class ReminderOptions
    {
        /// <summary>The shortest period allowed. Default one minute.</summary>
        public TimeSpan MinimumReminderPeriod { get; set; } = TimeSpan.FromMinutes(1);

        /// <summary>How often the stored reminders are read again. Default five minutes.</summary>
        public TimeSpan RefreshReminderListPeriod { get; set; } = TimeSpan.FromMinutes(5);
    }

    public static class SiloBuilderReminderMemoryExtensions
    {
        /// <summary>Keeps reminders in memory: they end with the silo.</summary>
        public static ISiloBuilder UseInMemoryReminderService(this ISiloBuilder builder)
        {
            ReminderServices.AddMemory(builder.Services);
            return builder;
        }
    }

    public static class SiloBuilderReminderExtensions
    {
        /// <summary>Keeps reminders in a database.</summary>
        public static ISiloBuilder UseAdoNetReminderService(
            this ISiloBuilder builder, Action<AdoNetReminderTableOptions> configureOptions)
            => builder.UseAdoNetReminderService((OptionsBuilder<AdoNetReminderTableOptions> options)
                => options.Configure(configureOptions));

        /// <inheritdoc cref="UseAdoNetReminderService(ISiloBuilder, Action{AdoNetReminderTableOptions})"/>
        public static ISiloBuilder UseAdoNetReminderService(
            this ISiloBuilder builder, Action<OptionsBuilder<AdoNetReminderTableOptions>> configureOptions)
        {
            configureOptions(builder.Services.AddOptions<AdoNetReminderTableOptions>());
            ReminderServices.AddAdoNet(builder.Services);
            return builder;
        }
    }
}
