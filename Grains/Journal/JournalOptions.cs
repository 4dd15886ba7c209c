using System.ComponentModel.DataAnnotations;

namespace RedNote.Journal;

/// <summary>Bounds and times of the journal; configuration section <c>RedNote:Journal</c>.</summary>
public sealed class JournalOptions
{
    /// <summary>After this an append that was not answered counts as of unknown outcome, in milliseconds. Default
    /// 5,000.</summary>
    [Range(100, 60_000)]
    public int AppendTimeoutMs { get; set; } = 5_000;

    /// <summary>Appends in one transaction. Default 4,096.</summary>
    [Range(1, 65_536)]
    public int BatchAppends { get; set; } = 4_096;

    /// <summary>Payload bytes in one transaction; one append may exceed it alone. Default 8 MiB.</summary>
    [Range(64 * 1024, 256 * 1024 * 1024)]
    public int BatchBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>Appends that may wait for the writer; who comes then waits for room. Default 16,384.</summary>
    [Range(1, 1_000_000)]
    public int QueuedAppends { get; set; } = 16_384;

    /// <summary>Payload bytes that may wait for the writer; an append that finds nothing before it is always let in.
    /// Default 64 MiB.</summary>
    [Range(64 * 1024, 1024 * 1024 * 1024)]
    public int QueuedBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>Size of one event as JSON; a bigger one is refused before it is applied. Default 256 KiB.</summary>
    [Range(1_024, 16 * 1024 * 1024)]
    public int EventBytes { get; set; } = 256 * 1024;

    /// <summary>Events after which a log takes a snapshot. Default 1,000.</summary>
    [Range(1, 1_000_000)]
    public int SnapshotEvents { get; set; } = 1_000;

    /// <summary>Least time between two snapshots of a log, in milliseconds. Default 5,000.</summary>
    [Range(0, 3_600_000)]
    public int SnapshotIntervalMs { get; set; } = 5_000;

    /// <summary>After this an activation that is asked and has not appended looks whether another one has, in
    /// milliseconds. Default 30,000.</summary>
    [Range(0, 3_600_000)]
    public int LookAgainMs { get; set; } = 30_000;

    /// <summary>Rows read at once while a grain replays its log. Default 1,000.</summary>
    [Range(1, 100_000)]
    public int ReplayRows { get; set; } = 1_000;

    /// <summary>Effects of one grain held in memory; the rest waits in the store. Default 1,000.</summary>
    [Range(1, 100_000)]
    public int PendingEffects { get; set; } = 1_000;

    /// <summary>Rows of one log that may wait to be written behind it; who asks then waits for room. Default
    /// 65,536.</summary>
    [Range(1_024, 1_000_000)]
    public int LateRows { get; set; } = 65_536;

    /// <summary>Late rows of one log in one transaction. Default 8,192.</summary>
    [Range(1, 100_000)]
    public int LateRowsAtOnce { get; set; } = 8_192;

    /// <summary>Least time between two transactions with late rows of one log, in milliseconds. Default 100.</summary>
    [Range(0, 60_000)]
    public int LateMs { get; set; } = 100;

    /// <summary>Late rows that may go in with their events while little happens. Default 16.</summary>
    [Range(0, 1_000)]
    public int InlineRows { get; set; } = 16;

    /// <summary>How long events are kept that a snapshot stands for, in days, by log name; a log that is not named
    /// keeps them for ever. A room's tape is read from its log: it lasts as long.</summary>
    public Dictionary<string, int> RetainDays { get; } = [];
}
