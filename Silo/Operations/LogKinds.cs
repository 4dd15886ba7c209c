using RedNote.Journal;

namespace RedNote.Silo.Operations;

/// <summary>The kinds of logs and the projections that follow from them.</summary>
internal sealed class LogKinds
{
    private readonly SortedDictionary<string, IEventLogKind> _kinds = new(StringComparer.Ordinal);

    public LogKinds(IEnumerable<IEventLogKind> kinds)
    {
        foreach (var kind in kinds)
        {
            _kinds.Add(kind.Name, kind);
        }
    }

    public IEnumerable<string> Names => _kinds.Keys;

    /// <summary>Every projection, in order of name. The outbox is none: its rows go when they are delivered.</summary>
    public IEnumerable<ProjectionTable> Tables
        => _kinds.Values.SelectMany(kind => kind.Tables)
        .DistinctBy(table => table.Name).OrderBy(table => table.Name, StringComparer.Ordinal);

    public IEventLogKind? Find(string name) => _kinds.GetValueOrDefault(name);

    public IReadOnlyList<IEventLogKind> OwnersOf(ProjectionTable table)
        => [.. _kinds.Values.Where(kind => kind.Tables.Any(own => own.Name == table.Name))];

}
