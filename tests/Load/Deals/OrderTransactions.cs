using Npgsql;

namespace RedNote.Load.Deals;

/// <summary>
/// What one would write first for a shop: a transaction for each order, which inserts it and takes a piece from the
/// stock. The orders are for many deals in turn, so that callers seldom wait for one another's row.
/// </summary>
internal sealed class OrderTransactions : IPostgresWay
{
    private const int Deals = 10_000;

    public string Name => "a transaction per order";

    public string Tables =>
        "CREATE TABLE stock (deal int PRIMARY KEY, left_pieces int); "
        + $"INSERT INTO stock SELECT deal, 1000000 FROM generate_series(0, {Deals - 1}) deal; "
        + "CREATE TABLE orders (id bigserial PRIMARY KEY, deal int REFERENCES stock, buyer bigint)";

    public Func<CancellationToken, Task<bool>> Caller(NpgsqlConnection connection, int caller)
    {
        var deal = new NpgsqlParameter<int>();
        var insert = new NpgsqlCommand("INSERT INTO orders (deal, buyer) VALUES ($1, $2)", connection);
        insert.Parameters.Add(deal);
        insert.Parameters.Add(new NpgsqlParameter<long> { TypedValue = caller });
        var taken = new NpgsqlParameter<int>();
        var take = new NpgsqlCommand(
            "UPDATE stock SET left_pieces = left_pieces - 1 WHERE deal = $1 AND left_pieces > 0", connection);
        take.Parameters.Add(taken);
        var number = 0;
        return async ct =>
        {
            // A prime step, so that callers go through the deals in orders of their own.
            deal.TypedValue = taken.TypedValue = (int)(((caller * 7_919L) + (number++ * 104_729L)) % Deals);
            await using var transaction = await connection.BeginTransactionAsync(ct);
            await insert.ExecuteNonQueryAsync(ct);
            var isSold = await take.ExecuteNonQueryAsync(ct) == 1;
            await (isSold ? transaction.CommitAsync(ct) : transaction.RollbackAsync(ct));
            return isSold;
        };
    }
}
