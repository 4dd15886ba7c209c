using System.Data.Common;
using RedNote.Journal;
using RedNote.Silo.Journal;

namespace RedNote.Silo.Operations;

/// <summary>A row whose words do not find it, or an entry without a row.</summary>
/// <param name="Key">The row's key.</param>
/// <param name="Folded">What is to be found; empty: nothing.</param>
internal sealed record SearchFault(long Key, string Folded);

/// <summary>What makes a table's rows searchable, compared with the rows and mended.</summary>
internal abstract class SearchIndex(JournalView view, ProjectionTable table)
{
    protected JournalView View => view;

    protected ProjectionTable Table => table;

    public static SearchIndex Of(JournalView view, ProjectionTable table)
        => view.IsSqlite ? new SqliteSearchIndex(view, table) : new PostgresSearchIndex(view, table);

    /// <summary>The faults of one grain's rows, in no order.</summary>
    public abstract Task<List<SearchFault>> Check(string grain, CancellationToken ct);

    /// <summary>Makes one right.</summary>
    public abstract Task Mend(string grain, SearchFault fault, CancellationToken ct);

    /// <summary>What is to be found of each row that has words.</summary>
    protected async Task<Dictionary<long, string>> Wanted(string grain, CancellationToken ct)
    {
        var wanted = new Dictionary<long, string>();
        await foreach (var row in View.ReadTable(Table, grain, ct))
        {
            if (Table.Fold(row) is { Length: > 0 } folded)
            {
                wanted.Add(row[0].Number, folded);
            }
        }

        return wanted;
    }
}

/// <summary>
/// The full-text index of an SQLite file. It is asked whether each row has its entry, and whether the entry has the
/// row's tokens; tokens that an entry has besides cannot be asked for, and do no harm, as what they find is compared
/// with the text.
/// </summary>
internal sealed class SqliteSearchIndex(JournalView view, ProjectionTable table) : SearchIndex(view, table)
{
    // Tokens of a question; SQLite bounds how deep one may be.
    private const int TokensAtOnce = 100;

    public override async Task<List<SearchFault>> Check(string grain, CancellationToken ct)
    {
        var wanted = await Wanted(grain, ct);
        var faults = new List<SearchFault>();
        if (await Number(grain, ct) is { } number)
        {
            var first = number << SearchSql.KeyBits;
            var entries = await View.Query(
                SearchSql.ReadEntries(Table),
                [first, first | ProjectionTable.MaxSearchedKey],
                row => row.GetInt64(0) & ProjectionTable.MaxSearchedKey,
                ct).ToListAsync(ct);
            foreach (var key in entries)
            {
                if (!wanted.Remove(key, out var folded))
                {
                    faults.Add(new SearchFault(key, ""));
                }
                else if (!await Has(first | key, SearchText.Tokens(grain, folded), ct))
                {
                    faults.Add(new SearchFault(key, folded));
                }
            }
        }

        faults.AddRange(wanted.Select(row => new SearchFault(row.Key, row.Value)));
        return faults;
    }

    public override async Task Mend(string grain, SearchFault fault, CancellationToken ct)
    {
        await View.Execute(SearchSql.AddLog(Table), [grain], ct);
        var entry = ((await Number(grain, ct))!.Value << SearchSql.KeyBits) | fault.Key;
        if (await View.Query(SearchSql.HasEntry(Table), [entry], _ => true, ct).AnyAsync(ct))
        {
            // Its tokens are not known; what stays of them finds nothing.
            await View.Execute(SearchSql.Remove(Table), [entry, ""], ct);
        }

        if (fault.Folded.Length > 0)
        {
            var tokens = SearchText.Write(SearchText.Tokens(grain, fault.Folded));
            await View.Execute(SearchSql.Add(Table), [entry, tokens], ct);
        }
    }

    private async Task<long?> Number(string grain, CancellationToken ct)
        => await View.Query(SearchSql.ReadLog(Table), [grain], row => (long?)row.GetInt64(0), ct)
            .SingleOrDefaultAsync(ct);

    private async Task<bool> Has(long entry, long[] tokens, CancellationToken ct)
    {
        foreach (var some in tokens.Chunk(TokensAtOnce))
        {
            if (!await View.Query(SearchSql.Has(Table), [SearchSql.All(some), entry], _ => true, ct).AnyAsync(ct))
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>The columns of a PostgreSQL table that are searched, which can be compared as they are.</summary>
internal sealed class PostgresSearchIndex(JournalView view, ProjectionTable table) : SearchIndex(view, table)
{
    private readonly string _read = $"""
        SELECT {ProjectionSql.Quoted(table.Columns[0].Name)}, {SearchSql.Text}, {SearchSql.Tokens}::text
        FROM {ProjectionSql.NameOf(table)} WHERE grain = $1 AND ({SearchSql.Text} IS NOT NULL
            OR {SearchSql.Tokens} IS NOT NULL)
        """;

    private readonly string _write = $"""
        UPDATE {ProjectionSql.NameOf(table)}
        SET {SearchSql.Text} = nullif($2, ''), {SearchSql.Tokens} = CASE WHEN $2 = '' THEN NULL ELSE $3::bigint[] END
        WHERE grain = $1 AND {ProjectionSql.Quoted(table.Columns[0].Name)} = $4
        """;

    public override async Task<List<SearchFault>> Check(string grain, CancellationToken ct)
    {
        var wanted = await Wanted(grain, ct);
        var faults = new List<SearchFault>();
        await foreach (var (key, text, tokens) in View.Query(
            _read,
            [grain],
            row => (row.GetInt64(0), TextOf(row, 1), TextOf(row, 2)),
            ct))
        {
            var isWanted = wanted.Remove(key, out var folded);
            folded ??= "";
            if (!isWanted || text != folded || tokens != SearchSql.Array(SearchText.Tokens(grain, folded)))
            {
                faults.Add(new SearchFault(key, folded));
            }
        }

        faults.AddRange(wanted.Select(row => new SearchFault(row.Key, row.Value)));
        return faults;
    }

    private static string? TextOf(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public override Task Mend(string grain, SearchFault fault, CancellationToken ct)
        => View.Execute(
            _write,
            [grain, fault.Folded, SearchSql.Array(SearchText.Tokens(grain, fault.Folded)), fault.Key],
            ct);
}
