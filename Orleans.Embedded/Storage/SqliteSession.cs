using System.Data.Common;
using System.Globalization;

namespace RedNote.Embedded.Storage;

/// <summary>A connection with its settings and its prepared statements; used by one lane only.</summary>
internal sealed class SqliteSession : IDisposable
{
    private readonly Dictionary<string, DbCommand> _commands = new(StringComparer.Ordinal);
    private readonly DbConnection _connection;
    private bool _inTransaction;

    public SqliteSession(DbConnection connection, SqliteOptions options, bool writes)
    {
        _connection = connection;
        try
        {
            connection.Open();
            // Both hold for this connection only. FULL: a commit is on disk before it is acknowledged.
            var wait = ((long)options.BusyTimeout.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
            Run($"PRAGMA busy_timeout = {wait}; PRAGMA synchronous = FULL;");
            if (writes)
            {
                // This one stays in the file.
                Run("PRAGMA journal_mode = WAL;");
            }
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Answers the statement prepared for this text, its parameters in the order they were added.</summary>
    public SqliteStatement Prepare(string sql, string[] parameters)
    {
        if (!_commands.TryGetValue(sql, out var command))
        {
            command = _connection.CreateCommand();
            command.CommandText = sql;
            foreach (var name in parameters)
            {
                var parameter = command.CreateParameter();
                parameter.ParameterName = name;
                command.Parameters.Add(parameter);
            }

            _commands.Add(sql, command);
        }

        return new SqliteStatement(command);
    }

    /// <summary>Runs a text once; for what is not worth preparing.</summary>
    public void Run(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public void Begin()
    {
        Prepare("BEGIN IMMEDIATE", []).Execute();
        _inTransaction = true;
    }

    public void Commit()
    {
        Prepare("COMMIT", []).Execute();
        _inTransaction = false;
    }

    public void Rollback()
    {
        if (!_inTransaction)
        {
            return;
        }

        _inTransaction = false;
        try
        {
            Prepare("ROLLBACK", []).Execute();
        }
        catch (DbException)
        {
            // SQLite ends the transaction itself after some errors (disk full); then there is nothing to roll back.
        }
    }

    public void Dispose()
    {
        foreach (var command in _commands.Values)
        {
            command.Dispose();
        }

        _connection.Dispose();
    }
}

/// <summary>A prepared statement of a session.</summary>
internal readonly struct SqliteStatement(DbCommand command)
{
    public SqliteStatement Bind(int index, object? value)
    {
        command.Parameters[index].Value = value ?? DBNull.Value;
        return this;
    }

    /// <summary>Runs the statement and answers how many rows it changed.</summary>
    public int Execute() => command.ExecuteNonQuery();

    /// <summary>Runs the statement; the reader has to be disposed of before the next use.</summary>
    public DbDataReader Read() => command.ExecuteReader();
}
