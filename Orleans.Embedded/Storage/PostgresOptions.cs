namespace RedNote.Embedded;

/// <summary>How the embedded engine uses a PostgreSQL database.</summary>
public sealed class PostgresOptions
{
    /// <summary>How many operations run at once; the others wait. Default 16.</summary>
    public int MaxConnections { get; set; } = 16;
}
