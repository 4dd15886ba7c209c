using Orleans;
using Orleans.Runtime;
using Orleans.Storage;

namespace RedNote.Embedded.Streams;

/// <summary>The grains that are subscribed to one stream, as they are stored.</summary>
internal sealed class StoredSubscriptions
{
    public List<StoredSubscription> Items { get; set; } = [];
}

internal sealed record StoredSubscription(Guid Id, string Grain);

/// <summary>
/// Keeps the grains' explicit subscriptions to one stream in grain storage. Not to be used by two at a time.
/// </summary>
internal sealed class SubscriptionStore(IGrainStorage storage, string provider, StreamId stream)
{
    private const string StateName = "rednote.stream-subscriptions";

    private readonly GrainId _key = GrainId.Create("streamsubscriptions", $"{provider}/{stream}");
    private readonly GrainState<StoredSubscriptions> _state = new();

    public async Task<IReadOnlyList<StoredSubscription>> Read()
    {
        await storage.ReadStateAsync(StateName, _key, _state);
        return _state.State?.Items ?? [];
    }

    public Task Add(Guid id, GrainId grain)
        => Write([.. Current, new StoredSubscription(id, grain.ToString())]);

    public Task Remove(Guid id)
        => Current.Exists(item => item.Id == id) ? Write(Current.FindAll(item => item.Id != id)) : Task.CompletedTask;

    private List<StoredSubscription> Current => _state.State?.Items ?? [];

    private async Task Write(List<StoredSubscription> items)
    {
        var before = _state.State;
        try
        {
            _state.State = new StoredSubscriptions { Items = items };
            await storage.WriteStateAsync(StateName, _key, _state);
        }
        catch
        {
            // What is stored is not known now; the next operation compares versions.
            _state.State = before;
            throw;
        }
    }
}
