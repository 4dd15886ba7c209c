using Microsoft.Data.Sqlite;
using RedNote.Journal;
using RedNote.Silo.Journal;

namespace RedNote.Silo.Tests.Journal;

public sealed class SqliteJournalStoreTests : DurableJournalStoreTests
{
    private readonly TempFolder _folder = new();

    private string Journal => _folder.File(SqliteJournalStore.FileName);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }

    protected override IJournalStore Open(IReadOnlyList<ProjectionTable> tables)
        => new SqliteJournalStore(Journal, tables);

    protected override IProtectionKeyStore OpenKeys() => new SqliteProtectionKeys(Journal);

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
