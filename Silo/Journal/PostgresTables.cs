using RedNote.Journal;

namespace RedNote.Silo.Journal;

/// <summary>The projection tables of a database.</summary>
internal sealed class PostgresTables(IReadOnlyList<ProjectionTable> tables)
{
    private readonly Dictionary<ProjectionTable, PostgresTable> _tables =
        tables.Distinct().ToDictionary(table => table, table => new PostgresTable(table));

    public IEnumerable<PostgresTable> All => _tables.Values;

    public PostgresTable Of(ProjectionTable table) => _tables.TryGetValue(table, out var found)
        ? found
        : throw new ArgumentException($"The store was not told of table {table.Name}.", nameof(table));
}
