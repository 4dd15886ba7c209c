namespace RedNote.Load.Journal;

/// <summary>The sides on one database.</summary>
public interface IBench : IAsyncDisposable
{
    string Store { get; }

    /// <summary>In the order in which they take turns. One side may have two roles.</summary>
    IReadOnlyList<(Role Role, ISide Side)> Sides { get; }

    /// <summary>Events in the database, over all sides.</summary>
    Task<long> CountStored(CancellationToken ct);

    /// <summary>Brings the database to rest before a side writes, so that none pays for what another has left behind.
    /// </summary>
    Task Settle(CancellationToken ct);
}
