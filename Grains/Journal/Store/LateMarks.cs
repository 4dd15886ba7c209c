namespace RedNote.Journal;

/// <summary>
/// The table of how far late tables are written: a row for each log that has any, with the version of the last event
/// whose rows are there.
/// </summary>
public static class LateMarks
{
    private const string Log = "log";
    private const string Version = "version";

    public static ProjectionTable Table { get; } = new(
        "late_marks",
        keyColumns: 1,
        [new(Log, ProjectionType.Text), new(Version, ProjectionType.Integer)]);

    /// <summary>Sets a log's mark.</summary>
    internal static ProjectionChange Set(LogId id, long version) => new UpsertRow(Table, [id.Log, version]);

    /// <summary>The question for a log's mark.</summary>
    public static ProjectionQuery Ask(LogId id) => new(Table)
    {
        Grain = id.Key,
        Where = [new(Log, Comparison.Equal, id.Log)],
        Limit = 1,
    };

    /// <summary>The mark from the rows that <see cref="Ask"/> brought; 0: there is none.</summary>
    public static long Read(IReadOnlyList<ProjectionRow> rows) => rows is [var row] ? row.Values[1].Number : 0;
}
