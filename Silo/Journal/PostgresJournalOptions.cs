using System.ComponentModel.DataAnnotations;

namespace RedNote.Silo.Journal;

/// <summary>How the journal uses a PostgreSQL database; configuration section <c>RedNote:Journal:Postgres</c>.
/// </summary>
public sealed class PostgresJournalOptions
{
    /// <summary>How long the database may take for one batch or one question, in milliseconds. Below the journal's
    /// append timeout, so that the store gives up first. Default 4,000.</summary>
    [Range(100, 60_000)]
    public int TimeoutMs { get; set; } = 4_000;

    /// <summary>How long making or changing tables may take at start, in milliseconds, with the wait for another node
    /// that does the same. Default 60,000.</summary>
    [Range(1_000, 3_600_000)]
    public int MigrationTimeoutMs { get; set; } = 60_000;

    /// <summary>Connections for reading; who finds none free waits. Default 8.</summary>
    [Range(1, 100)]
    public int ReadConnections { get; set; } = 8;

    /// <summary>Rows deleted in one transaction when a log is trimmed; appends wait for it. Default 2,000.</summary>
    [Range(1, 100_000)]
    public int TrimRows { get; set; } = 2_000;
}
