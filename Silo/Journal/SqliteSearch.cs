using System.Collections.Immutable;
using RedNote.Journal;

namespace RedNote.Silo.Journal;

/// <summary>The full-text index of a projection table in an SQLite file; see <see cref="SearchSql"/>.</summary>
internal sealed class SqliteSearch
{
    private readonly ProjectionTable _table;
    private readonly string _addLog;
    private readonly string _readLog;
    private readonly string _hasEntry;
    private readonly string _add;
    private readonly string _remove;
    private readonly string _readText;

    public SqliteSearch(ProjectionTable table)
    {
        _table = table;
        _addLog = SearchSql.AddLog(table);
        _readLog = SearchSql.ReadLog(table);
        _hasEntry = SearchSql.HasEntry(table);
        _add = SearchSql.Add(table);
        _remove = SearchSql.Remove(table);
        _readText = ReadTexts([new ColumnMatch(table.Columns[0].Name, Comparison.Equal, 0)]);
    }

    /// <summary>To be called before a row is put into the table, as the entry of the one before it has to go.</summary>
    public void Upsert(SqliteSession session, string grain, ImmutableArray<ProjectionValue> row)
    {
        var folded = _table.Fold(row);
        var entry = (NumberOf(session, grain) << SearchSql.KeyBits) | row[0].Number;
        var before = session.Prepare(_readText).Bind(1, grain).Bind(2, row[0].Number);
        string? old = null;
        if (before.Step())
        {
            old = before.IsNull(1) ? "" : SearchText.Fold(before.Text(1));
            before.Reset();
        }

        if (old is not null && Has(session, entry))
        {
            if (old == folded)
            {
                // Most rows that are written again are so for something else than their text.
                return;
            }

            Write(session, _remove, entry, grain, old);
        }

        if (folded.Length > 0)
        {
            Write(session, _add, entry, grain, folded);
        }
    }

    /// <summary>To be called before rows are deleted.</summary>
    public void Delete(SqliteSession session, string grain, ImmutableArray<ColumnMatch> where)
    {
        var number = NumberOf(session, grain);
        var statement = session.Prepare(ReadTexts(where)).Bind(1, grain);
        for (var i = 0; i < where.Length; i++)
        {
            statement.Bind(i + 2, where[i].Value);
        }

        var found = new List<(long Entry, string Folded)>();
        while (statement.Step())
        {
            if (!statement.IsNull(1))
            {
                found.Add(((number << SearchSql.KeyBits) | statement.Number(0), SearchText.Fold(statement.Text(1))));
            }
        }

        foreach (var (entry, folded) in found)
        {
            if (Has(session, entry))
            {
                Write(session, _remove, entry, grain, folded);
            }
        }
    }

    /// <summary>Answers a question with words, on a reader's connection: row by row until there are enough, as a token
    /// may find what the words do not.</summary>
    public static List<ProjectionRow> Rows(SqliteSession session, ProjectionQuery query, SearchWords words)
    {
        var rows = new List<ProjectionRow>();
        var log = session.Prepare(SearchSql.ReadLog(query.Table)).Bind(1, query.Grain!);
        if (words.IsEmpty || !log.Step())
        {
            return rows;
        }

        var first = log.Number(0) << SearchSql.KeyBits;
        log.Reset();
        var (from, to) = KeysOf(query);
        var statement = session.Prepare(SearchSql.Find(query)).Bind(1, query.Grain!)
            .Bind(2, SearchSql.All(words.Tokens(query.Grain!))).Bind(3, first | from).Bind(4, first | to);
        while (from <= to && rows.Count < query.Limit && statement.Step())
        {
            var row = SqliteProjectionReads.Row(statement, query.Table);
            if (query.Table.Matches(row.Values, query.Where) && words.Match(query.Table.Fold(row.Values)))
            {
                rows.Add(row);
            }
        }

        statement.Reset();
        return rows;
    }

    /// <summary>The keys that conditions on the key leave: whoever pages through answers begins where the last page
    /// ended.</summary>
    private static (long From, long To) KeysOf(ProjectionQuery query)
    {
        var (from, to) = (0L, ProjectionTable.MaxSearchedKey);
        foreach (var match in query.Where.Where(match => match.Column == query.Table.Columns[0].Name))
        {
            var key = Math.Clamp(match.Value.Number, -1, ProjectionTable.MaxSearchedKey + 1);
            from = match.Comparison switch
            {
                Comparison.Equal or Comparison.AtLeast => Math.Max(from, key),
                Comparison.Above => Math.Max(from, key + 1),
                _ => from,
            };
            to = match.Comparison switch
            {
                Comparison.Equal or Comparison.AtMost => Math.Min(to, key),
                Comparison.Below => Math.Min(to, key - 1),
                _ => to,
            };
        }

        return (from, to);
    }

    private long NumberOf(SqliteSession session, string grain)
    {
        var log = session.Prepare(_readLog).Bind(1, grain);
        if (!log.Step())
        {
            session.Prepare(_addLog).Bind(1, grain).Execute();
            return session.LastId;
        }

        var number = log.Number(0);
        log.Reset();
        return number;
    }

    private bool Has(SqliteSession session, long entry)
    {
        var statement = session.Prepare(_hasEntry).Bind(1, entry);
        var isThere = statement.Step();
        statement.Reset();
        return isThere;
    }

    private static void Write(SqliteSession session, string sql, long entry, string grain, string folded)
        => session.Prepare(sql).Bind(1, entry).Bind(2, SearchText.Write(SearchText.Tokens(grain, folded))).Execute();

    private string ReadTexts(ImmutableArray<ColumnMatch> where)
        => ProjectionSql.Read(_table, [_table.Columns[0], _table.Columns[_table.Searched!.Value]], where);
}
