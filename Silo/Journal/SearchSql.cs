using System.Text;
using RedNote.Journal;

namespace RedNote.Silo.Journal;

/// <summary>
/// Statements on what makes a projection table's text searchable. SQLite: a full-text index of
/// <see cref="SearchText.Tokens"/> beside the table, whose ids are the log's number and the row's key, so that a log's
/// entries are a range in the order of the key. PostgreSQL: two columns of the table, the folded text and its tokens,
/// and an index of the tokens.
/// </summary>
/// <remarks>
/// SQLite's index knows no text, so that whoever removes an entry has to say its tokens; and those of an entry that is
/// not there must not be removed. Tables whose rows were there before they were searched have no entries of them until
/// they are rebuilt.
/// </remarks>
internal static class SearchSql
{
    /// <summary>Columns that PostgreSQL's tables have besides.</summary>
    public const string Text = "search_text", Tokens = "search_tokens";

    /// <summary>Bits of an entry's id that hold the key; the log's number is above them.</summary>
    public const int KeyBits = 32;

    // A question reads this much of PostgreSQL's index before the rows that wait to get into it are put there.
    private const int PendingKiB = 256;

    public static string WordsOf(ProjectionTable table) => ProjectionSql.NameOf(table) + "_words";

    public static string LogsOf(ProjectionTable table) => ProjectionSql.NameOf(table) + "_logs";

    public static string IndexOf(ProjectionTable table) => ProjectionSql.NameOf(table) + "_by_search";

    /// <summary>Makes what is missing.</summary>
    public static IEnumerable<string> Create(ProjectionTable table, SqlFlavor flavor)
    {
        if (table.Searched is null)
        {
            yield break;
        }

        if (flavor == SqlFlavor.Sqlite)
        {
            yield return $"""
                CREATE TABLE IF NOT EXISTS {LogsOf(table)} (id integer PRIMARY KEY, grain text NOT NULL UNIQUE)
                """;
            yield return $"""
                CREATE VIRTUAL TABLE IF NOT EXISTS {WordsOf(table)}
                USING fts5(words, content='', detail=none, tokenize='ascii')
                """;
            yield break;
        }

        yield return $"""
            ALTER TABLE {ProjectionSql.NameOf(table)} ADD COLUMN IF NOT EXISTS {Text} {flavor.Text},
            ADD COLUMN IF NOT EXISTS {Tokens} bigint[]
            """;
        yield return $"""
            CREATE INDEX IF NOT EXISTS {IndexOf(table)} ON {ProjectionSql.NameOf(table)} USING gin ({Tokens})
            WITH (gin_pending_list_limit = {PendingKiB})
            """;
    }

    /// <summary>What has to go with a table that is dropped.</summary>
    public static IEnumerable<string> Drop(ProjectionTable table, SqlFlavor flavor)
        => flavor == SqlFlavor.Sqlite && table.Searched is not null
            ? [$"DROP TABLE IF EXISTS {WordsOf(table)}", $"DROP TABLE IF EXISTS {LogsOf(table)}"]
            : [];

    /// <summary>Gives a log its number. Parameter: the grain.</summary>
    public static string AddLog(ProjectionTable table) => $"INSERT OR IGNORE INTO {LogsOf(table)} (grain) VALUES ($1)";

    /// <summary>The log's number. Parameter: the grain.</summary>
    public static string ReadLog(ProjectionTable table) => $"SELECT id FROM {LogsOf(table)} WHERE grain = $1";

    /// <summary>Whether there is an entry. Parameter: its id.</summary>
    public static string HasEntry(ProjectionTable table) => $"SELECT 1 FROM {WordsOf(table)}_docsize WHERE id = $1";

    /// <summary>Ids of entries. Parameters: the first and the last.</summary>
    public static string ReadEntries(ProjectionTable table)
        => $"SELECT id FROM {WordsOf(table)}_docsize WHERE id BETWEEN $1 AND $2 ORDER BY id";

    /// <summary>Parameters: the entry's id, its tokens.</summary>
    public static string Add(ProjectionTable table) => $"INSERT INTO {WordsOf(table)} (rowid, words) VALUES ($1, $2)";

    /// <summary>Parameters: the entry's id, its tokens.</summary>
    public static string Remove(ProjectionTable table)
        => $"INSERT INTO {WordsOf(table)} ({WordsOf(table)}, rowid, words) VALUES ('delete', $1, $2)";

    /// <summary>Whether an entry has tokens. Parameters: the tokens, its id.</summary>
    public static string Has(ProjectionTable table)
        => $"SELECT 1 FROM {WordsOf(table)} WHERE {WordsOf(table)} MATCH $1 AND rowid = $2";

    /// <summary>Rows by tokens. Parameters: the grain, the tokens, the first and the last entry's id.</summary>
    public static string Find(ProjectionQuery query)
    {
        var (table, words) = (query.Table, WordsOf(query.Table));
        var text = new StringBuilder("SELECT t.grain");
        foreach (var column in table.Columns)
        {
            text.Append(", t.").Append(ProjectionSql.Quoted(column.Name));
        }

        // CROSS JOIN: the index first, whose order is that of the answer, so that nothing is sorted.
        return text.Append($"""
             FROM {words} CROSS JOIN {ProjectionSql.NameOf(table)} AS t
             ON t.grain = $1 AND t.{ProjectionSql.Quoted(table.Columns[0].Name)} = ({words}.rowid & {uint.MaxValue})
             WHERE {words} MATCH $2 AND {words}.rowid BETWEEN $3 AND $4
             ORDER BY {words}.rowid{(query.Descending ? " DESC" : "")}
            """).ToString();
    }

    /// <summary>Tokens that an entry has to have, all of them.</summary>
    public static string All(ReadOnlySpan<long> tokens)
        => SearchText.Write(tokens).Replace(" ", " AND ", StringComparison.Ordinal);

    /// <summary>Tokens as PostgreSQL writes an array.</summary>
    public static string Array(ReadOnlySpan<long> tokens)
    {
        var text = new StringBuilder("{");
        foreach (var token in tokens)
        {
            text.Append(text.Length > 1 ? "," : "").Append(token);
        }

        return text.Append('}').ToString();
    }
}
