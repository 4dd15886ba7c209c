using System.Data;
using System.Data.Common;

namespace RedNote.Embedded.Storage;

/// <summary>A PostgreSQL database: the driver's pool, and a bound on how many operations use it at once.</summary>
internal sealed class PostgresDatabase(DbProviderFactory factory, string connectionString, PostgresOptions options)
    : IDisposable
{
    // Any number will do, as long as everybody who creates tables uses the same.
    private const string CreationLock = "SELECT pg_advisory_xact_lock(7203968210)";

    private readonly SemaphoreSlim _slots = new(options.MaxConnections);
    private readonly Lock _gate = new();
    private DbDataSource? _source;
    private int _users;

    /// <summary>Creates what is missing, once for all processes that start at the same time.</summary>
    public async Task CreateTablesAsync(
        string tables, IEnumerable<(string Key, string Text)> queries, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _users++;
            _source ??= factory.CreateDataSource(connectionString);
        }

        await using var connection = await OpenAsync(cancellationToken).ConfigureAwait(false);
        await using var transaction =
            await connection.Value.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await RunAsync(connection.Value, CreationLock, cancellationToken).ConfigureAwait(false);
        await RunAsync(connection.Value, tables, cancellationToken).ConfigureAwait(false);
        foreach (var (key, text) in queries)
        {
            await using var add = connection.Value.CreateCommand();
            add.CommandText = SqlDialect.AddQuery;
            Add(add, "@Key", DbType.String, key);
            Add(add, "@Text", DbType.String, text);
            await add.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }

        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits for a free connection.</summary>
    public async Task<Lease> OpenAsync(CancellationToken cancellationToken)
    {
        var source = _source ?? throw new ObjectDisposedException(nameof(PostgresDatabase));
        await _slots.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var connection = await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            return new Lease(connection, _slots);
        }
        catch
        {
            _slots.Release();
            throw;
        }
    }

    public async Task CloseAsync()
    {
        DbDataSource? closing = null;
        lock (_gate)
        {
            if (_users > 0 && --_users == 0)
            {
                closing = _source;
                _source = null;
            }
        }

        if (closing is not null)
        {
            await closing.DisposeAsync().ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _users = 0;
            _source?.Dispose();
            _source = null;
        }

        _slots.Dispose();
    }

    public static void Add(DbCommand command, string name, DbType type, object? value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.DbType = type;
        parameter.Value = value ?? DBNull.Value;
        command.Parameters.Add(parameter);
    }

    private static async Task RunAsync(DbConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A connection; disposing returns it.</summary>
    public readonly struct Lease(DbConnection connection, SemaphoreSlim slots) : IAsyncDisposable
    {
        public DbConnection Value => connection;

        public async ValueTask DisposeAsync()
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            slots.Release();
        }
    }
}
