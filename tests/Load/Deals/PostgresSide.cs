using System.Diagnostics;
using Npgsql;
using RedNote.Load.Measure;
using RedNote.PostgresServer;

namespace RedNote.Load.Deals;

/// <summary>A way to sell, or to count likes, on PostgreSQL.</summary>
internal interface IPostgresWay
{
    string Name { get; }

    /// <summary>Statements that make what is sold, and where orders go.</summary>
    string Tables { get; }

    /// <summary>A statement that answers for how many it was done.</summary>
    string CountDone => "SELECT count(*) FROM orders";

    /// <summary>What a caller does for one order or like on a connection of its own; it answers whether that
    /// was done.</summary>
    Func<CancellationToken, Task<bool>> Caller(NpgsqlConnection connection, int caller);
}

/// <summary>Callers that do it on a PostgreSQL server of its own, which waits for the disk.</summary>
internal sealed class PostgresSide(DealsPlan plan, IPostgresWay way) : IDealSide
{
    private static readonly TimeSpan Warmup = TimeSpan.FromSeconds(1);

    public string Name => way.Name;

    /// <summary>Whether everybody wants the same row, which is what our deal is compared with.</summary>
    public bool IsHotRow => way is HotRow;

    public async Task<DealResult> Measure(CancellationToken ct)
    {
        await using var server = await PrivatePostgres.StartAsync(isDurable: true);
        await using var source = new NpgsqlDataSourceBuilder(
            server.ConnectionString + $";Maximum Pool Size={plan.Callers};Max Auto Prepare=8").Build();
        await using (var create = source.CreateCommand(way.Tables))
        {
            await create.ExecuteNonQueryAsync(ct);
        }

        var sold = Sum(await SellAll(source, Warmup, ct)).Count;
        var began = Stopwatch.GetTimestamp();
        var all = Sum(await SellAll(source, plan.Time, ct));
        var took = Stopwatch.GetElapsedTime(began);
        await using var count = source.CreateCommand(way.CountDone);
        if (await count.ExecuteScalarAsync(ct) is not long done || done != sold + all.Count)
        {
            throw new LoadException($"{Name} does not have the {sold + all.Count} that were answered.");
        }

        return new DealResult(
            all.Count / took.TotalSeconds, all.Percentile(0.5) / 1_000.0, all.Percentile(0.99) / 1_000.0);
    }

    private Task<Histogram[]> SellAll(NpgsqlDataSource source, TimeSpan time, CancellationToken ct)
        => Task.WhenAll(Enumerable.Range(0, plan.Callers).Select(caller => Sell(source, caller, time, ct)));

    private async Task<Histogram> Sell(NpgsqlDataSource source, int caller, TimeSpan time, CancellationToken ct)
    {
        var latency = new Histogram();
        await using var connection = await source.OpenConnectionAsync(ct);
        var sellOne = way.Caller(connection, caller);
        var began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < time)
        {
            var since = Stopwatch.GetTimestamp();
            if (!await sellOne(ct))
            {
                throw new LoadException($"{Name} did not do it.");
            }

            latency.Record((long)Stopwatch.GetElapsedTime(since).TotalMicroseconds);
        }

        return latency;
    }

    private static Histogram Sum(Histogram[] latencies)
    {
        var all = new Histogram();
        Array.ForEach(latencies, all.Add);
        return all;
    }
}
