namespace RedNote.Journal;

/// <summary>A kind of log, for those who read logs without a grain: tools, checks, the waking of grains.</summary>
public interface IEventLogKind
{
    string Name { get; }

    /// <summary>The projection tables that are written with logs of this kind.</summary>
    IReadOnlyList<ProjectionTable> Tables { get; }

    /// <summary>Those of the tables that are written behind the log.</summary>
    IReadOnlyList<ProjectionTable> LateTables { get; }

    /// <summary>Whether its events make grains owe effects to others.</summary>
    bool HasEffects { get; }

    /// <summary>Activates the grain of a key, so that it delivers what it owes.</summary>
    Task Wake(IGrainFactory grains, string key);

    /// <summary>Begins to replay a log from its first event, or from a snapshot.</summary>
    ILogReplay Replay(LogId id, LogSnapshot? from = null);
}

/// <summary>A replay of one log outside of a grain.</summary>
public interface ILogReplay
{
    /// <summary>Version of the last event taken in.</summary>
    long Version { get; }

    /// <summary>
    /// Takes the next row in and returns its events. Throws <see cref="LogUnreadableException"/> when it does not
    /// follow the last one, or cannot be read.
    /// </summary>
    IReadOnlyList<ReplayedEvent> Take(JournalRow row);

    /// <summary>The state as a snapshot.</summary>
    LogSnapshot Snapshot();
}

/// <summary>An event as it was replayed.</summary>
/// <param name="Version">Its place in the log.</param>
/// <param name="At">When it was raised, Unix ms.</param>
/// <param name="Json">As it would be written today.</param>
/// <param name="Changes">What it changes in the projections.</param>
public sealed record ReplayedEvent(long Version, long At, string Json, IReadOnlyList<ProjectionChange> Changes);

/// <summary>A state at a version, as it is kept in grain storage.</summary>
[GenerateSerializer, Alias("journal.snapshot")]
public sealed class LogSnapshot
{
    /// <summary>What the keys of snapshots begin with whose grains have a text as key.</summary>
    public const string TextKeyMark = "~";

    /// <summary>Version of the last event in it; 0: there is none.</summary>
    [Id(0)]
    public long Version { get; set; }

    /// <summary>The state in the form of its kind.</summary>
    [Id(1)]
    public string Json { get; set; } = "";
}
