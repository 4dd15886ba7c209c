using RedNote.Journal;
using RedNote.Silo.Journal;

namespace RedNote.Silo.Tests.Journal;

[Collection(PostgresTestGroup.Name)]
public sealed class PostgresJournalStoreTests(PostgresFixture postgres) : DurableJournalStoreTests
{
    private readonly List<PostgresProtectionKeys> _keys = [];
    private string _database = "";

    public override async ValueTask InitializeAsync()
    {
        _database = await postgres.NewDatabaseAsync();
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (var keys in _keys)
        {
            keys.Dispose();
        }

        await base.DisposeAsync();
    }

    protected override IJournalStore Open(IReadOnlyList<ProjectionTable> tables)
        => new PostgresJournalStore(_database, tables);

    protected override Task ExecuteAsync(string sql) => PostgresFixture.ExecuteAsync(_database, sql);

    protected override Task ClearAsync() => ExecuteAsync("DROP SCHEMA public CASCADE; CREATE SCHEMA public");

    protected override IProtectionKeyStore OpenKeys()
    {
        var keys = new PostgresProtectionKeys(_database);
        lock (_keys)
        {
            _keys.Add(keys);
        }

        return keys;
    }
}
