using System.Data;
using System.Data.Common;
using System.Globalization;
using Orleans.Runtime;
using RedNote.Embedded.Storage;

namespace RedNote.Embedded.Reminders;

/// <summary>Reminders in PostgreSQL.</summary>
internal sealed class PostgresReminderStore(PostgresDatabase database, string serviceId) : IReminderStore
{
    public Task StartAsync(CancellationToken cancellationToken) => database.CreateTablesAsync(
        ReminderSql.PostgresTables, ReminderSql.PostgresQueries, cancellationToken);

    public async Task<IReadOnlyList<ReminderRow>> ReadAllAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using var command = Command(connection.Value, ReminderSql.ReadAll);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        List<ReminderRow> rows = [];
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            rows.Add(new ReminderRow(
                GrainId.Parse(reader.GetString(0)),
                reader.GetString(1),
                reader.GetDateTime(2).ToUniversalTime(),
                TimeSpan.FromMilliseconds(reader.GetInt64(3)),
                reader.GetInt32(4)));
        }

        return rows;
    }

    public async Task<int> UpsertAsync(ReminderRow row)
    {
        await using var connection = await database.OpenAsync(CancellationToken.None).ConfigureAwait(false);
        await using var command = Command(connection.Value, ReminderSql.Upsert);
        AddKey(command, row.Grain, row.Name);
        PostgresDatabase.Add(command, "@StartTime", DbType.DateTime, row.StartAt);
        PostgresDatabase.Add(command, "@Period", DbType.Int64, (long)row.Period.TotalMilliseconds);
        PostgresDatabase.Add(command, "@GrainHash", DbType.Int32, unchecked((int)row.Grain.GetUniformHashCode()));
        return Convert.ToInt32(await command.ExecuteScalarAsync().ConfigureAwait(false), CultureInfo.InvariantCulture);
    }

    public async Task<bool> RemoveAsync(GrainId grain, string name, int version)
    {
        await using var connection = await database.OpenAsync(CancellationToken.None).ConfigureAwait(false);
        await using var command = Command(connection.Value, ReminderSql.Remove);
        AddKey(command, grain, name);
        PostgresDatabase.Add(command, "@Version", DbType.Int32, version);
        return await command.ExecuteNonQueryAsync().ConfigureAwait(false) > 0;
    }

    public Task StopAsync() => database.CloseAsync();

    private static void AddKey(DbCommand command, GrainId grain, string name)
    {
        PostgresDatabase.Add(command, "@GrainId", DbType.String, grain.ToString());
        PostgresDatabase.Add(command, "@ReminderName", DbType.String, name);
    }

    private DbCommand Command(DbConnection connection, string sql)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        PostgresDatabase.Add(command, "@ServiceId", DbType.String, serviceId);
        return command;
    }
}
