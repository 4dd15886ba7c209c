#if !ORLEANS_EMBEDDED
using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
#endif
using Orleans.TestingHost;

namespace RedNote.Embedded.Tests.Conformance;

/// <summary>What the engines need set up differently; the tests themselves know nothing of the engine.</summary>
internal static class EngineSetup
{
    public static void Apply(InProcessTestClusterBuilder builder)
    {
#if !ORLEANS_EMBEDDED
        builder.Options.ConfigureFileLogging = false;
#endif
        builder.Options.ServiceId = "conformance";
    }

    /// <summary>Streams in memory under this name, delivered without the default pull period of 100 ms.</summary>
    public static void AddStreams(ISiloBuilder silo, string provider)
    {
#if ORLEANS_EMBEDDED
        silo.AddMemoryStreams(provider);
#else
        silo.AddMemoryStreams(provider, streams => streams.ConfigurePullingAgent(agent =>
            agent.Configure(options => options.GetQueueMsgsTimerPeriod = TimeSpan.FromMilliseconds(5))));
#endif
    }
}

/// <summary>Keeps the reminders of one silo for the next.</summary>
public sealed class ReminderStore : IDisposable
{
#if ORLEANS_EMBEDDED
    private readonly Storage.TempFolder _folder = new();

    internal void AddTo(ISiloBuilder silo) => silo.UseAdoNetReminderService(options =>
    {
        options.Invariant = Storage.Silos.Sqlite;
        options.ConnectionString = $"Data Source={_folder.File("reminders.db")}";
    });

    public void Dispose() => _folder.Dispose();
#else
    private readonly Table _table = new();

    internal void AddTo(ISiloBuilder silo)
    {
        silo.AddReminders();
        silo.Services.AddSingleton<IReminderTable>(_table);
    }

    public void Dispose() => _table.TestOnlyClearTable();

    /// <summary>A table in memory that no silo owns, instead of a database.</summary>
    private sealed class Table : IReminderTable
    {
        private readonly ConcurrentDictionary<(GrainId, string), ReminderEntry> _rows = new();
        private int _version;

        public Task<ReminderTableData> ReadRows(GrainId grainId)
            => Task.FromResult(new ReminderTableData(_rows.Values.Where(row => row.GrainId == grainId)));

        public Task<ReminderTableData> ReadRows(uint begin, uint end)
            => Task.FromResult(new ReminderTableData(_rows.Values));

        public Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName)
            => Task.FromResult(_rows.GetValueOrDefault((grainId, reminderName)));

        public Task<string?> UpsertRow(ReminderEntry entry)
        {
            entry.ETag = Interlocked.Increment(ref _version).ToString();
            _rows[(entry.GrainId, entry.ReminderName)] = entry;
            return Task.FromResult<string?>(entry.ETag);
        }

        public Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag)
            => Task.FromResult(_rows.TryRemove((grainId, reminderName), out _));

        public Task TestOnlyClearTable()
        {
            _rows.Clear();
            return Task.CompletedTask;
        }
    }
#endif
}
