using RedNote.Journal;

namespace RedNote.Silo.Journal;

/// <summary>Deletes the oldest rows of a log, on the writer's connection.</summary>
internal sealed class SqliteTrim(SqliteIndex index)
{
    // A transaction of a trim; appends go between two of them.
    private const int RowsAtOnce = 500;

    private const string ReadOldest = """
        SELECT i.first_version, e.count, e.at, e.id
        FROM journal_index AS i CROSS JOIN journal_events AS e ON e.id = i.id
        WHERE i.log = $1 AND i.grain = $2 AND i.id <= $3 ORDER BY i.first_version LIMIT $4
        """;

    private const string ReadUnindexed = """
        SELECT first_version, count, at, id FROM journal_events WHERE id = $1 AND log = $2 AND grain = $3
        """;

    private const string Delete = "DELETE FROM journal_events WHERE id = $1";

    /// <summary>One transaction; deletes rows as <see cref="IJournalStore.TrimAsync"/> says, but not all at once.
    /// </summary>
    public (int Deleted, bool IsDone) Run(SqliteSession session, LogId id, long upTo, long before)
    {
        session.Begin();
        index.Enter(session, RowsAtOnce);
        var oldest = Oldest(session, id);
        var stays = oldest.FindIndex(row => row.LastVersion > upTo || row.At >= before);
        var isDone = stays >= 0 || oldest.Count <= RowsAtOnce;
        if (stays < 0)
        {
            // The last row looked at stays whatever it holds: it may be the log's newest.
            stays = Math.Max(0, oldest.Count - 1);
        }

        foreach (var row in oldest.Take(stays))
        {
            session.Prepare(Delete).Bind(1, row.Id).Execute();
        }

        index.Reclaim(session);
        session.Commit();
        index.Committed();
        return (stays, isDone);
    }

    private List<Row> Oldest(SqliteSession session, LogId id)
    {
        var rows = new List<Row>();
        Take(
            session.Prepare(ReadOldest).Bind(1, id.Log).Bind(2, id.Key).Bind(3, index.UpTo).Bind(4, RowsAtOnce + 1),
            rows);
        if (rows.Count <= RowsAtOnce)
        {
            foreach (var row in index.FindTail(id, new VersionRange(1)))
            {
                // Of rows that an earlier transaction of the trim has deleted the tail still knows.
                Take(session.Prepare(ReadUnindexed).Bind(1, row.Id).Bind(2, id.Log).Bind(3, id.Key), rows);
                if (rows.Count > RowsAtOnce)
                {
                    break;
                }
            }

            rows.Sort(static (x, y) => x.FirstVersion.CompareTo(y.FirstVersion));
        }

        return rows;
    }

    private static void Take(SqliteStatement statement, List<Row> rows)
    {
        while (statement.Step())
        {
            var first = statement.Number(0);
            rows.Add(new Row(first, first + statement.Number(1) - 1, statement.Number(2), statement.Number(3)));
        }
    }

    private readonly record struct Row(long FirstVersion, long LastVersion, long At, long Id);
}
