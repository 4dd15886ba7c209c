using System.Collections.Immutable;
using Npgsql;
using RedNote.Journal;

namespace RedNote.Silo.Journal;

/// <summary>
/// The projection changes of a batch, brought down to what remains of them: per table first deletions, one statement
/// per shape of their conditions, then one statement with the rows to be there.
/// </summary>
/// <remarks>
/// Deletions may go first, although some came after an upsert: an upsert that a later deletion matches is dropped
/// here, and its row is deleted by key, whatever was stored under it; an upsert that is not matched leaves the same
/// row behind in either order.
/// </remarks>
internal sealed class PostgresChanges(PostgresTables tables)
{
    private readonly Dictionary<ProjectionTable, Dictionary<string, GrainRows>> _byTable = [];

    public void Add(string grain, ProjectionChange change)
    {
        if (!_byTable.TryGetValue(change.Table, out var grains))
        {
            _byTable.Add(change.Table, grains = new Dictionary<string, GrainRows>(StringComparer.Ordinal));
        }

        if (!grains.TryGetValue(grain, out var rows))
        {
            grains.Add(grain, rows = new GrainRows(change.Table));
        }

        rows.Add(change);
    }

    public IEnumerable<NpgsqlBatchCommand> Commands()
    {
        foreach (var (table, grains) in _byTable.OrderBy(entry => entry.Key.Name, StringComparer.Ordinal))
        {
            var sql = tables.Of(table);
            // In the order of grains, so that transactions of several nodes lock rows in the same order.
            var ordered = grains.OrderBy(entry => entry.Key, StringComparer.Ordinal).ToList();
            var deletions = ordered.SelectMany(entry => entry.Value.Deletions.Select(where => (entry.Key, where)));
            foreach (var shape in deletions.GroupBy(entry => string.Join(
                ',', entry.where.Select(match => $"{match.Column} {match.Comparison}"))))
            {
                yield return Delete(sql, [.. shape]);
            }

            var rows = ordered.SelectMany(entry => entry.Value.Rows.Select(row => (entry.Key, row))).ToList();
            if (rows.Count > 0)
            {
                yield return Upsert(sql, rows);
            }
        }
    }

    private static NpgsqlBatchCommand Delete(
        PostgresTable table, List<(string Grain, ImmutableArray<ColumnMatch> Where)> deletions)
    {
        var shape = deletions[0].Where;
        var command = new NpgsqlBatchCommand(table.Delete(shape));
        command.Parameters.Add(PostgresTable.Grains(deletions.Select(deletion => deletion.Grain)));
        for (var i = 0; i < shape.Length; i++)
        {
            var at = i;
            command.Parameters.Add(
                table.Values(shape[i].Column, deletions.Select(deletion => deletion.Where[at].Value)));
        }

        return command;
    }

    private static NpgsqlBatchCommand Upsert(
        PostgresTable table, List<(string Grain, ImmutableArray<ProjectionValue> Values)> rows)
    {
        var command = new NpgsqlBatchCommand(table.Upsert);
        command.Parameters.Add(PostgresTable.Grains(rows.Select(row => row.Grain)));
        for (var i = 0; i < table.Table.Columns.Length; i++)
        {
            var at = i;
            command.Parameters.Add(table.Values(table.Table.Columns[i].Name, rows.Select(row => row.Values[at])));
        }

        if (table.Table.Searched is not null)
        {
            PostgresTable.AddSearch(command, rows.Select(row => (row.Grain, table.Table.Fold(row.Values))));
        }

        return command;
    }

    /// <summary>What remains of the changes to one grain's rows in one table.</summary>
    private sealed class GrainRows(ProjectionTable table)
    {
        private readonly Dictionary<RowKey, ImmutableArray<ProjectionValue>> _upserts = [];
        private readonly List<ImmutableArray<ColumnMatch>> _deletions = [];

        public IEnumerable<ImmutableArray<ProjectionValue>> Rows => _upserts.Values;

        public IReadOnlyList<ImmutableArray<ColumnMatch>> Deletions => _deletions;

        public void Add(ProjectionChange change)
        {
            switch (change)
            {
                case UpsertRow upsert:
                    _upserts[RowKey.Of(upsert.Values, table.KeyColumns)] = upsert.Values;
                    break;
                case DeleteRows delete:
                    Drop(delete.Where);
                    _deletions.Add(delete.Where);
                    break;
                default:
                    throw new ArgumentException($"A change of an unknown kind: {change.GetType()}.", nameof(change));
            }
        }

        private void Drop(ImmutableArray<ColumnMatch> where)
        {
            var dropped = _upserts.Where(row => table.Matches(row.Value, where)).ToList();
            foreach (var (key, _) in dropped)
            {
                _upserts.Remove(key);
                _deletions.Add([.. key.Values.Select((value, i) =>
                    new ColumnMatch(table.Columns[i].Name, Comparison.Equal, value))]);
            }
        }
    }

    /// <summary>The key of a row; equal when its values are.</summary>
    private readonly record struct RowKey(ImmutableArray<ProjectionValue> Values)
    {
        /// <summary>Texts that are the same once they are stored are the same key here too.</summary>
        public static RowKey Of(ImmutableArray<ProjectionValue> row, int columns) => new([.. row.Take(columns)
            .Select(value => value.Text is { } text ? PostgresText.WellFormed(text) : value)]);

        public bool Equals(RowKey other) => Values.AsSpan().SequenceEqual(other.Values.AsSpan());

        public override int GetHashCode()
        {
            var hash = new HashCode();
            foreach (var value in Values)
            {
                hash.Add(value);
            }

            return hash.ToHashCode();
        }
    }
}
