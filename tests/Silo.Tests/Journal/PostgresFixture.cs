using Npgsql;
using RedNote.PostgresServer;

namespace RedNote.Silo.Tests.Journal;

/// <summary>One server for all tests that do nothing to it; each test has a database of its own.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private PrivatePostgres? _server;
    private int _databases;

    public async ValueTask InitializeAsync()
        => _server = PrivatePostgres.WhyNot is null ? await PrivatePostgres.StartAsync() : null;

    /// <summary>Makes a database, or skips the test where PostgreSQL is not installed.</summary>
    public async Task<string> NewDatabaseAsync()
    {
        Assert.SkipWhen(_server is null, PrivatePostgres.WhyNot ?? "");
        return await _server.CreateDatabase($"test{Interlocked.Increment(ref _databases)}");
    }

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>Runs a statement on a database.</summary>
    public static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}

[CollectionDefinition(Name)]
public sealed class PostgresTestGroup : ICollectionFixture<PostgresFixture>
{
    public const string Name = "postgres";
}
