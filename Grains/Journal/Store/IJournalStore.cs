namespace RedNote.Journal;

/// <summary>
/// Where logs and their projections are kept. One caller appends at a time (the journal writer); reads may
/// run beside it and see only what is durable. Every method throws <see cref="JournalUnavailableException"/> when the
/// database cannot be used; after a failed append its outcome is unknown.
/// </summary>
public interface IJournalStore
{
    /// <summary>
    /// Makes or migrates the schema, under a lock, so that several nodes may start at once. Throws
    /// <see cref="JournalSchemaException"/> when the database is of a newer schema. Called once, before anything else.
    /// </summary>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Stores a batch in one transaction; durable when the task completes. An append goes in only if its log's last
    /// stored version is exactly <see cref="JournalAppend.FirstVersion"/> - 1, checked in that transaction; its
    /// projection changes and redactions go in with it or not at all. Appends of a batch are of different logs, except
    /// those without events (<see cref="JournalAppend.Count"/> 0), which are applied in order and unconditionally.
    /// Called on a caller's thread, it does not block. The task may complete on a thread that the store needs: what
    /// follows on it has to be short.
    /// </summary>
    /// <returns>One outcome per append, in order.</returns>
    Task<AppendOutcome[]> AppendAsync(IReadOnlyList<JournalAppend> batch, CancellationToken cancellationToken);

    /// <summary>
    /// Rows that hold any of the versions <paramref name="range"/>, in its direction; at most
    /// <paramref name="maxRows"/> of them. The first and last row may hold versions outside of the range.
    /// </summary>
    Task<IReadOnlyList<JournalRow>> ReadAsync(
        LogId id, VersionRange range, int maxRows, CancellationToken cancellationToken);

    /// <summary>The last stored version; 0 for a log that is not there.</summary>
    Task<long> ReadHeadAsync(LogId id, CancellationToken cancellationToken);

    /// <summary>
    /// Deletes the oldest rows, as long as their versions are all at most <paramref name="upTo"/> and they were stored
    /// before <paramref name="before"/> (Unix ms); never a log's newest row, and never one behind a row that stays, so
    /// that a clock that went back leaves no hole. Returns how many.
    /// </summary>
    Task<int> TrimAsync(LogId id, long upTo, long before, CancellationToken cancellationToken);

    /// <summary>Rows of a projection table.</summary>
    Task<IReadOnlyList<ProjectionRow>> QueryAsync(ProjectionQuery query, CancellationToken cancellationToken);

    /// <summary>Logs in ordinal order of (log, key), after <paramref name="after"/> if it is given.</summary>
    Task<IReadOnlyList<LogId>> ListAsync(LogId? after, int limit, CancellationToken cancellationToken);

    /// <summary>Writes a little and commits it; throws when the store cannot be written now.</summary>
    Task ProbeAsync(CancellationToken cancellationToken);
}

/// <summary>What became of an append whose transaction was committed.</summary>
public enum AppendOutcome
{
    /// <summary>It is durable.</summary>
    Stored,

    /// <summary>Nothing of it was stored: the log goes on from another version than the writer of it knew.</summary>
    Conflict,
}

/// <summary>Versions from <paramref name="From"/> to <paramref name="To"/>, both included.</summary>
/// <param name="From">From 1.</param>
/// <param name="To"><see cref="long.MaxValue"/>: to the end.</param>
/// <param name="NewestFirst">The direction of the rows; within a row, events are always in order.</param>
public readonly record struct VersionRange(long From, long To = long.MaxValue, bool NewestFirst = false);

/// <summary>Events of one log on their way into the store, with all that has to go in with them.</summary>
public sealed record JournalAppend
{
    public required LogId Id { get; init; }

    /// <summary>Version of the first event; from 1. Unused when <see cref="Count"/> is 0.</summary>
    public long FirstVersion { get; init; }

    /// <summary>How many events. 0: only projection changes, which need no version.</summary>
    public int Count { get; init; }

    /// <summary>When it was raised, Unix ms.</summary>
    public long At { get; init; }

    /// <summary>A JSON array of <see cref="Count"/> events, UTF-8.</summary>
    public ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>Applied in order.</summary>
    public IReadOnlyList<ProjectionChange> Changes { get; init; } = [];

    /// <summary>Stored events to be replaced, of versions before <see cref="FirstVersion"/>.</summary>
    public IReadOnlyList<Redaction> Redactions { get; init; } = [];

    public long LastVersion => FirstVersion + Count - 1;
}

/// <summary>Replaces the payload of a stored event; the version stays.</summary>
/// <param name="Version">Of the event; one that is no longer stored is passed over.</param>
/// <param name="Payload">The event's new JSON object, UTF-8.</param>
public sealed record Redaction(long Version, ReadOnlyMemory<byte> Payload);

/// <summary>A stored row of a log.</summary>
/// <param name="FirstVersion">Version of its first event.</param>
/// <param name="Count">How many events.</param>
/// <param name="At">When it was raised, Unix ms.</param>
/// <param name="Payload">A JSON array of events, UTF-8.</param>
public sealed record JournalRow(long FirstVersion, int Count, long At, ReadOnlyMemory<byte> Payload)
{
    public long LastVersion => FirstVersion + Count - 1;
}
