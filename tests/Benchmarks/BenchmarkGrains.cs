using Orleans.Concurrency;

namespace RedNote.Benchmarks;

public interface ICounterGrain : IGrainWithIntegerKey
{
    /// <summary>Answers at once, as most calls of a room do.</summary>
    Task<int> Add(int amount);

    ValueTask<int> AddValue(int amount);

    /// <summary>Goes through the scheduler once more.</summary>
    Task<int> AddLater(int amount);
}

public sealed class CounterGrain : Grain, ICounterGrain
{
    private int _sum;

    public Task<int> Add(int amount) => Task.FromResult(_sum += amount);

    public ValueTask<int> AddValue(int amount) => new(_sum += amount);

    public async Task<int> AddLater(int amount)
    {
        await Task.Yield();
        return _sum += amount;
    }
}

/// <summary>Calls another grain, so that both ends of the call are grains.</summary>
public interface IRelayGrain : IGrainWithIntegerKey
{
    Task<int> Relay(long target, int calls);
}

[Reentrant]
public sealed class RelayGrain : Grain, IRelayGrain
{
    public async Task<int> Relay(long target, int calls)
    {
        var grain = GrainFactory.GetGrain<ICounterGrain>(target);
        var sum = 0;
        for (var i = 0; i < calls; i++) sum = await grain.Add(1);
        return sum;
    }
}
