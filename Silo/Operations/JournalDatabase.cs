using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;
using RedNote.Silo.Journal;

namespace RedNote.Silo.Operations;

/// <summary>
/// The databases of a RedNote installation as the commands open them: beside a running server, with connections of
/// their own, and not able to write unless a command says that it will.
/// </summary>
internal sealed class JournalDatabase
{
    private readonly RedNoteOptions _options;

    public JournalDatabase(RedNoteOptions options)
    {
        if (options.Storage == StorageKind.Memory)
        {
            throw new OperationException("RedNote:Storage is memory: a server keeps its logs to itself.");
        }

        _options = options;
        if (IsSqlite)
        {
            SQLitePCL.Batteries_V2.Init();
        }
    }

    /// <summary>A text as it is, from how the database keeps it.</summary>
    public string Read(string stored) => IsSqlite ? stored : PostgresText.Read(stored);

    /// <summary>A text as the database keeps it.</summary>
    public string Write(string text) => IsSqlite ? text : PostgresText.Write(text);

    public bool IsSqlite => _options.Storage == StorageKind.Sqlite;

    /// <summary>Where the logs are, for messages.</summary>
    public string Place => IsSqlite ? _options.JournalFile : "the PostgreSQL database";

    /// <summary>Opens the database of logs and projections.</summary>
    public Task<DbConnection> OpenJournal(bool writes, CancellationToken ct)
        => IsSqlite ? OpenFile(_options.JournalFile, writes, ct) : OpenPostgres(ct);

    /// <summary>Opens the database of snapshots; null when there is none yet.</summary>
    public async Task<DbConnection?> OpenSnapshots(CancellationToken ct)
    {
        if (!IsSqlite)
        {
            return await OpenPostgres(ct);
        }

        return File.Exists(_options.DatabaseFile) ? await OpenFile(_options.DatabaseFile, writes: false, ct) : null;
    }

    private static async Task<DbConnection> OpenFile(string file, bool writes, CancellationToken ct)
    {
        if (!File.Exists(file))
        {
            throw new OperationException(
                $"There is no {file}. RedNote__DataDirectory says where the data is, RedNote__Storage what keeps it.");
        }

        var text = new SqliteConnectionStringBuilder
        {
            DataSource = file,
            Mode = writes ? SqliteOpenMode.ReadWrite : SqliteOpenMode.ReadOnly,
            Pooling = false,
        };
        return await Open(new SqliteConnection(text.ConnectionString), file, ct);
    }

    private Task<DbConnection> OpenPostgres(CancellationToken ct)
    {
        // The pool would keep connections to a database that the person at the keyboard may want to drop next.
        var text = new NpgsqlConnectionStringBuilder(_options.ConnectionString) { Pooling = false };
        return Open(new NpgsqlConnection(text.ConnectionString), "the PostgreSQL database", ct);
    }

    private static async Task<DbConnection> Open(DbConnection connection, string place, CancellationToken ct)
    {
        try
        {
            await connection.OpenAsync(ct);
            return connection;
        }
        catch (Exception error)
        {
            await connection.DisposeAsync();
            throw error is DbException
                ? new OperationException($"Cannot open {place}: {error.Message}", error)
                : error;
        }
    }
}
