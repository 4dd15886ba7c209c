using Microsoft.Data.Sqlite;
using RedNote.Silo.Journal;

namespace RedNote.Load.Journal;

/// <summary>Two SQLite files in one folder, both WAL and synchronous=FULL.</summary>
public sealed class SqliteBench : IBench
{
    private readonly DirectoryInfo _folder;
    private readonly SqliteJournalStore _store;
    private readonly NaiveSqlite _naive;

    private SqliteBench(DirectoryInfo folder, SqliteJournalStore store, NaiveSqlite naive, JournalLoadOptions options)
    {
        _folder = folder;
        _store = store;
        _naive = naive;
        var counting = new CountingStore(store);
        var writer = Writers.Create(counting);
        var payload = Writers.Event(options.EventBytes);
        Sides =
        [
            // With one connection a crowd only queues, so that one caller is the naive writer's best in both roles.
            (Role.Naive, naive),
            (Role.Crowd, new OurWriter(writer, counting, options.Callers, "crowd", payload)),
            (Role.NaiveSingle, naive),
            (Role.Single, new OurWriter(writer, counting, 1, "single", payload)),
        ];
    }

    public string Store => JournalLoadOptions.Sqlite;

    public IReadOnlyList<(Role Role, ISide Side)> Sides { get; }

    public static async Task<IBench> Open(JournalLoadOptions options, CancellationToken ct)
    {
        var folder = options.Folder is { } parent
            ? Directory.CreateDirectory(Path.Combine(parent, $"rednote-load-{Environment.ProcessId}"))
            : Directory.CreateTempSubdirectory("rednote-load-");
        try
        {
            var store = new SqliteJournalStore(Path.Combine(folder.FullName, "journal.db"), []);
            await store.StartAsync(ct);
            var naive = new NaiveSqlite(folder.FullName, Writers.Event(options.EventBytes));
            return new SqliteBench(folder, store, naive, options);
        }
        catch
        {
            folder.Delete(recursive: true);
            throw;
        }
    }

    // Each side has a file of its own.
    public Task Settle(CancellationToken ct) => Task.CompletedTask;

    public async Task<long> CountStored(CancellationToken ct)
    {
        await using var connection = new SqliteConnection(
            $"Data Source={Path.Combine(_folder.FullName, "journal.db")};Mode=ReadOnly;Pooling=False");
        await connection.OpenAsync(ct);
        await using var count = connection.CreateCommand();
        count.CommandText = "SELECT coalesce(sum(count), 0) FROM journal_events";
        return (long)(await count.ExecuteScalarAsync(ct))! + _naive.CountStored();
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _naive.Dispose();
        _folder.Delete(recursive: true);
    }
}
