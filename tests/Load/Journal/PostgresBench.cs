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
