using Npgsql;
using RedNote.Journal;

namespace RedNote.Silo.Journal;

/// <summary>
/// Makes and migrates the journal's tables, in one transaction and under a lock, so that several nodes may start at
/// once. Where nothing is to be done nothing is changed, so that a role that may only use the tables can start too.
/// </summary>
internal sealed class PostgresSchema(PostgresTables tables)
{
    // Any number will do, as long as every node uses the same.
    private const string StartLock = "SELECT pg_advisory_xact_lock(7203968213)";

    /// <summary>What makes each version of the schema out of the one before it; never changed once released.</summary>
    private static readonly string[] Migrations =
    [
        """
        CREATE TABLE journal_events (
            log text COLLATE "C" NOT NULL, grain text COLLATE "C" NOT NULL, first_version bigint NOT NULL,
            count integer NOT NULL, at bigint NOT NULL, payload text NOT NULL,
            PRIMARY KEY (log, grain, first_version));
        CREATE TABLE IF NOT EXISTS journal_projections (name text PRIMARY KEY, signature text NOT NULL);
        CREATE TABLE IF NOT EXISTS journal_protection_keys (
            id bigint GENERATED ALWAYS AS IDENTITY, name text COLLATE "C" PRIMARY KEY, xml text NOT NULL);
        CREATE TABLE IF NOT EXISTS journal_probe (id integer PRIMARY KEY, at timestamptz NOT NULL);
        """,
    ];

    /// <summary>The version this program works with.</summary>
    public static int Current => Migrations.Length;

    public async Task ApplyAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // Waiting for another node and building an index may take longer than an append.
        await RunAsync(connection, "SET LOCAL statement_timeout = 0", cancellationToken);
        await RunAsync(connection, StartLock, cancellationToken);
        await MigrateAsync(connection, cancellationToken);
        await MakeTablesAsync(connection, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task MigrateAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var found = await ReadVersionAsync(connection, cancellationToken);
        if (found > Current)
        {
            throw new JournalSchemaException(
                $"The database's journal has schema version {found}, and this program knows versions up to {Current}. "
                + "A newer RedNote has used it; start that one.");
        }

        if (found == Current)
        {
            return;
        }

        if (found == 0)
        {
            await RunAsync(connection, "CREATE TABLE journal_schema (version integer NOT NULL)", cancellationToken);
            await RunAsync(connection, "INSERT INTO journal_schema VALUES (0)", cancellationToken);
        }

        foreach (var migration in Migrations.Skip(found))
        {
            await RunAsync(connection, migration, cancellationToken);
        }

        await RunAsync(connection, $"UPDATE journal_schema SET version = {Current}", cancellationToken);
    }

    private static async Task<int> ReadVersionAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (!await ExistsAsync(connection, "journal_schema", cancellationToken))
        {
            return await ExistsAsync(connection, "journal_events", cancellationToken)
                ? throw new JournalSchemaException(
                    "The database has a table journal_events, but no table journal_schema: it is not the journal's.")
                : 0;
        }

        await using var command = new NpgsqlCommand("SELECT version FROM journal_schema", connection);
        return await command.ExecuteScalarAsync(cancellationToken) is int version
            ? version
            : throw new JournalSchemaException("The database's table journal_schema holds no version.");
    }

    private async Task MakeTablesAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var signatures = await ReadSignaturesAsync(connection, cancellationToken);
        foreach (var table in tables.All)
        {
            var stored = signatures.GetValueOrDefault(table.Table.Name);
            if (stored == ProjectionSql.SignatureOf(table.Table)
                && await HasIndexesAsync(connection, table.Table, cancellationToken))
            {
                continue;
            }

            foreach (var statement in table.Migrate(stored))
            {
                await RunAsync(connection, statement, cancellationToken);
            }

            await WriteSignatureAsync(connection, table.Table, cancellationToken);
        }
    }

    private static async Task<bool> HasIndexesAsync(
        NpgsqlConnection connection, ProjectionTable table, CancellationToken cancellationToken)
    {
        foreach (var (name, _) in ProjectionSql.Indexes(table))
        {
            if (!await ExistsAsync(connection, name, cancellationToken))
            {
                return false;
            }
        }

        return table.Searched is null || await ExistsAsync(connection, SearchSql.IndexOf(table), cancellationToken);
    }

    private static async Task<Dictionary<string, string>> ReadSignaturesAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT name, signature FROM journal_projections", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var signatures = new Dictionary<string, string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            signatures.Add(reader.GetString(0), reader.GetString(1));
        }

        return signatures;
    }

    private static async Task WriteSignatureAsync(
        NpgsqlConnection connection, ProjectionTable table, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(ProjectionSql.WriteSignature, connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = table.Name });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = ProjectionSql.SignatureOf(table) });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<bool> ExistsAsync(
        NpgsqlConnection connection, string name, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT to_regclass(quote_ident($1)) IS NOT NULL", connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = name });
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
