using System.ComponentModel.DataAnnotations;

namespace RedNote.Silo.Journal;

/// <summary>How the journal uses its SQLite file; configuration section <c>RedNote:Journal:Sqlite</c>.</summary>
public sealed class SqliteJournalOptions
{
    /// <summary>Connections that read, each with a thread of its own. Default 3.</summary>
    [Range(1, 64)]
    public int Readers { get; set; } = 3;

    /// <summary>Reads, and as many writes, that may wait for a connection; the next one fails. Default 10,000.
    /// </summary>
    [Range(1, 1_000_000)]
    public int QueuedCalls { get; set; } = 10_000;

    /// <summary>How long a call waits for a file that another program holds locked, in milliseconds. Default 2,000.
    /// </summary>
    [Range(0, 60_000)]
    public int BusyTimeoutMs { get; set; } = 2_000;

    /// <summary>Pages of 4 KiB that the write-ahead log may gather before it is folded into the file; it stays bigger
    /// only while a long read needs it. Default 2,000; folding delays an append by about 10 µs per page.</summary>
    [Range(100, 1_000_000)]
    public int CheckpointPages { get; set; } = 2_000;

    /// <summary>Rows after which the index is filled with them, while about half as many more come. More make it
    /// take less of the writer's time, more memory and a longer restart. Default 16,384.</summary>
    [Range(1, 1_000_000)]
    public int UnindexedRows { get; set; } = 16_384;

    /// <summary>Memory for pages of the writer, in KiB; each reader has an eighth of it. Default 65,536.</summary>
    [Range(1_024, 16 * 1024 * 1024)]
    public int CacheKiB { get; set; } = 65_536;

    /// <summary>Pages of 4 KiB that the file may have; writes that need more fail as if the disk were full. 0, the
    /// default: as many as the disk holds.</summary>
    [Range(0, int.MaxValue)]
    public int MaxPages { get; set; }
}
