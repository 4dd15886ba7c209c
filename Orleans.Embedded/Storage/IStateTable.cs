namespace RedNote.Embedded.Storage;

/// <summary>A stored state: its bytes (null if cleared) and its version.</summary>
internal readonly record struct StateRow(byte[]? Payload, int Version);

/// <summary>Orleans' storage table in some database. A version is compared and changed in one transaction.</summary>
internal interface IStateTable
{
    /// <summary>Opens the database and creates what is missing in it.</summary>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Answers the row, or null if there is none.</summary>
    Task<StateRow?> ReadAsync(StateKey key, CancellationToken cancellationToken);

    /// <summary>
    /// Stores a payload (null clears) if the row's version is the expected one (null: there is no row), durably.
    /// </summary>
    /// <returns>The new version, or null if another version is stored, and nothing was changed.</returns>
    Task<int?> WriteAsync(
        StateKey key, int? expectedVersion, ReadOnlyMemory<byte>? payload, CancellationToken cancellationToken);

    /// <summary>Finishes what was accepted and closes the database.</summary>
    Task StopAsync();
}
