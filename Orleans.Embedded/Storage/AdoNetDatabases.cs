using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.Extensions.Options;
using Orleans.Runtime;

namespace RedNote.Embedded.Storage;

/// <summary>
/// The databases of a silo. Providers with the same connection string share one, so that a SQLite file has one writer.
/// </summary>
internal sealed class AdoNetDatabases(
    IOptions<SqliteOptions> sqliteOptions, IOptions<PostgresOptions> postgresOptions, IBlockingLanes lanes)
    : IDisposable
{
    private readonly ConcurrentDictionary<string, SqliteDatabase> _sqlite = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, PostgresDatabase> _postgres = new(StringComparer.Ordinal);

    /// <summary>
    /// Answers a SQLite database or a PostgreSQL one; the other is null. <paramref name="owner"/> says whose
    /// configuration it is, in error messages.
    /// </summary>
    public (SqliteDatabase? Sqlite, PostgresDatabase? Postgres) Get(
        string owner, string invariant, string? connectionString)
    {
        if (string.IsNullOrWhiteSpace(connectionString))
        {
            throw new OrleansConfigurationException($"{owner}: ConnectionString is required.");
        }

        return invariant switch
        {
            SqlDialect.SqliteInvariant => (_sqlite.GetOrAdd(connectionString, text => new SqliteDatabase(
                Factory(owner, invariant), text, sqliteOptions.Value, lanes)), null),
            SqlDialect.PostgresInvariant => (null, _postgres.GetOrAdd(connectionString, text => new PostgresDatabase(
                Factory(owner, invariant), text, postgresOptions.Value))),
            _ => throw new OrleansConfigurationException(
                $"{owner}: the embedded engine supports the invariants '{SqlDialect.SqliteInvariant}' and " +
                $"'{SqlDialect.PostgresInvariant}', not '{invariant}'."),
        };
    }

    /// <summary>Closes what a silo that did not stop in good order left open.</summary>
    public void Dispose()
    {
        foreach (var database in _sqlite.Values)
        {
            database.Dispose();
        }

        foreach (var database in _postgres.Values)
        {
            database.Dispose();
        }
    }

    private static DbProviderFactory Factory(string owner, string invariant)
        => DbProviderFactories.TryGetFactory(invariant, out var factory)
            ? factory
            : throw new OrleansConfigurationException(
                $"{owner}: no driver is registered as '{invariant}'; call " +
                $"DbProviderFactories.RegisterFactory(\"{invariant}\", ...Factory.Instance) first.");
}
