using System.Globalization;

namespace RedNote.Embedded.Storage;

/// <summary>Orleans' storage table in a SQLite file.</summary>
internal sealed class SqliteStateTable(SqliteDatabase database, string serviceId, TimeProvider time) : IStateTable
{
    private static readonly string ReadSql = SqlDialect.Read(sqlite: true);
    private static readonly string UpdateSql = SqlDialect.Update(sqlite: true);
    private static readonly string InsertSql = SqlDialect.Insert(sqlite: true);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await database.OpenAsync();
        await database.WriteAsync(static session =>
        {
            session.Run(SqlDialect.SqliteTables);
            var add = session.Prepare(SqlDialect.AddQuery, ["@Key", "@Text"]);
            foreach (var (key, text) in SqlDialect.Queries(sqlite: true))
            {
                add.Bind(0, key).Bind(1, text).Execute();
            }

            return true;
        });
    }

    public Task<StateRow?> ReadAsync(StateKey key, CancellationToken cancellationToken)
        => database.ReadAsync<StateRow?>(session =>
        {
            var statement = session.Prepare(ReadSql, SqlDialect.KeyParameters);
            BindKey(statement, in key);
            using var reader = statement.Read();
            if (!reader.Read())
            {
                return null;
            }

            return new StateRow(reader.IsDBNull(0) ? null : (byte[])reader.GetValue(0), reader.GetInt32(1));
        });

    public Task<int?> WriteAsync(
        StateKey key, int? expectedVersion, ReadOnlyMemory<byte>? payload, CancellationToken cancellationToken)
    {
        var content = payload is { } given ? Bytes.Of(given) : null;
        var modifiedOn = time.GetUtcNow().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        return database.WriteAsync<int?>(session =>
        {
            var sql = expectedVersion is null ? InsertSql : UpdateSql;
            var statement = session.Prepare(sql, SqlDialect.WriteParameters);
            BindKey(statement, in key);
            statement.Bind(7, expectedVersion).Bind(8, content).Bind(9, modifiedOn);
            return statement.Execute() == 0 ? null : (expectedVersion ?? 0) + 1;
        });
    }

    public Task StopAsync()
    {
        database.Close();
        return Task.CompletedTask;
    }

    private void BindKey(SqliteStatement statement, in StateKey key) => statement
        .Bind(0, key.IdHash)
        .Bind(1, key.N0)
        .Bind(2, key.N1)
        .Bind(3, key.NameHash)
        .Bind(4, key.StateName)
        .Bind(5, key.Extension)
        .Bind(6, serviceId);
}
