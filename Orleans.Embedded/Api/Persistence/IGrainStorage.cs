using Orleans.Runtime;

namespace Orleans.Storage;

/// <summary>
/// Keeps grain states. Registered as a keyed service under the provider's name. All three operations fill in
/// <see cref="IGrainState{T}.ETag"/> and <see cref="IGrainState{T}.RecordExists"/> of the state passed in.
/// </summary>
public interface IGrainStorage
{
    /// <summary>Reads a state; if there is none, the state becomes a new instance and the ETag null.</summary>
    Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);

    /// <inheritdoc cref="ReadStateAsync{T}(string, GrainId, IGrainState{T})"/>
    Task ReadStateAsync<T>(
        string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
        => ReadStateAsync(stateName, grainId, grainState);

    /// <summary>
    /// Writes a state durably; fails with <see cref="InconsistentStateException"/> unless the store holds the ETag
    /// passed in (null: no version).
    /// </summary>
    Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);

    /// <inheritdoc cref="WriteStateAsync{T}(string, GrainId, IGrainState{T})"/>
    Task WriteStateAsync<T>(
        string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
        => WriteStateAsync(stateName, grainId, grainState);

    /// <summary>Removes a state, under the same condition as a write, and resets the state passed in.</summary>
    Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);

    /// <inheritdoc cref="ClearStateAsync{T}(string, GrainId, IGrainState{T})"/>
    Task ClearStateAsync<T>(
        string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
        => ClearStateAsync(stateName, grainId, grainState);
}
