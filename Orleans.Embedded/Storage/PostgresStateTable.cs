using System.Data;
using System.Data.Common;

namespace RedNote.Embedded.Storage;

/// <summary>Orleans' storage table in PostgreSQL, which gathers concurrent commits itself.</summary>
internal sealed class PostgresStateTable(PostgresDatabase database, string serviceId, TimeProvider time) : IStateTable
{
    private static readonly string ReadSql = SqlDialect.Read(sqlite: false);
    private static readonly string UpdateSql = SqlDialect.Update(sqlite: false);

    // Orleans' table has no unique key: two silos that both insert have to see each other, so the hashes are locked
    // until the commit. The insert is a statement of its own, with a snapshot taken after the lock.
    private const string LockSql = "SELECT pg_advisory_xact_lock(@GrainIdHash, @GrainTypeHash)";
    private static readonly string InsertSql = SqlDialect.Insert(sqlite: false);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await database.CreateTablesAsync(
            SqlDialect.PostgresTables, SqlDialect.Queries(sqlite: false), cancellationToken).ConfigureAwait(false);
    }

    public async Task<StateRow?> ReadAsync(StateKey key, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using var command = Command(connection.Value, ReadSql, key);
        await using var reader = await command
            .ExecuteReaderAsync(CommandBehavior.SingleRow, cancellationToken).ConfigureAwait(false);
        if (!await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            return null;
        }

        return new StateRow(reader.IsDBNull(0) ? null : (byte[])reader.GetValue(0), reader.GetInt32(1));
    }

    public async Task<int?> WriteAsync(
        StateKey key, int? expectedVersion, ReadOnlyMemory<byte>? payload, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken).ConfigureAwait(false);
        if (expectedVersion is { } version)
        {
            await using var update = Command(connection.Value, UpdateSql, key);
            AddContent(update, payload);
            Add(update, "@GrainStateVersion", DbType.Int32, version);
            var updated = await update.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            return updated == 0 ? null : version + 1;
        }

        await using var transaction =
            await connection.Value.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using var taken = connection.Value.CreateCommand();
        taken.CommandText = LockSql;
        Add(taken, "@GrainIdHash", DbType.Int32, key.IdHash);
        Add(taken, "@GrainTypeHash", DbType.Int32, key.NameHash);
        await taken.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        await using var insert = Command(connection.Value, InsertSql, key);
        AddContent(insert, payload);
        var inserted = await insert.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        return inserted == 0 ? null : 1;
    }

    public Task StopAsync() => database.CloseAsync();

    private DbCommand Command(DbConnection connection, string sql, StateKey key)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        Add(command, "@GrainIdHash", DbType.Int32, key.IdHash);
        Add(command, "@GrainIdN0", DbType.Int64, key.N0);
        Add(command, "@GrainIdN1", DbType.Int64, key.N1);
        Add(command, "@GrainTypeHash", DbType.Int32, key.NameHash);
        Add(command, "@GrainTypeString", DbType.String, key.StateName);
        Add(command, "@GrainIdExtensionString", DbType.String, key.Extension);
        Add(command, "@ServiceId", DbType.String, serviceId);
        return command;
    }

    private void AddContent(DbCommand command, ReadOnlyMemory<byte>? payload)
    {
        Add(command, "@PayloadBinary", DbType.Binary, payload is { } given ? Bytes.Of(given) : null);
        // The column is a time without zone, by convention UTC; the driver insists on the unspecified kind for it.
        var now = DateTime.SpecifyKind(time.GetUtcNow().UtcDateTime, DateTimeKind.Unspecified);
        Add(command, "@ModifiedOn", DbType.DateTime2, now);
    }

    private static void Add(DbCommand command, string name, DbType type, object? value)
        => PostgresDatabase.Add(command, name, type, value);
}
