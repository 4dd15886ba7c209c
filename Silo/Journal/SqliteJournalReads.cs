using System.Collections.Immutable;
using RedNote.Journal;

namespace RedNote.Silo.Journal;

/// <summary>What the readers' connections do.</summary>
internal static class SqliteJournalReads
{
    // The row that holds the range's first version may begin before it.
    private const string ReadRows = """
        SELECT first_version, count, at, payload FROM journal_events
        WHERE log = $1 AND grain = $2 AND first_version + count > $3 AND first_version <= $4
            AND first_version >= coalesce(
                (SELECT max(first_version) FROM journal_events
                 WHERE log = $1 AND grain = $2 AND first_version <= $3),
                $3)
        ORDER BY first_version
        """;

    private const string ReadOldestFirst = ReadRows + " LIMIT $5";

    private const string ReadNewestFirst = ReadRows + " DESC LIMIT $5";

    private const string ReadLast = """
        SELECT first_version + count - 1 FROM journal_events
        WHERE log = $1 AND grain = $2 ORDER BY first_version DESC LIMIT 1
        """;

    // A search of the key per log: the rows between them, which may be very many, are not looked at.
    private const string NextLog = """
        SELECT log, grain FROM journal_events WHERE (log, grain) > ($1, $2) ORDER BY log, grain LIMIT 1
        """;

    private static readonly ProjectionSql Projections = new(SqlFlavor.Sqlite);

    public static IReadOnlyList<JournalRow> Rows(SqliteSession session, LogId id, VersionRange range, int maxRows)
    {
        var statement = session.Prepare(range.NewestFirst ? ReadNewestFirst : ReadOldestFirst)
            .Bind(1, id.Log).Bind(2, id.Key).Bind(3, range.From).Bind(4, range.To).Bind(5, maxRows);
        var rows = new List<JournalRow>();
        while (statement.Step())
        {
            rows.Add(new JournalRow(
                statement.Number(0), (int)statement.Number(1), statement.Number(2), statement.Bytes(3).ToArray()));
        }

        return rows;
    }

    public static long Head(SqliteSession session, LogId id)
    {
        var statement = session.Prepare(ReadLast).Bind(1, id.Log).Bind(2, id.Key);
        var head = statement.Step() ? statement.Number(0) : 0;
        statement.Reset();
        return head;
    }

    public static IReadOnlyList<LogId> Logs(SqliteSession session, LogId? after, int limit)
    {
        var logs = new List<LogId>();
        var last = after ?? new LogId("", "");
        while (logs.Count < limit)
        {
            var statement = session.Prepare(NextLog).Bind(1, last.Log).Bind(2, last.Key);
            if (!statement.Step())
            {
                break;
            }

            last = new LogId(statement.Text(0), statement.Text(1));
            logs.Add(last);
            statement.Reset();
        }

        return logs;
    }

    public static IReadOnlyList<ProjectionRow> Projection(SqliteSession session, ProjectionQuery query)
    {
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
        var columns = query.Table.Columns;
        var rows = new List<ProjectionRow>();
        while (statement.Step())
        {
            var values = ImmutableArray.CreateBuilder<ProjectionValue>(columns.Length);
            for (var i = 0; i < columns.Length; i++)
            {
                values.Add(statement.Value(i + 1, columns[i].Type));
            }

            rows.Add(new ProjectionRow(statement.Text(0), values.MoveToImmutable()));
        }

        return rows;
    }
}
