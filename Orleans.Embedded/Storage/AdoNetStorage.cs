using System.Collections.Concurrent;
using System.Globalization;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;

namespace RedNote.Embedded.Storage;

/// <summary>Storage in Orleans' table; the ETag is the row's version.</summary>
internal sealed class AdoNetStorage(string name, IStateTable table, IGrainStorageSerializer serializer)
    : IGrainStorage, ILifecycleParticipant<ISiloLifecycle>
{
    private readonly ConcurrentDictionary<string, GrainType> _ownerOfState = new(StringComparer.Ordinal);

    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(
        $"ADO.NET storage {name}",
        ServiceLifecycleStage.RuntimeStorageServices,
        table.StartAsync,
        _ => table.StopAsync());

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        => ReadStateAsync(stateName, grainId, grainState, CancellationToken.None);

    public async Task ReadStateAsync<T>(
        string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        var row = await table.ReadAsync(KeyOf(stateName, grainId), cancellationToken);
        var state = row?.Payload is { } payload ? serializer.Deserialize<T>(new BinaryData(payload)) : default;
        grainState.State = state ?? NewState<T>.Create();
        grainState.ETag = row?.Version.ToString(CultureInfo.InvariantCulture);
        grainState.RecordExists = row?.Payload is not null;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        => WriteStateAsync(stateName, grainId, grainState, CancellationToken.None);

    public async Task WriteStateAsync<T>(
        string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        // Serialised before the first await: what the grain changes from now on belongs to its next write.
        var payload = serializer.Serialize(grainState.State);
        var version = await table
            .WriteAsync(KeyOf(stateName, grainId), VersionOf(grainState), payload, cancellationToken)
            ;
        grainState.ETag = version?.ToString(CultureInfo.InvariantCulture)
            ?? throw Conflict("write", stateName, grainId, grainState.ETag);
        grainState.RecordExists = true;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        => ClearStateAsync(stateName, grainId, grainState, CancellationToken.None);

    public async Task ClearStateAsync<T>(
        string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        if (VersionOf(grainState) is null)
        {
            // As in Orleans: a clear without a version is about what the store holds, and of nothing it is no change.
            await ReadStateAsync(stateName, grainId, grainState, cancellationToken);
            if (!grainState.RecordExists)
            {
                return;
            }
        }

        var version = await table
            .WriteAsync(KeyOf(stateName, grainId), VersionOf(grainState), payload: null, cancellationToken)
            ;
        grainState.ETag = version?.ToString(CultureInfo.InvariantCulture)
            ?? throw Conflict("clear", stateName, grainId, grainState.ETag);
        grainState.RecordExists = false;
        grainState.State = NewState<T>.Create();
    }

    private static int? VersionOf<T>(IGrainState<T> grainState)
        => string.IsNullOrWhiteSpace(grainState.ETag)
            ? null
            : int.Parse(grainState.ETag, CultureInfo.InvariantCulture);

    private StateKey KeyOf(string stateName, GrainId grainId)
    {
        // The table does not hold the grain's class (see StateKey), so two classes would read each other's rows.
        var owner = _ownerOfState.GetOrAdd(stateName, grainId.Type);
        if (owner != grainId.Type)
        {
            throw new BadProviderConfigException(
                $"The state name '{stateName}' is used by the grain types '{owner}' and '{grainId.Type}'. In ADO.NET " +
                $"storage ('{name}') a row is found by state name and key alone: give each grain class its own name.");
        }

        return StateKey.Create(stateName, grainId);
    }

    private InconsistentStateException Conflict(string operation, string stateName, GrainId grainId, string? current)
        => new(
            $"Version conflict on {operation} of state '{stateName}' of grain {grainId} in storage '{name}': " +
            $"the store does not hold {current ?? "nothing"}, which the grain has.",
            storedEtag: null,
            currentEtag: current);
}
