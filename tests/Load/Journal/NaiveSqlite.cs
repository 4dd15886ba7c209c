using System.Diagnostics;
using Microsoft.Data.Sqlite;
using RedNote.Load.Measure;

namespace RedNote.Load.Journal;

/// <summary>
/// One transaction per event: WAL, synchronous=FULL, one connection on a thread of its own, a prepared statement, and
/// nobody to wait for. More callers would only queue before it, so that this is its best rate with any number of them.
/// </summary>
public sealed class NaiveSqlite : ISide, IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly string _event;
    private long _version;

    public NaiveSqlite(string folder, string payload)
    {
        _event = payload;
        _connection = new SqliteConnection($"Data Source={Path.Combine(folder, "naive.db")};Pooling=False");
        _connection.Open();
        Execute("PRAGMA journal_mode = WAL");
        Execute("PRAGMA synchronous = FULL");
        Execute("""
            CREATE TABLE events (log text, grain text, first_version bigint, count int, at bigint, payload text,
                PRIMARY KEY (log, grain, first_version)) WITHOUT ROWID
            """);
    }

    public string Name => "a transaction per event";

    public int Callers => 1;

    public long? Transactions => null;

    public Task Run(CallerLog log, CancellationToken stop)
        => OwnThread.Run(() => Write(log, stop), CancellationToken.None);

    public long CountStored()
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM events";
        return (long)command.ExecuteScalar()!;
    }

    public void Dispose() => _connection.Dispose();

    private void Write(CallerLog log, CancellationToken stop)
    {
        using var insert = _connection.CreateCommand();
        insert.CommandText = "INSERT INTO events VALUES ('load', '1', $version, 1, $at, $payload)";
        var version = insert.Parameters.Add("$version", SqliteType.Integer);
        var at = insert.Parameters.Add("$at", SqliteType.Integer);
        insert.Parameters.AddWithValue("$payload", _event);
        insert.Prepare();
        while (!stop.IsCancellationRequested)
        {
            var started = Stopwatch.GetTimestamp();
            version.Value = ++_version;
            at.Value = started;
            insert.ExecuteNonQuery();
            log.Record(0, Stopwatch.GetElapsedTime(started));
        }
    }

    private void Execute(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
