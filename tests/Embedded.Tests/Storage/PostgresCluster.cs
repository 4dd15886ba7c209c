using RedNote.PostgresServer;

namespace RedNote.Embedded.Tests.Storage;

/// <summary>One PostgreSQL server for the tests; those that need it are skipped where there can be none.</summary>
public sealed class PostgresCluster : IAsyncLifetime
{
    private PrivatePostgres? _server;
    private int _serviceIds;

    /// <summary>Answers a service id of its own for a test, or skips the test.</summary>
    public string NewServiceId()
    {
        Assert.SkipUnless(PrivatePostgres.WhyNot is null, PrivatePostgres.WhyNot ?? "");
        return $"test {Interlocked.Increment(ref _serviceIds)}";
    }

    /// <summary>Where the server is. Tests share the database and differ by service id.</summary>
    public string ConnectionString => _server!.ConnectionString;

    public async ValueTask InitializeAsync()
    {
        if (PrivatePostgres.WhyNot is null)
        {
            _server = await PrivatePostgres.StartAsync();
        }
    }

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;
}

/// <summary>The tests that use PostgreSQL share one server.</summary>
[CollectionDefinition(Name)]
public sealed class PostgresTestGroup : ICollectionFixture<PostgresCluster>
{
    public const string Name = "postgres";
}
