using Npgsql;

namespace RedNote.Load.Deals;

/// <summary>
/// One deal that everybody wants: the stock in a row of PostgreSQL, taken by <c>UPDATE ... WHERE left &gt; 0</c> and an
/// order inserted in the same statement.
/// </summary>
internal sealed class HotRow : IPostgresWay
{
    private const string SellOne = """
        WITH taken AS (UPDATE stock SET left_pieces = left_pieces - 1 WHERE deal = 1 AND left_pieces > 0 RETURNING deal)
        INSERT INTO orders (deal, buyer) SELECT deal, $1 FROM taken
        """;

    public string Name => "a hot row of PostgreSQL";

    public string Tables =>
        "CREATE TABLE stock (deal int PRIMARY KEY, left_pieces int); INSERT INTO stock VALUES (1, 10000000); "
        + "CREATE TABLE orders (id bigserial PRIMARY KEY, deal int, buyer bigint)";

    public Func<CancellationToken, Task<bool>> Caller(NpgsqlConnection connection, int caller)
    {
        var command = new NpgsqlCommand(SellOne, connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = caller });
        return async ct => await command.ExecuteNonQueryAsync(ct) == 1;
    }
}
