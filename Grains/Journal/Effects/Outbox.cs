namespace RedNote.Journal;

/// <summary>
/// The table of effects that are not known to be delivered: a row comes with the event that caused it, in the same
/// transaction, and goes when the receiver has taken it.
/// </summary>
public static class Outbox
{
    private const string Log = "log";
    private const string Receiver = "receiver";
    private const string Version = "version";
    private const string At = "at";
    private const string Payload = "payload";

    public static ProjectionTable Table { get; } = new(
        "outbox",
        keyColumns: 3,
        [
            new(Log, ProjectionType.Text),
            new(Receiver, ProjectionType.Text),
            new(Version, ProjectionType.Integer),
            new(At, ProjectionType.Integer),
            new(Payload, ProjectionType.Text),
        ],
        [[At], [Log, Version]]);

    /// <summary>Puts an effect in.</summary>
    internal static ProjectionChange Owe(Effect effect, long at) => new UpsertRow(
        Table, [effect.Source.Log, effect.Receiver, effect.Version, at, effect.Payload]);

    /// <summary>Takes out what a receiver got, up to a version.</summary>
    internal static ProjectionChange Settle(LogId source, string receiver, long upTo) => new DeleteRows(
        Table,
        [
            new(Log, Comparison.Equal, source.Log),
            new(Receiver, Comparison.Equal, receiver),
            new(Version, Comparison.AtMost, upTo),
        ]);

    /// <summary>What a log owes from a version on, in order.</summary>
    internal static ProjectionQuery Owed(LogId source, long after, int limit) => new(Table)
    {
        Grain = source.Key,
        Where = [new(Log, Comparison.Equal, source.Log), new(Version, Comparison.Above, after)],
        OrderBy = [Version],
        Limit = limit,
    };

    /// <summary>Effects of all logs that were owed at a time (Unix ms) or before, oldest first; not those owed before
    /// <paramref name="from"/>.</summary>
    public static ProjectionQuery OwedSince(long at, int limit, long from = long.MinValue) => new(Table)
    {
        Where = [new(At, Comparison.AtMost, at), new(At, Comparison.AtLeast, from)],
        OrderBy = [At],
        Limit = limit,
    };

    /// <summary>The effect in a row.</summary>
    public static Effect Read(ProjectionRow row) => new(
        new LogId(row.Values[0].Text!, row.Grain), row.Values[2].Number, row.Values[1].Text!, row.Values[4].Text!);

    /// <summary>When the effect in a row was owed, Unix ms.</summary>
    public static long OwedAt(ProjectionRow row) => row.Values[3].Number;
}
