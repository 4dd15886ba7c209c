using System.Data.Common;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Npgsql;
using RedNote.Deals;
using RedNote.Groups;
using RedNote.Live;
using RedNote.Notes;
using RedNote.Silo.Journal;
using RedNote.Users;
#if ORLEANS_EMBEDDED
using Microsoft.Data.Sqlite;
#endif

namespace RedNote.Silo;

/// <summary>Puts a RedNote silo together: storage, streams, reminders, options.</summary>
public static class SiloHosting
{
    private const string PostgresInvariant = "Npgsql";
    private const string SubscriptionStorage = "PubSubStore";

    /// <summary>
    /// Runs a silo inside this host. Settings: <c>RedNote:Storage</c>, <c>RedNote:DataDirectory</c>,
    /// <c>ConnectionStrings:RedNote</c>, <c>RedNote:Live</c>, <c>RedNote:Deals</c>, <c>RedNote:Inbox</c>,
    /// <c>RedNote:Groups</c>, <c>RedNote:Notes</c>, <c>RedNote:Journal</c>.
    /// The data directory is made when it is missing.
    /// </summary>
    public static IHostApplicationBuilder AddRedNoteSilo(this IHostApplicationBuilder builder)
    {
        var options = builder.AddRedNoteOptions();
        builder.Services.AddOptions<LiveRoomOptions>().Bind(builder.Configuration.GetSection("RedNote:Live"))
            .ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddOptions<DealOptions>().Bind(builder.Configuration.GetSection(DealOptions.Section))
            .ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddOptions<GroupOptions>().Bind(builder.Configuration.GetSection(GroupOptions.Section))
            .ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddOptions<NoteOptions>().Bind(builder.Configuration.GetSection(NoteOptions.Section))
            .ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddOptions<InboxOptions>().Bind(builder.Configuration.GetSection(InboxOptions.Section))
            .ValidateDataAnnotations().ValidateOnStart();
        // Before the silo, which needs it when it starts.
        builder.AddRedNoteJournal(options);
        builder.UseOrleans(silo => silo.AddRedNote(options));
        builder.Services.AddJournalCare();
        return builder;
    }

    /// <summary>Reads <see cref="RedNoteOptions"/> and makes its folder absolute; once per host.</summary>
    public static RedNoteOptions AddRedNoteOptions(this IHostApplicationBuilder builder)
    {
        var options = new RedNoteOptions();
        builder.Configuration.GetSection(RedNoteOptions.Section).Bind(options);
        options.ConnectionString ??= builder.Configuration.GetConnectionString("RedNote");
        var result = new RedNoteOptionsValidator().Validate(null, options);
        if (result.Failed)
        {
            throw new OptionsValidationException(nameof(RedNoteOptions), typeof(RedNoteOptions), result.Failures);
        }

        options.DataDirectory = Path.GetFullPath(options.DataDirectory);
        builder.Services.TryAddSingleton(Options.Create(options));
        builder.Services.TryAddSingleton(TimeProvider.System);
        return options;
    }

    private static void AddRedNote(this ISiloBuilder silo, RedNoteOptions options)
    {
        silo.AddMemoryStreams(StreamNames.Provider);
        silo.AddMemoryGrainStorage(SubscriptionStorage);
#if ORLEANS_MICROSOFT
        silo.UseLocalhostClustering();
#endif
        if (options.Storage == StorageKind.Memory)
        {
            silo.AddMemoryGrainStorage(StorageNames.Provider);
            silo.UseInMemoryReminderService();
            return;
        }

        var (invariant, connectionString) = Connect(options);
        silo.AddAdoNetGrainStorage(StorageNames.Provider, storage =>
        {
            storage.Invariant = invariant;
            storage.ConnectionString = connectionString;
            storage.GrainStorageSerializer = new JsonStateSerializer();
        });
        silo.UseAdoNetReminderService(reminders =>
        {
            reminders.Invariant = invariant;
            reminders.ConnectionString = connectionString;
        });
    }

    private static (string Invariant, string ConnectionString) Connect(RedNoteOptions options)
    {
        if (options.Storage == StorageKind.Postgres)
        {
            DbProviderFactories.RegisterFactory(PostgresInvariant, NpgsqlFactory.Instance);
            return (PostgresInvariant, options.ConnectionString!);
        }

#if ORLEANS_MICROSOFT
        throw new NotSupportedException(
            "With the Microsoft engine RedNote:Storage is memory or postgres; SQLite is for the embedded engine.");
#else
        SQLitePCL.Batteries_V2.Init();
        // The name Orleans gives SQLite; the provider behind it is Microsoft.Data.Sqlite.
        const string sqliteInvariant = "System.Data.SQLite";
        DbProviderFactories.RegisterFactory(sqliteInvariant, SqliteFactory.Instance);
        var connection = new SqliteConnectionStringBuilder { DataSource = options.DatabaseFile };
        return (sqliteInvariant, connection.ConnectionString);
#endif
    }
}
