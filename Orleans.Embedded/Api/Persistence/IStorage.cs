namespace Orleans.Core;

/// <summary>A piece of a grain's state and the operations that keep it in a store.</summary>
public interface IStorage
{
    /// <summary>The version that was last read or written; null before the first write.</summary>
    string? Etag { get; }

    /// <summary>Whether the store holds this state. Throws before the state has been read.</summary>
    bool RecordExists { get; }

    /// <summary>Removes the stored state and resets the state in memory.</summary>
    Task ClearStateAsync();

    /// <summary>
    /// Writes the state in memory; it is durable when the task completes. Fails with an
    /// <see cref="Orleans.Storage.InconsistentStateException"/> if the store holds another version than
    /// <see cref="Etag"/>.
    /// </summary>
    Task WriteStateAsync();

    /// <summary>Reads the state again; what was changed in memory and not written is lost.</summary>
    Task ReadStateAsync();

    /// <inheritdoc cref="ClearStateAsync()"/>
    Task ClearStateAsync(CancellationToken cancellationToken) => ClearStateAsync();

    /// <inheritdoc cref="WriteStateAsync()"/>
    Task WriteStateAsync(CancellationToken cancellationToken) => WriteStateAsync();

    /// <inheritdoc cref="ReadStateAsync()"/>
    Task ReadStateAsync(CancellationToken cancellationToken) => ReadStateAsync();
}

/// <summary>A piece of state of type <typeparamref name="TState"/>.</summary>
public interface IStorage<TState> : IStorage
{
    /// <summary>The state in memory. Never null after it has been read: a new instance if the store has none.</summary>
    TState State { get; set; }
}
