using System.Collections.Immutable;
using RedNote.Journal;

namespace RedNote.Silo.Journal;

/// <summary>Questions to projections, on a reader's connection.</summary>
internal static class SqliteProjectionReads
{
    private static readonly ProjectionSql Projections = new(SqlFlavor.Sqlite);

    public static IReadOnlyList<ProjectionRow> Rows(SqliteSession session, ProjectionQuery query)
    {
        if (query.ParseWords() is { } words)
        {
            return SqliteSearch.Rows(session, query, words);
        }

        var statement = session.Prepare(Projections.Select(query));
        var parameter = 1;
        if (query.Grain is { } grain)
        {
            statement.Bind(parameter++, grain);
        }

        foreach (var match in query.Where)
        {
            statement.Bind(parameter++, match.Value);
        }

        statement.Bind(parameter, query.Limit);
        var rows = new List<ProjectionRow>();
        while (statement.Step())
        {
            rows.Add(Row(statement, query.Table));
        }

        return rows;
    }

    /// <summary>A row whose first column is the grain.</summary>
    public static ProjectionRow Row(SqliteStatement statement, ProjectionTable table)
    {
        var columns = table.Columns;
        var values = ImmutableArray.CreateBuilder<ProjectionValue>(columns.Length);
        for (var i = 0; i < columns.Length; i++)
        {
            values.Add(statement.Value(i + 1, columns[i].Type));
        }

        return new ProjectionRow(statement.Text(0), values.MoveToImmutable());
    }
}
