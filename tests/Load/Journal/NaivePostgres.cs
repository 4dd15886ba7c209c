using System.Diagnostics;
using Npgsql;

namespace RedNote.Load.Journal;

/// <summary>
/// Connections that each commit single inserts with synchronous_commit=on, prepared, as fast as they can. PostgreSQL
/// itself gathers what they commit at the same moment.
/// </summary>
public sealed class NaivePostgres : ISide, IAsyncDisposable
{
    private readonly NpgsqlConnection[] _connections;
    private readonly string _event;
    private readonly long[] _versions;

    private NaivePostgres(NpgsqlConnection[] connections, string payload)
    {
        _connections = connections;
        _versions = new long[connections.Length];
        _event = payload;
    }

    public string Name => Callers == 1 ? "a connection that inserts" : $"{Callers} connections that insert";

    public int Callers => _connections.Length;

    public long? Transactions => null;

    public static async Task<NaivePostgres> Open(
        string connectionString, int connections, string payload, CancellationToken ct)
    {
        var text = new NpgsqlConnectionStringBuilder(connectionString)
        {
            Pooling = false,
            Options = "-c synchronous_commit=on",
        };
        var side = new NaivePostgres(
            [.. Enumerable.Range(0, connections).Select(_ => new NpgsqlConnection(text.ConnectionString))], payload);
        foreach (var connection in side._connections)
        {
            await connection.OpenAsync(ct);
        }

        await using var create = new NpgsqlCommand(
            $"""
            CREATE TABLE {side.Table} (log text, grain text, first_version bigint, count int, at bigint, payload text,
                PRIMARY KEY (log, grain, first_version))
            """,
            side._connections[0]);
        await create.ExecuteNonQueryAsync(ct);
        return side;
    }

    public Task Run(CallerLog log, CancellationToken stop)
        => Task.WhenAll(_connections.Select((_, caller) => Task.Run(() => Write(caller, log, stop))));

    public async Task<long> CountStored()
    {
        await using var count = new NpgsqlCommand($"SELECT count(*) FROM {Table}", _connections[0]);
        return (long)(await count.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _connections)
        {
            await connection.DisposeAsync();
        }
    }

    private string Table => $"naive_{Callers}";

    private async Task Write(int caller, CallerLog log, CancellationToken stop)
    {
        var version = new NpgsqlParameter<long>();
        var at = new NpgsqlParameter<long>();
        await using var insert = new NpgsqlCommand(
            $"INSERT INTO {Table} VALUES ('load', $1, $2, 1, $3, $4)", _connections[caller])
        {
            Parameters =
            {
                new NpgsqlParameter<string> { TypedValue = $"{caller}" }, version, at,
                new NpgsqlParameter<string> { TypedValue = _event },
            },
        };
        await insert.PrepareAsync(CancellationToken.None);
        while (!stop.IsCancellationRequested)
        {
            var started = Stopwatch.GetTimestamp();
            version.TypedValue = ++_versions[caller];
            at.TypedValue = started;
            await insert.ExecuteNonQueryAsync(CancellationToken.None);
            log.Record(caller, Stopwatch.GetElapsedTime(started));
        }
    }
}
