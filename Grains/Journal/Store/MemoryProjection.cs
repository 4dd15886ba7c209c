using System.Collections.Immutable;

namespace RedNote.Journal;

/// <summary>A projection table of a <see cref="MemoryJournalStore"/>.</summary>
internal sealed class MemoryProjection(ProjectionTable table)
{
    private readonly SortedDictionary<string, SortedSet<ProjectionRow>> _grains = new(StringComparer.Ordinal);

    // What is searched of each row, as folding all of them at every question would take too long.
    private readonly Dictionary<ProjectionRow, string> _texts = new(ReferenceEqualityComparer.Instance);

    public void Apply(string grain, ProjectionChange change)
    {
        if (!_grains.TryGetValue(grain, out var rows))
        {
            _grains[grain] = rows = new SortedSet<ProjectionRow>(new KeyOrder(table));
        }

        switch (change)
        {
            case UpsertRow upsert:
                Check(upsert);
                Replace(rows, new ProjectionRow(grain, upsert.Values));
                break;
            case DeleteRows delete:
                rows.RemoveWhere(item => table.Matches(item.Values, delete.Where) && Forget(item));
                break;
        }

        if (rows.Count == 0)
        {
            _grains.Remove(grain);
        }
    }

    public IReadOnlyList<ProjectionRow> Query(ProjectionQuery query)
    {
        if (query.ParseWords() is { } words)
        {
            return Search(query, words);
        }

        IEnumerable<ProjectionRow> rows = query.Grain is { } grain
            ? _grains.TryGetValue(grain, out var own) ? own : []
            : _grains.Values.SelectMany(all => all);
        var found = rows.Where(row => table.Matches(row.Values, query.Where)).ToList();
        var order = new QueryOrder(query);
        found.Sort((x, y) => query.Descending ? order.Compare(y, x) : order.Compare(x, y));
        return [.. found.Take(query.Limit)];
    }

    private List<ProjectionRow> Search(ProjectionQuery query, SearchWords words)
    {
        if (!_grains.TryGetValue(query.Grain!, out var rows))
        {
            return [];
        }

        var ordered = query.Descending ? rows.Reverse() : rows;
        return [.. ordered.Where(row => table.Matches(row.Values, query.Where)
            && _texts.TryGetValue(row, out var folded) && words.Match(folded)).Take(query.Limit)];
    }

    private void Replace(SortedSet<ProjectionRow> rows, ProjectionRow row)
    {
        var folded = table.Fold(row.Values);
        if (table.Searched is not null && rows.TryGetValue(row, out var old))
        {
            Forget(old);
        }

        rows.Remove(row);
        rows.Add(row);
        if (folded.Length > 0)
        {
            _texts.Add(row, folded);
        }
    }

    private bool Forget(ProjectionRow row)
    {
        _texts.Remove(row);
        return true;
    }

    private void Check(UpsertRow upsert)
    {
        if (upsert.Values.Length != table.Columns.Length)
        {
            throw new ArgumentException(
                $"Table {table.Name} has {table.Columns.Length} columns, and the row {upsert.Values.Length}.");
        }
    }

    private static int Compare(ProjectionValue x, ProjectionValue y)
    {
        // Null comes first, as in SQLite; a store that sorts otherwise says so in its queries.
        if (x.IsNull || y.IsNull)
        {
            return y.IsNull.CompareTo(x.IsNull);
        }

        return x.Text is { } text ? TextOrder.Compare(text, y.Text!) : x.Number.CompareTo(y.Number);
    }

    private sealed class KeyOrder(ProjectionTable table) : IComparer<ProjectionRow>
    {
        public int Compare(ProjectionRow? x, ProjectionRow? y)
        {
            for (var i = 0; i < table.KeyColumns; i++)
            {
                var order = MemoryProjection.Compare(x!.Values[i], y!.Values[i]);
                if (order != 0)
                {
                    return order;
                }
            }

            return 0;
        }
    }

    private sealed class QueryOrder(ProjectionQuery query) : IComparer<ProjectionRow>
    {
        private readonly int[] _columns = [.. query.OrderBy.Select(query.Table.IndexOf)];
        private readonly KeyOrder _key = new(query.Table);

        public int Compare(ProjectionRow? x, ProjectionRow? y)
        {
            foreach (var column in _columns)
            {
                var order = MemoryProjection.Compare(x!.Values[column], y!.Values[column]);
                if (order != 0)
                {
                    return order;
                }
            }

            var byGrain = query.Grain is null ? TextOrder.Compare(x!.Grain, y!.Grain) : 0;
            return byGrain != 0 ? byGrain : _key.Compare(x, y);
        }
    }
}
