using Npgsql;

namespace RedNote.Silo.Journal;

/// <summary>Protection keys in a PostgreSQL database that all front ends share.</summary>
public sealed class PostgresProtectionKeys : IProtectionKeyStore, IDisposable
{
    private readonly PostgresJournalOptions _options;
    private readonly PostgresFailures _failures;
    private readonly NpgsqlDataSource _source;
    private readonly Lock _gate = new();
    private bool _hasSchema;

    /// <param name="connectionString">Npgsql's.</param>
    /// <param name="options">Null: the defaults.</param>
    public PostgresProtectionKeys(string connectionString, PostgresJournalOptions? options = null)
    {
        _options = options ?? new PostgresJournalOptions();
        var given = new NpgsqlConnectionStringBuilder(connectionString);
        _failures = new PostgresFailures(given);
        _source = PostgresConnections.Create(given, 1, _options);
    }

    public IReadOnlyList<string> ReadAll() => Guard(connection =>
    {
        using var command = new NpgsqlCommand("SELECT xml FROM journal_protection_keys ORDER BY id", connection);
        using var reader = command.ExecuteReader();
        List<string> keys = [];
        while (reader.Read())
        {
            keys.Add(reader.GetString(0));
        }

        return keys;
    });

    public void Add(string name, string xml) => Guard(connection =>
    {
        using var command = new NpgsqlCommand(
            """
            INSERT INTO journal_protection_keys (name, xml) VALUES ($1, $2)
            ON CONFLICT (name) DO UPDATE SET xml = excluded.xml
            """,
            connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = name });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = xml });
        return command.ExecuteNonQuery();
    });

    public void Dispose() => _source.Dispose();

    private T Guard<T>(Func<NpgsqlConnection, T> run)
    {
        try
        {
            using var connection = _source.OpenConnection();
            lock (_gate)
            {
                if (!_hasSchema)
                {
                    MakeSchema(connection);
                    _hasSchema = true;
                }
            }

            return run(connection);
        }
        catch (Exception failure) when (PostgresFailures.IsOfDatabase(failure))
        {
            throw _failures.Explain(failure, _options.TimeoutMs);
        }
    }

    /// <summary>A front end that has no silo may be the first to come. On the pool, because nobody's scheduler may be
    /// waited for here.</summary>
    private void MakeSchema(NpgsqlConnection connection)
        => Task.Run(async () =>
        {
            using var limit = new CancellationTokenSource(_options.MigrationTimeoutMs);
            await new PostgresSchema(new PostgresTables([])).ApplyAsync(connection, limit.Token);
        }).GetAwaiter().GetResult();
}
