using System.Collections.Concurrent;
using System.Globalization;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;

namespace RedNote.Embedded.Storage;

/// <summary>
/// Storage in this process's memory. States are kept serialised, so that what a grain changes after a write stays its
/// own, and a state that would not survive a database does not survive here either.
/// </summary>
internal sealed class MemoryStorage(string name, IGrainStorageSerializer serializer) : IGrainStorage
{
    private readonly ConcurrentDictionary<(string State, GrainId Grain), Entry> _entries = new();

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (_entries.TryGetValue((stateName, grainId), out var entry))
        {
            var state = serializer.Deserialize<T>(entry.Payload);
            grainState.State = state ?? NewState<T>.Create();
            grainState.ETag = entry.ETag;
            grainState.RecordExists = state is not null;
        }
        else
        {
            Reset(grainState);
        }

        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var key = (stateName, grainId);
        var payload = serializer.Serialize(grainState.State);
        _entries.TryGetValue(key, out var stored);
        var entry = new Entry(payload, (stored?.Version ?? 0) + 1);
        var written = stored?.ETag == grainState.ETag
            && (stored is null ? _entries.TryAdd(key, entry) : _entries.TryUpdate(key, entry, stored));
        if (!written)
        {
            return Task.FromException(Conflict("write", stateName, grainId, stored?.ETag, grainState.ETag));
        }

        grainState.ETag = entry.ETag;
        grainState.RecordExists = true;
        return Task.CompletedTask;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var key = (stateName, grainId);
        _entries.TryGetValue(key, out var stored);
        var cleared = stored?.ETag == grainState.ETag
            && (stored is null || _entries.TryRemove(KeyValuePair.Create(key, stored)));
        if (!cleared)
        {
            return Task.FromException(Conflict("clear", stateName, grainId, stored?.ETag, grainState.ETag));
        }

        Reset(grainState);
        return Task.CompletedTask;
    }

    private static void Reset<T>(IGrainState<T> grainState)
    {
        grainState.State = NewState<T>.Create();
        grainState.ETag = null;
        grainState.RecordExists = false;
    }

    private InconsistentStateException Conflict(
        string operation, string stateName, GrainId grainId, string? stored, string? current)
        => new(
            $"Version conflict on {operation} of state '{stateName}' of grain {grainId} in memory storage '{name}': " +
            $"the store holds {stored ?? "nothing"}, the grain has {current ?? "nothing"}.",
            stored,
            current);

    /// <summary>Compared by reference, which is what makes TryUpdate and TryRemove atomic.</summary>
    private sealed class Entry(BinaryData payload, long version)
    {
        public BinaryData Payload { get; } = payload;

        public long Version { get; } = version;

        public string ETag { get; } = version.ToString(CultureInfo.InvariantCulture);
    }
}
