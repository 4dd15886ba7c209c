using Npgsql;
using NpgsqlTypes;
using RedNote.Journal;

namespace RedNote.Silo.Journal;

/// <content>Rows by the words of their text.</content>
internal sealed partial class PostgresTable
{
    // Rows looked at one by one before the index is asked. A word that is in many rows is found in these, while the
    // index would first gather all of them.
    private const int NewestRows = 1_000;

    /// <summary>What is searched of rows to be stored: an array of texts, and one of tokens.</summary>
    public static void AddSearch(NpgsqlBatchCommand command, IEnumerable<(string Grain, string Folded)> rows)
    {
        var all = rows.ToList();
        command.Parameters.Add(Texts(all.Select(row => row.Folded.Length == 0 ? null : row.Folded)));
        command.Parameters.Add(Texts(all.Select(row => row.Folded.Length == 0
            ? null : SearchSql.Array(SearchText.Tokens(row.Grain, row.Folded)))));
    }

    /// <summary>Looks for words in the first rows of the order asked for.</summary>
    public NpgsqlCommand SearchNear(ProjectionQuery query, SearchWords words) => Search(
        query,
        words,
        (grain, conditions, order) => $"""
            (SELECT * FROM {_name} WHERE {grain}{conditions} {order} LIMIT {NewestRows}) AS rows
            WHERE {SearchSql.Tokens} @> $2::bigint[]
            """);

    /// <summary>Looks for words everywhere. OFFSET 0 keeps the database from reading the log's rows one by one, as it
    /// would where it knows too little of the words.</summary>
    public NpgsqlCommand SearchAll(ProjectionQuery query, SearchWords words) => Search(
        query,
        words,
        (grain, conditions, _) => $"""
            (SELECT * FROM {_name} WHERE {SearchSql.Tokens} @> $2::bigint[] OFFSET 0) AS rows
            WHERE {grain}{conditions}
            """);

    /// <param name="query">The question.</param>
    /// <param name="words">Its words.</param>
    /// <param name="from">The rows and a first condition on them, of the conditions on the grain and on columns, and
    /// of the order.</param>
    private NpgsqlCommand Search(
        ProjectionQuery query, SearchWords words, Func<string, string, string, string> from)
    {
        var command = new NpgsqlCommand();
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = PostgresText.Write(query.Grain!) });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = words.Tokens(query.Grain!) });
        var conditions = "";
        foreach (var match in query.Where)
        {
            command.Parameters.Add(Value(match.Column, match.Value));
            conditions += $" AND {ProjectionSql.Condition(table, match, command.Parameters.Count)}";
        }

        var order = $"ORDER BY {ProjectionSql.Quoted(table.Columns[0].Name)}{(query.Descending ? " DESC" : "")}";
        var rows = from("grain = $1", conditions, order);
        var holds = "";
        foreach (var part in words.Parts)
        {
            // Tokens find rows that have something like the words.
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = part });
            holds += $" AND strpos({SearchSql.Text}, ${command.Parameters.Count}) > 0";
        }

        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = query.Limit });
        var columns = string.Concat(table.Columns.Select(column => $", {ProjectionSql.Quoted(column.Name)}"));
        command.CommandText = $"SELECT grain{columns} FROM {rows}{holds} {order} LIMIT ${command.Parameters.Count}";
        return command;
    }

    private static NpgsqlParameter<string?[]> Texts(IEnumerable<string?> texts) => new()
    {
        NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text,
        TypedValue = [.. texts],
    };
}
