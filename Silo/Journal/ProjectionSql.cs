using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using RedNote.Journal;

namespace RedNote.Silo.Journal;

/// <summary>What differs between the databases in statements on projection tables.</summary>
/// <param name="Text">The type of text that is compared ordinally.</param>
/// <param name="SortsNullsLast">Null sorts after everything else unless the statement says otherwise.</param>
internal sealed record SqlFlavor(string Text, bool SortsNullsLast)
{
    public static SqlFlavor Sqlite { get; } = new("text", SortsNullsLast: false);

    public static SqlFlavor Postgres { get; } = new("text COLLATE \"C\"", SortsNullsLast: true);
}

/// <summary>
/// Statements on projection tables for both databases. Parameters are <c>$1</c>, <c>$2</c> ... in order of their first
/// appearance, which PostgreSQL and SQLite read alike; values never become part of a statement's text.
/// </summary>
internal sealed partial class ProjectionSql(SqlFlavor flavor)
{
    /// <summary>Notes which columns a table was made with.</summary>
    public const string CreateRegister =
        "CREATE TABLE IF NOT EXISTS journal_projections (name text PRIMARY KEY, signature text NOT NULL)";

    public const string ReadSignature = "SELECT signature FROM journal_projections WHERE name = $1";

    public const string WriteSignature = """
        INSERT INTO journal_projections (name, signature) VALUES ($1, $2)
        ON CONFLICT (name) DO UPDATE SET signature = excluded.signature
        """;

    /// <summary>The table's name in the database; throws for names that could not be one.</summary>
    public static string NameOf(ProjectionTable table) => "journal_" + Checked(table.Name);

    /// <summary>What decides whether a table fits: key and columns. Indexes hold no truth and may differ.</summary>
    public static string SignatureOf(ProjectionTable table)
    {
        var text = new StringBuilder().Append(table.KeyColumns);
        foreach (var column in table.Columns)
        {
            text.Append(' ').Append(Checked(column.Name)).Append(':')
                .Append(column.Type == ProjectionType.Integer ? "integer" : "text");
        }

        return text.ToString();
    }

    /// <summary>
    /// What brings a table to the shape wanted: makes it, adds columns at its end, and indexes that are missing.
    /// </summary>
    /// <param name="table">What is wanted.</param>
    /// <param name="stored">The signature it was made with; null: it is not there.</param>
    public IEnumerable<string> Migrate(ProjectionTable table, string? stored)
    {
        var wanted = SignatureOf(table);
        if (stored is null)
        {
            yield return Create(table);
        }
        else if (stored != wanted)
        {
            if (!wanted.StartsWith(stored + " ", StringComparison.Ordinal))
            {
                throw new JournalSchemaException(
                    $"Projection table {NameOf(table)} was made as \"{stored}\" but is wanted as \"{wanted}\". Only "
                    + "new columns at its end can be added; for anything else drop it and rebuild it from the log.");
            }

            foreach (var column in table.Columns.Skip(stored.Count(c => c == ' ')))
            {
                yield return $"ALTER TABLE {NameOf(table)} ADD COLUMN {Define(column)}";
            }
        }

        foreach (var (_, statement) in Indexes(table))
        {
            yield return statement;
        }

        foreach (var statement in SearchSql.Create(table, flavor))
        {
            yield return statement;
        }
    }

    /// <summary>The table's further indexes: name, and the statement that makes one unless it is there.</summary>
    public static IEnumerable<(string Name, string Statement)> Indexes(ProjectionTable table)
    {
        foreach (var index in table.Indexes)
        {
            var columns = index.Contains("grain") ? index : index.Insert(0, "grain");
            var name = Shortened($"{NameOf(table)}_by_{string.Join('_', columns.Select(Checked))}");
            yield return (name, $"CREATE INDEX IF NOT EXISTS {name} ON {NameOf(table)} "
                + $"({string.Join(", ", columns.Select(Quoted))})");
        }
    }

    /// <summary>Parameters: the grain, then a value per column.</summary>
    public static string Upsert(ProjectionTable table)
    {
        var text = new StringBuilder("INSERT INTO ").Append(NameOf(table)).Append(" (grain");
        AppendEach(text, table.Columns, (column, _) => ", " + Quoted(column.Name));
        text.Append(") VALUES ($1");
        AppendEach(text, table.Columns, (_, i) => $", ${i + 2}");
        text.Append(") ON CONFLICT (grain");
        AppendEach(text, table.Columns.Take(table.KeyColumns), (column, _) => ", " + Quoted(column.Name));
        text.Append(") DO ");
        if (table.Columns.Length == table.KeyColumns)
        {
            return text.Append("NOTHING").ToString();
        }

        text.Append("UPDATE SET ");
        AppendEach(
            text,
            table.Columns.Skip(table.KeyColumns),
            (column, i) => $"{(i == 0 ? "" : ", ")}{Quoted(column.Name)} = excluded.{Quoted(column.Name)}");
        return text.ToString();
    }

