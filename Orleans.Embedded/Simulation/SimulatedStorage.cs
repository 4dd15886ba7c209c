using System.Globalization;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;
using RedNote.Embedded.Storage;

namespace RedNote.Embedded.Simulation;

/// <summary>What grain storage holds in a simulation; shared by all silos that ever run in it.</summary>
public sealed class SimulatedStates
{
    internal Dictionary<(string State, GrainId Grain), (BinaryData Payload, int Version)> Rows { get; } = [];

    /// <summary>How many states are stored.</summary>
    public int Count => Rows.Count;

    /// <summary>Every state that is stored, as text: to look for what must not be in any.</summary>
    public IEnumerable<(string State, GrainId Grain, string Text)> Texts
        => Rows.Select(row => (row.Key.State, row.Key.Grain, row.Value.Payload.ToString()));
}

/// <summary>Grain storage of one silo on the simulated disk, with ETags.</summary>
internal sealed class SimulatedStorage(
    SimulationNode node, SimulatedDisk disk, SimulatedStates states, IGrainStorageSerializer serializer)
    : IGrainStorage
{
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var row = await disk.Read(node, () => states.Rows.TryGetValue((stateName, grainId), out var found)
            ? found
            : default);
        grainState.RecordExists = row.Payload is not null;
        grainState.State = row.Payload is null ? NewState<T>.Create() : serializer.Deserialize<T>(row.Payload);
        grainState.ETag = row.Payload is null ? null : ETag(row.Version);
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        // Serialised now: the grain may change the state while the write is on its way.
        var payload = serializer.Serialize(grainState.State);
        var known = grainState.ETag;
        var version = await disk.Write(node, () =>
        {
            var next = Check(stateName, grainId, known) + 1;
            states.Rows[(stateName, grainId)] = (payload, next);
            return next;
        });
        grainState.ETag = ETag(version);
        grainState.RecordExists = true;
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var known = grainState.ETag;
        await disk.Write(node, () =>
        {
            Check(stateName, grainId, known);
            return states.Rows.Remove((stateName, grainId));
        });
        grainState.State = NewState<T>.Create();
        grainState.ETag = null;
        grainState.RecordExists = false;
    }

    private int Check(string stateName, GrainId grainId, string? known)
    {
        var version = states.Rows.TryGetValue((stateName, grainId), out var row) ? row.Version : 0;
        var stored = version == 0 ? null : ETag(version);
        if (stored == known) return version;
        throw new InconsistentStateException(
            $"State '{stateName}' of grain {grainId} was changed by another.", stored, known);
    }

    private static string ETag(int version) => version.ToString(CultureInfo.InvariantCulture);
}
