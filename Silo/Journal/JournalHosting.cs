using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using RedNote.Journal;

namespace RedNote.Silo.Journal;

/// <summary>Puts the journal together: its store by <see cref="RedNoteOptions.Storage"/>, its options.</summary>
public static class JournalHosting
{
    /// <summary>
    /// Adds the grains' event logs and the store they are in, which starts before the silo. Section
    /// <c>RedNote:Journal</c>, and in it <c>Sqlite</c>, <c>Postgres</c>, <c>Watch</c> and <c>Effects</c>.
    /// </summary>
    public static void AddRedNoteJournal(this IHostApplicationBuilder builder, RedNoteOptions options)
    {
        var section = builder.Configuration.GetSection("RedNote:Journal");
        var services = builder.Services;
        services.AddRedNoteGrains();
        services.Bind<JournalOptions>(section);
        services.Bind<SqliteJournalOptions>(section.GetSection("Sqlite"));
        services.Bind<PostgresJournalOptions>(section.GetSection("Postgres"));
        services.Bind<JournalWatchOptions>(section.GetSection("Watch"));
        services.Bind<EffectWakerOptions>(section.GetSection("Effects"));
        services.AddSingleton<IValidateOptions<JournalOptions>, JournalOptionsValidator>();
        if (options.Storage == StorageKind.Sqlite)
        {
            services.AddSingleton(_ => DataDirectoryLock.Take(options.DataDirectory));
        }

        services.AddProtectionKeyStore(options);
        services.TryAddSingleton(provider => CreateStore(provider, options));
        services.AddSingleton<JournalOpening>();
        services.AddHostedService(provider => provider.GetRequiredService<JournalOpening>());
    }

    /// <summary>Adds what watches the journal and what it owes; both start after the silo.</summary>
    public static void AddJournalCare(this IServiceCollection services)
    {
        services.AddSingleton<JournalWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<JournalWatch>());
        services.AddHostedService<EffectWaker>();
    }

    /// <summary>Adds where the keys that protect tokens are kept; once per host, also of one without a silo.</summary>
    public static void AddProtectionKeyStore(this IServiceCollection services, RedNoteOptions options)
    {
        services.AddOptions<SqliteJournalOptions>();
        services.AddOptions<PostgresJournalOptions>();
        services.TryAddSingleton<IProtectionKeyStore>(provider =>
        {
            provider.GetService<DataDirectoryLock>();
            return options.Storage switch
            {
                StorageKind.Memory => new MemoryProtectionKeys(),
                StorageKind.Sqlite => new SqliteProtectionKeys(options.JournalFile, Of<SqliteJournalOptions>(provider)),
                _ => new PostgresProtectionKeys(options.ConnectionString!, Of<PostgresJournalOptions>(provider)),
            };
        });
    }

    /// <summary>
    /// Looks at the options of a host and opens its journal, if it has a silo, before it starts: what stands in the way
    /// can then be told in a line.
    /// </summary>
    public static Task OpenJournalAsync(this IHost host, CancellationToken cancellationToken = default)
    {
        host.Services.GetService<IStartupValidator>()?.Validate();
        return host.Services.GetService<JournalOpening>()?.OpenAsync(cancellationToken) ?? Task.CompletedTask;
    }

    private static IJournalStore CreateStore(IServiceProvider provider, RedNoteOptions options)
    {
        // Made before the store, and so given back after it.
        provider.GetService<DataDirectoryLock>();
        var tables = JournalServices.ProjectionTables(provider.GetServices<IEventLogKind>());
        return options.Storage switch
        {
            StorageKind.Memory => new MemoryJournalStore(tables),
            StorageKind.Sqlite => new SqliteJournalStore(
                options.JournalFile, tables, Of<SqliteJournalOptions>(provider)),
            _ => new PostgresJournalStore(options.ConnectionString!, tables, Of<PostgresJournalOptions>(provider)),
        };
    }

    private static T Of<T>(IServiceProvider provider)
        where T : class
        => provider.GetRequiredService<IOptions<T>>().Value;

    private static void Bind<T>(this IServiceCollection services, IConfigurationSection section)
        where T : class
        => services.AddOptions<T>().Bind(section).ValidateDataAnnotations().ValidateOnStart();
}

/// <summary>The relations between settings of the journal.</summary>
internal sealed class JournalOptionsValidator(
    IOptions<RedNoteOptions> redNote, IOptions<PostgresJournalOptions> postgres, IOptions<SqliteJournalOptions> sqlite)
    : IValidateOptions<JournalOptions>
{
    public ValidateOptionsResult Validate(string? name, JournalOptions options)
    {
        List<string> failures = [];
        if (redNote.Value.Storage == StorageKind.Postgres && postgres.Value.TimeoutMs >= options.AppendTimeoutMs)
        {
            failures.Add("RedNote:Journal:Postgres:TimeoutMs has to be below RedNote:Journal:AppendTimeoutMs.");
        }

        if (redNote.Value.Storage == StorageKind.Sqlite && sqlite.Value.BusyTimeoutMs >= options.AppendTimeoutMs)
        {
            failures.Add("RedNote:Journal:Sqlite:BusyTimeoutMs has to be below RedNote:Journal:AppendTimeoutMs.");
        }

        if (options.EventBytes > options.BatchBytes)
        {
            failures.Add("RedNote:Journal:EventBytes has to be at most RedNote:Journal:BatchBytes.");
        }

        failures.AddRange(options.RetainDays.Where(entry => entry.Value < 1).Select(
            entry => $"RedNote:Journal:RetainDays:{entry.Key} has to be at least 1."));
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