    /// <summary>Parameters: the grain, then a value per condition.</summary>
    public static string Delete(ProjectionTable table, ImmutableArray<ColumnMatch> where)
    {
        var text = new StringBuilder("DELETE FROM ").Append(NameOf(table)).Append(" WHERE grain = $1");
        AppendEach(text, where, (match, i) => " AND " + Condition(table, match, i + 2));
        return text.ToString();
    }

    /// <summary>Some columns of rows. Parameters: the grain, then a value per condition.</summary>
    public static string Read(
        ProjectionTable table, IEnumerable<ProjectionColumn> columns, ImmutableArray<ColumnMatch> where)
    {
        var text = new StringBuilder("SELECT ");
        AppendEach(text, columns, (column, i) => (i == 0 ? "" : ", ") + Quoted(column.Name));
        text.Append(" FROM ").Append(NameOf(table)).Append(" WHERE grain = $1");
        AppendEach(text, where, (match, i) => " AND " + Condition(table, match, i + 2));
        return text.ToString();
    }

    /// <summary>
    /// Parameters: the grain if one is given, a value per condition, the limit. The answer's first column is the grain.
    /// </summary>
    public string Select(ProjectionQuery query)
    {
        var table = query.Table;
        var text = new StringBuilder("SELECT grain");
        AppendEach(text, table.Columns, (column, _) => ", " + Quoted(column.Name));
        text.Append(" FROM ").Append(NameOf(table));
        var parameter = 1;
        if (query.Grain is not null)
        {
            text.Append(" WHERE grain = $").Append(parameter++);
        }

        foreach (var match in query.Where)
        {
            text.Append(parameter == 1 ? " WHERE " : " AND ").Append(Condition(table, match, parameter));
            parameter++;
        }

        AppendOrder(text, query);
        return text.Append(" LIMIT $").Append(parameter).ToString();
    }

    private void AppendOrder(StringBuilder text, ProjectionQuery query)
    {
        var table = query.Table;
        var columns = new List<string>(query.OrderBy);
        if (query.Grain is null)
        {
            columns.Add("grain");
        }

        columns.AddRange(table.Columns.Take(table.KeyColumns).Select(column => column.Name));
        var direction = (query.Descending, flavor.SortsNullsLast) switch
        {
            (false, false) => "",
            (false, true) => " NULLS FIRST",
            (true, false) => " DESC",
            (true, true) => " DESC NULLS LAST",
        };
        var separator = " ORDER BY ";
        foreach (var column in columns.Distinct())
        {
            // Key columns hold no null; a rule about nulls would only keep PostgreSQL from using the index.
            var isKey = column == "grain" || table.IndexOf(column) < table.KeyColumns;
            text.Append(separator).Append(Quoted(column))
                .Append(isKey ? query.Descending ? " DESC" : "" : direction);
            separator = ", ";
        }
    }

    private string Create(ProjectionTable table)
    {
        var text = new StringBuilder("CREATE TABLE ").Append(NameOf(table)).Append(" (grain ").Append(flavor.Text)
            .Append(" NOT NULL");
        AppendEach(
            text,
            table.Columns,
            (column, i) => $", {Define(column)}{(i < table.KeyColumns ? " NOT NULL" : "")}");
        text.Append(", PRIMARY KEY (grain");
        AppendEach(text, table.Columns.Take(table.KeyColumns), (column, _) => ", " + Quoted(column.Name));
        return text.Append("))").ToString();
    }

    private string Define(ProjectionColumn column)
        => $"{Quoted(column.Name)} {(column.Type == ProjectionType.Integer ? "bigint" : flavor.Text)}";

    public static string Condition(ProjectionTable table, ColumnMatch match, int parameter)
    {
        _ = table.IndexOf(match.Column);
        return $"{Quoted(match.Column)} {Operator(match.Comparison)} ${parameter}";
    }

    public static string Operator(Comparison comparison) => comparison switch
    {
        Comparison.Equal => "=",
        Comparison.AtLeast => ">=",
        Comparison.Above => ">",
        Comparison.AtMost => "<=",
        Comparison.Below => "<",
        _ => throw new ArgumentOutOfRangeException(nameof(comparison), comparison, "Unknown comparison."),
    };

    private static void AppendEach<T>(StringBuilder text, IEnumerable<T> items, Func<T, int, string> write)
    {
        var i = 0;
        foreach (var item in items)
        {
            text.Append(write(item, i++));
        }
    }

    /// <summary>Quoted, because a column may well be called "order" or "user".</summary>
    public static string Quoted(string name) => $"\"{Checked(name)}\"";

    // PostgreSQL cuts names off at 63 characters, and two of them could become the same.
    private static string Shortened(string name) => name.Length <= 63
        ? name
        : $"{name[..50]}_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..8]}";

    private static string Checked(string name)
        => LowerSnake().IsMatch(name)
            ? name
            : throw new ArgumentException($"\"{name}\" is not a name of lower-case letters, digits and underscores.");

    [GeneratedRegex("^[a-z][a-z0-9_]{0,47}\\z")]
    private static partial Regex LowerSnake();
}
