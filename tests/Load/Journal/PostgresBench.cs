using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using RedNote.Journal;
using RedNote.PostgresServer;
using RedNote.Silo.Journal;

namespace RedNote.Load.Journal;

/// <summary>A private PostgreSQL server that waits for the disk at every commit, as a real one does.</summary>
public sealed class PostgresBench : IBench
{
    private const int NaiveConnections = 16;

    // 512 MB, more than a run of the usual length writes.
    private const int WarmSegments = 32;

    private readonly PrivatePostgres _server;
    private readonly PostgresJournalStore _store;
    private readonly NaivePostgres _naive;
    private readonly NaivePostgres _single;

    private PostgresBench(
        PrivatePostgres server,
        PostgresJournalStore store,
        NaivePostgres naive,
        NaivePostgres single,
        JournalLoadOptions options)
    {
        _server = server;
        _store = store;
        _naive = naive;
        _single = single;
        var counting = new CountingStore(store);
        var writer = Writers.Create(counting);
        var payload = Writers.Event(options.EventBytes);
        Sides =
        [
            (Role.Naive, naive),
            (Role.Crowd, new OurWriter(writer, counting, options.Callers, "crowd", payload)),
            (Role.NaiveSingle, single),
            (Role.Single, new OurWriter(writer, counting, 1, "single", payload)),
        ];
    }

    public string Store => JournalLoadOptions.Postgres;

    public IReadOnlyList<(Role Role, ISide Side)> Sides { get; }

    public static async Task<IBench> Open(JournalLoadOptions options, CancellationToken ct)
    {
        if (PrivatePostgres.WhyNot is { } why)
        {
            throw new LoadException($"{why} --store sqlite measures the rest.");
        }

        var server = await PrivatePostgres.StartAsync(isDurable: true);
        try
        {
            await Warm(server, ct);
            var store = new PostgresJournalStore(server.ConnectionString, []);
            await store.StartAsync(ct);
            var payload = Writers.Event(options.EventBytes);
            return new PostgresBench(
                server,
                store,
                await NaivePostgres.Open(server.ConnectionString, NaiveConnections, payload, ct),
                await NaivePostgres.Open(server.ConnectionString, 1, payload, ct),
                options);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public Task Settle(CancellationToken ct) => Execute(_server, "CHECKPOINT", ct);

    public async Task<long> CountStored(CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(_server.ConnectionString);
        await connection.OpenAsync(ct);
        await using var count = new NpgsqlCommand(
            "SELECT coalesce(sum(count), 0)::bigint FROM journal_events", connection);
        return (long)(await count.ExecuteScalarAsync(ct))! + await _naive.CountStored() + await _single.CountStored();
    }

    public async ValueTask DisposeAsync()
    {
        await _naive.DisposeAsync();
        await _single.DisposeAsync();
        await _store.DisposeAsync();
        await _server.DisposeAsync();
    }

    /// <summary>
    /// Makes a fresh server like one that has run for a while. At first each 16 MB segment of its write-ahead log
    /// is made anew, which holds every commit up for 50 ms; once there are some, checkpoints hand them on.
    /// </summary>
    private static async Task Warm(PrivatePostgres server, CancellationToken ct)
    {
        await Execute(server, $"ALTER SYSTEM SET min_wal_size = '{WarmSegments * 16}MB'", ct);
        await Execute(server, "SELECT pg_reload_conf()", ct);
        for (var segment = 0; segment < WarmSegments; segment++)
        {
            await Execute(server, "SELECT pg_logical_emit_message(false, 'warm', ''), pg_switch_wal()", ct);
        }

        await Execute(server, "CHECKPOINT", ct);
    }

    private static async Task Execute(PrivatePostgres server, string sql, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(server.ConnectionString);
        await connection.OpenAsync(ct);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }
}

/// <summary>What the sides on both databases write with.</summary>
internal static class Writers
{
    public static JournalWriter Create(IJournalStore store) => new(
        store,
        Options.Create(new JournalOptions()),
        TimeProvider.System,
        new JournalMetrics(),
        NullLogger<JournalWriter>.Instance);

    /// <summary>An event of that length, of the kind that a room's danmaku makes.</summary>
    public static string Event(int bytes)
    {
        const string head = "{\"kind\":\"load.happened\",\"text\":\"";
        return head + new string('x', bytes - head.Length - 2) + "\"}";
    }
}
