using Npgsql;
using RedNote.Load.Deals;

namespace RedNote.Load.Notes;

/// <summary>What one would write first for likes that are exact: a row for each, and the count in a row that all of
/// them want, in one statement of PostgreSQL.</summary>
internal sealed class HotNote : IPostgresWay
{
    private const string LikeOne = """
        WITH added AS (INSERT INTO likes (note, liker) VALUES (1, $1) ON CONFLICT DO NOTHING RETURNING liker)
        UPDATE notes SET likes = likes + (SELECT count(*) FROM added) WHERE id = 1
        """;

    public string Name => "a hot row of PostgreSQL";

    public string Tables =>
        "CREATE TABLE notes (id int PRIMARY KEY, likes bigint); INSERT INTO notes VALUES (1, 0); "
        + "CREATE TABLE likes (note int, liker bigint, PRIMARY KEY (note, liker))";

    public string CountDone => "SELECT likes FROM notes";

    public Func<CancellationToken, Task<bool>> Caller(NpgsqlConnection connection, int caller)
    {
        var liker = new NpgsqlParameter<long>();
        var command = new NpgsqlCommand(LikeOne, connection);
        command.Parameters.Add(liker);

        // Callers are begun twice, to warm up and to measure; nobody likes a second time.
        var next = ((long)caller << 40) + (TimeProvider.System.GetTimestamp() & 0xFF_FFFF_FFFF);
        return async ct =>
        {
            liker.TypedValue = next++;
            return await command.ExecuteNonQueryAsync(ct) == 1;
        };
    }
}
