using RedNote.Journal;

namespace RedNote.Silo.Journal;

/// <summary>
/// Reads logs on a reader's connection: what the index has, and the rows that it does not have yet. Exact, whoever else
/// uses the file: each read sees one moment, and every row of it exactly once.
/// </summary>
/// <remarks>
/// At that moment the index has all rows with ids up to a border, which is in the file, and nothing above it counts.
/// The tail says which of the rows above are the log's. It was asked before the moment, so a row may have gone from the
/// tail into the index: the border tells. What is newer than the tail is looked for among all rows, of which there are
/// few, or, when the tail is of no use since another has written, as many as may be without the index.
/// </remarks>
internal static class SqliteLogReads
{
    // The row that holds the range's first version may begin before it.
    private const string ReadIndexed = """
        SELECT i.first_version, e.count, e.at, e.payload
        FROM journal_index AS i CROSS JOIN journal_events AS e ON e.id = i.id
        WHERE i.log = $1 AND i.grain = $2 AND e.first_version + e.count > $3 AND i.first_version <= $4 AND i.id <= $5
            AND i.first_version >= coalesce(
                (SELECT max(first_version) FROM journal_index
                 WHERE log = $1 AND grain = $2 AND first_version <= $3 AND id <= $5),
                $3)
        ORDER BY i.first_version
        """;

    private const string IndexedOldestFirst = ReadIndexed + " LIMIT $6";

    private const string IndexedNewestFirst = ReadIndexed + " DESC LIMIT $6";

    private const string ReadKnown =
        "SELECT first_version, count, at, payload FROM journal_events WHERE id = $1 AND log = $2 AND grain = $3";

    private const string ReadUnknown = """
        SELECT first_version, count, at, payload FROM journal_events
        WHERE log = $1 AND grain = $2 AND first_version + count > $3 AND first_version <= $4 AND id > $5
        ORDER BY first_version
        """;

    private const string UnknownOldestFirst = ReadUnknown + " LIMIT $6";

    private const string UnknownNewestFirst = ReadUnknown + " DESC LIMIT $6";

    private const string ReadNewestIndexed = """
        SELECT i.first_version, e.first_version + e.count - 1
        FROM journal_index AS i CROSS JOIN journal_events AS e ON e.id = i.id
        WHERE i.log = $1 AND i.grain = $2 ORDER BY i.first_version DESC LIMIT 1
        """;

    // A search of the key per log: the rows between them, which may be very many, are not looked at.
    private const string NextLog = """
        SELECT log, grain FROM journal_index WHERE (log, grain) > ($1, $2) ORDER BY log, grain LIMIT 1
        """;

    private const string ReadUnknownLogs =
        "SELECT DISTINCT log, grain FROM journal_events WHERE id > $1 AND (log, grain) > ($2, $3)";

    private static readonly Comparer<LogId> Order = Comparer<LogId>.Create(static (x, y) =>
    {
        var byLog = TextOrder.Compare(x.Log, y.Log);
        return byLog != 0 ? byLog : TextOrder.Compare(x.Key, y.Key);
    });

    /// <summary>As <see cref="IJournalStore.ReadAsync"/> says.</summary>
    /// <param name="session">A connection that is in no transaction.</param>
    /// <param name="tail">What is known of the rows that are not indexed.</param>
    /// <param name="id">The log.</param>
    /// <param name="range">The versions, and the order of the rows.</param>
    /// <param name="maxRows">How many at most.</param>
    public static IReadOnlyList<JournalRow> Rows(
        SqliteSession session, SqliteTail tail, LogId id, VersionRange range, int maxRows)
    {
        var (known, knownUpTo) = tail.Find(id, range);
        session.Prepare("BEGIN").Execute();
        var (border, unknown) = Borders(session, tail, knownUpTo);
        var rows = new List<JournalRow>();
        Take(
            session.Prepare(range.NewestFirst ? IndexedNewestFirst : IndexedOldestFirst).Bind(1, id.Log).Bind(2, id.Key)
                .Bind(3, range.From).Bind(4, range.To).Bind(5, border).Bind(6, maxRows),
            rows);
        var indexed = rows.Count;
        // A page that the index fills needs nothing of higher versions.
        var upTo = !range.NewestFirst && indexed == maxRows ? rows[^1].FirstVersion : long.MaxValue;
        var wanted = known.Where(row => row.Id > border && row.Id <= unknown && row.FirstVersion <= upTo);
        foreach (var row in range.NewestFirst ? wanted.Reverse() : wanted)
        {
            // One that was trimmed is known still, and not found.
            Take(session.Prepare(ReadKnown).Bind(1, row.Id).Bind(2, id.Log).Bind(3, id.Key), rows);
            if (rows.Count - indexed == maxRows)
            {
                break;
            }
        }

        Take(
            session.Prepare(range.NewestFirst ? UnknownNewestFirst : UnknownOldestFirst).Bind(1, id.Log).Bind(2, id.Key)
                .Bind(3, range.From).Bind(4, range.To).Bind(5, unknown).Bind(6, maxRows),
            rows);
        session.Prepare("COMMIT").Execute();
        return rows.Count == indexed ? rows : Merge(rows, range.NewestFirst, maxRows);
    }

