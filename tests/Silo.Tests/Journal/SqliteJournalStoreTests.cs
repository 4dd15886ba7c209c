using Microsoft.Data.Sqlite;
using RedNote.Journal;
using RedNote.Silo.Journal;

namespace RedNote.Silo.Tests.Journal;

public class SqliteJournalStoreTests : DurableJournalStoreTests
{
    private readonly TempFolder _folder = new();

    /// <summary>How many rows may wait for the index; with the default, tests of a few rows never fill it.</summary>
    protected virtual int UnindexedRows => new SqliteJournalOptions().UnindexedRows;

    /// <summary>Several stores make the file at once here, which takes long where a disk is slow to sync.</summary>
    private SqliteJournalOptions Patient => new() { UnindexedRows = UnindexedRows, BusyTimeoutMs = 30_000 };

    private string Journal => _folder.File(SqliteJournalStore.FileName);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    protected override IJournalStore Open(IReadOnlyList<ProjectionTable> tables)
        => new SqliteJournalStore(Journal, tables, Patient);

    protected override IProtectionKeyStore OpenKeys() => new SqliteProtectionKeys(Journal, Patient);

    protected override async Task ClearAsync()
    {
        await CloseAsync(Store);
        foreach (var file in Directory.GetFiles(_folder.Path))
        {
            File.Delete(file);
        }
    }

    protected override async Task ExecuteAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={Journal};Pooling=False");
        await connection.OpenAsync(Cancelled);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(Cancelled);
    }
}

/// <summary>The same with every row in the index at once.</summary>
public sealed class SqliteIndexedJournalStoreTests : SqliteJournalStoreTests
{
    protected override int UnindexedRows => 1;
}

/// <summary>The same with the border of the index in the midst of logs.</summary>
public sealed class SqliteHalfIndexedJournalStoreTests : SqliteJournalStoreTests
{
    protected override int UnindexedRows => 3;
}
