using System.Diagnostics;
using Npgsql;
using RedNote.Load.Measure;
using RedNote.PostgresServer;

namespace RedNote.Load.Deals;

/// <summary>
/// What one would write first: the stock in a row of PostgreSQL, taken by <c>UPDATE ... WHERE left &gt; 0</c> and an
/// order inserted in the same transaction, on a server that waits for the disk.
/// </summary>
internal sealed class HotRow(DealsPlan plan) : IDealSide
{
    private const string Sell = """
        WITH taken AS (UPDATE stock SET left_pieces = left_pieces - 1 WHERE deal = 1 AND left_pieces > 0 RETURNING deal)
        INSERT INTO orders (deal, buyer) SELECT deal, $1 FROM taken
        """;

    public string Name => "a hot row of PostgreSQL";

    public async Task<DealResult> Measure(CancellationToken ct)
    {
        await using var server = await PrivatePostgres.StartAsync(isDurable: true);
        await using var source = new NpgsqlDataSourceBuilder(
            server.ConnectionString + $";Maximum Pool Size={plan.Callers};Max Auto Prepare=4").Build();
        await using (var create = source.CreateCommand(
            "CREATE TABLE stock (deal int PRIMARY KEY, left_pieces int); INSERT INTO stock VALUES (1, 10000000); "
            + "CREATE TABLE orders (id bigserial PRIMARY KEY, deal int, buyer bigint)"))
        {
            await create.ExecuteNonQueryAsync(ct);
        }

        await Task.WhenAll(Enumerable.Range(0, plan.Callers).Select(_ => Buy(source, TimeSpan.FromSeconds(1), ct)));
        var began = Stopwatch.GetTimestamp();
        var latencies = await Task.WhenAll(Enumerable.Range(0, plan.Callers).Select(_ => Buy(source, plan.Time, ct)));
        var took = Stopwatch.GetElapsedTime(began);
        var all = new Histogram();
        foreach (var latency in latencies)
        {
            all.Add(latency);
        }

        return new DealResult(
            all.Count / took.TotalSeconds, all.Percentile(0.5) / 1_000.0, all.Percentile(0.99) / 1_000.0);
    }

    private static async Task<Histogram> Buy(NpgsqlDataSource source, TimeSpan time, CancellationToken ct)
    {
        var latency = new Histogram();
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var command = new NpgsqlCommand(Sell, connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = 5 });
        var began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < time)
        {
            var since = Stopwatch.GetTimestamp();
            if (await command.ExecuteNonQueryAsync(ct) != 1)
            {
                throw new LoadException("PostgreSQL has sold nothing.");
            }

            latency.Record((long)Stopwatch.GetElapsedTime(since).TotalMicroseconds);
        }

        return latency;
    }
}
