using System.Collections.Immutable;
using System.Text;
using RedNote.Journal;
using RedNote.Silo.Journal;

namespace RedNote.Silo.Operations;

/// <summary>How a row of a projection differs from what the log says.</summary>
/// <param name="Key">The row's key.</param>
/// <param name="Stored">What lies in the table; default: nothing.</param>
/// <param name="Wanted">What the log says; default: nothing.</param>
internal sealed record RowDifference(
    string Key, ImmutableArray<ProjectionValue> Stored, ImmutableArray<ProjectionValue> Wanted)
{
    /// <summary>In words; the grain is known to the reader.</summary>
    public string Tell(ProjectionTable table)
    {
        var row = $"table {table.Name}, row ({Key})";
        if (Stored.IsDefault)
        {
            return $"{row} is missing";
        }

        if (Wanted.IsDefault)
        {
            return $"{row} is there, but does not follow from the log";
        }

        var different = Enumerable.Range(0, table.Columns.Length).Where(i => Stored[i] != Wanted[i])
            .Select(i => $"{table.Columns[i].Name} is {Show(Stored[i])}, the log says {Show(Wanted[i])}");
        return $"{row}: {string.Join("; ", different)}";
    }

    private static string Show(ProjectionValue value) => value.Text is { } text ? $"\"{text}\"" : value.ToString();
}

/// <summary>The rows of one grain in one projection table, as the log says they are.</summary>
internal sealed class TableImage(ProjectionTable table)
{
    // By key, so that a row replaces the one before it.
    private readonly Dictionary<string, ImmutableArray<ProjectionValue>> _rows = new(StringComparer.Ordinal);
    private readonly HashSet<string> _notDue = new(StringComparer.Ordinal);

    public ProjectionTable Table => table;

    /// <summary>Starts from rows that are taken as right: what events before the first stored one made of it.</summary>
    public void Assume(ImmutableArray<ProjectionValue> row) => _rows[KeyOf(row)] = row;

    /// <param name="change">What an event changes.</param>
    /// <param name="isDue">False: the table is written late, so that the row may be missing still.</param>
    public void Apply(ProjectionChange change, bool isDue = true)
    {
        switch (change)
        {
            case UpsertRow upsert:
                var row = AsStored(upsert.Values);
                _rows[KeyOf(row)] = row;
                if (!isDue)
                {
                    _notDue.Add(KeyOf(row));
                }

                break;
            case DeleteRows delete:
                Delete(delete.Where);
                break;
            default:
                throw new InvalidOperationException($"{change.GetType().Name} is not a change that is known here.");
        }
    }

    /// <summary>Compares with what is stored; rows that are alike are forgotten. Once only.</summary>
    public async Task<List<RowDifference>> Compare(IAsyncEnumerable<ImmutableArray<ProjectionValue>> stored)
    {
        var differences = new List<RowDifference>();
        await foreach (var row in stored)
        {
            var key = KeyOf(row);
            if (!_rows.Remove(key, out var wanted))
            {
                differences.Add(new RowDifference(Name(row), row, default));
            }
            else if (!wanted.AsSpan().SequenceEqual(row.AsSpan()))
            {
                differences.Add(new RowDifference(Name(row), row, wanted));
            }
        }

        differences.AddRange(_rows.Where(row => !_notDue.Contains(row.Key))
            .Select(row => new RowDifference(Name(row.Value), default, row.Value)));
        return differences;
    }

    /// <summary>No database keeps halves of surrogate pairs.</summary>
    private static ImmutableArray<ProjectionValue> AsStored(ImmutableArray<ProjectionValue> row)
        => [.. row.Select(value => value.Text is { } text ? (ProjectionValue)PostgresText.WellFormed(text) : value)];

    private void Delete(ImmutableArray<ColumnMatch> where)
    {
        if (WholeKey(where) is { } key)
        {
            _rows.Remove(key);
            return;
        }

        foreach (var (matching, _) in _rows.Where(row => table.Matches(row.Value, where)).ToList())
        {
            _rows.Remove(matching);
        }
    }

    /// <summary>The key, if the conditions are that all of its columns are equal to something and nothing else; most
    /// deletions are, and need not look at every row.</summary>
    private string? WholeKey(ImmutableArray<ColumnMatch> where)
    {
        if (where.Length != table.KeyColumns)
        {
            return null;
        }

        var values = new ProjectionValue[table.KeyColumns];
        for (var i = 0; i < values.Length; i++)
        {
            var match = where.FirstOrDefault(m => m.Column == table.Columns[i].Name);
            if (match is not { Comparison: Comparison.Equal })
            {
                return null;
            }

            values[i] = match.Value;
        }

        return KeyOf([.. values]);
    }

    private string Name(ImmutableArray<ProjectionValue> row)
        => string.Join(", ", row.Take(table.KeyColumns).Select(value => value.ToString()));

    /// <summary>Texts with their length before them, so that no two keys read alike.</summary>
    private string KeyOf(ImmutableArray<ProjectionValue> row)
    {
        var key = new StringBuilder();
        foreach (var value in row.AsSpan(0, table.KeyColumns))
        {
            if (value.Text is { } text)
            {
                key.Append(text.Length).Append(':').Append(text);
            }
            else
            {
                key.Append(value.Number).Append(',');
            }
        }

        return key.ToString();
    }
}