    /// <summary>As <see cref="IJournalStore.ReadHeadAsync"/> says.</summary>
    public static long Head(SqliteSession session, SqliteTail tail, LogId id)
        => Rows(session, tail, id, new VersionRange(1, NewestFirst: true), 1) is [var newest] ? newest.LastVersion : 0;

    /// <summary>The first and last version of the newest row that the index has; zeros when there is none.</summary>
    public static (long First, long Last) NewestIndexed(SqliteSession session, LogId id)
    {
        var newest = session.Prepare(ReadNewestIndexed).Bind(1, id.Log).Bind(2, id.Key);
        if (!newest.Step())
        {
            return default;
        }

        var versions = (newest.Number(0), newest.Number(1));
        newest.Reset();
        return versions;
    }

    /// <summary>As <see cref="IJournalStore.ListAsync"/> says.</summary>
    public static IReadOnlyList<LogId> Logs(SqliteSession session, SqliteTail tail, LogId? after, int limit)
    {
        var start = after ?? new LogId("", "");
        var (known, knownUpTo) = tail.Logs();
        session.Prepare("BEGIN").Execute();
        var logs = new SortedSet<LogId>(Order);
        for (var last = start; logs.Count < limit; logs.Add(last))
        {
            var next = session.Prepare(NextLog).Bind(1, last.Log).Bind(2, last.Key);
            if (!next.Step())
            {
                break;
            }

            last = new LogId(next.Text(0), next.Text(1));
            next.Reset();
        }

        var (border, unknown) = Borders(session, tail, knownUpTo);
        if (unknown > border)
        {
            logs.UnionWith(known.Where(log => Order.Compare(log, start) > 0));
        }

        var others = session.Prepare(ReadUnknownLogs).Bind(1, unknown).Bind(2, start.Log).Bind(3, start.Key);
        while (others.Step())
        {
            logs.Add(new LogId(others.Text(0), others.Text(1)));
        }

        session.Prepare("COMMIT").Execute();
        return [.. logs.Take(limit)];
    }

    /// <summary>
    /// The id up to which the index goes, and the one up to which the tail is known from there. They are the same when
    /// the tail is that of another file or time, so that nothing of it is used.
    /// </summary>
    private static (long Border, long Unknown) Borders(SqliteSession session, SqliteTail tail, long knownUpTo)
    {
        var (border, writer) = SqliteIndex.Progress(session);
        return writer == tail.Writer && tail.IndexedUpTo <= border
            ? (border, Math.Max(border, knownUpTo))
            : (border, border);
    }

    private static void Take(SqliteStatement statement, List<JournalRow> rows)
    {
        while (statement.Step())
        {
            rows.Add(new JournalRow(
                statement.Number(0), (int)statement.Number(1), statement.Number(2), statement.Bytes(3).ToArray()));
        }
    }

    private static List<JournalRow> Merge(List<JournalRow> rows, bool newestFirst, int maxRows)
    {
        rows.Sort(static (x, y) => x.FirstVersion.CompareTo(y.FirstVersion));
        if (newestFirst)
        {
            rows.Reverse();
        }

        return rows.Count > maxRows ? rows[..maxRows] : rows;
    }
}
