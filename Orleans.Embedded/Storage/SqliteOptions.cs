namespace RedNote.Embedded;

/// <summary>How the embedded engine uses SQLite files.</summary>
public sealed class SqliteOptions
{
    /// <summary>How many connections read, each on a thread of its own. Default 2, at least 1.</summary>
    public int Readers { get; set; } = 2;

    /// <summary>How many writes go into one transaction at most. Default 512.</summary>
    public int MaxBatch { get; set; } = 512;

    /// <summary>How long to wait for a lock another process holds before an operation fails. Default 5 s.</summary>
    public TimeSpan BusyTimeout { get; set; } = TimeSpan.FromSeconds(5);
}
