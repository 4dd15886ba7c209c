using Orleans.Concurrency;

namespace RedNote.Embedded.Tests.Conformance;

/// <summary>Each call notes "{name} in", passes the gate {key}/{name}, and notes "{name} out".</summary>
[Alias("conformance.turn")]
public interface ITurnGrain : IGrainWithStringKey
{
    Task Enter(string name);

    [ReadOnly]
    Task Look(string name);

    [AlwaysInterleave]
    Task Interleave(string name);

    /// <summary>Comes back at once, whatever is in progress.</summary>
    [AlwaysInterleave]
    Task Ping();

    /// <summary>Which activation answers.</summary>
    Task<int> Activation();
}

[Alias("conformance.reentrant")]
public interface IReentrantGrain : IGrainWithStringKey
{
    Task Enter(string name);

    /// <summary>Runs many short turns; the greatest number of turns that were under way at one time.</summary>
    Task<int> Crowd(int turns);

    /// <summary>Whether the scheduler after waiting for the gate is the grain's own, as before.</summary>
    Task<bool> ResumesOnItsScheduler(string gate);

    /// <summary>Calls itself through a reference.</summary>
    Task<int> Countdown(int from);
}

public sealed class TurnGrain(Signals signals) : Grain, ITurnGrain
{
    private static int _activations;

    private readonly int _activation = Interlocked.Increment(ref _activations);

    public Task Enter(string name) => Stay(name);

    public Task Look(string name) => Stay(name);

    public Task Interleave(string name) => Stay(name);

    public Task Ping() => Task.CompletedTask;

    public Task<int> Activation() => Task.FromResult(_activation);

    private async Task Stay(string name)
    {
        var key = this.GetPrimaryKeyString();
        signals.Note(key, name + " in");
        await signals.Pass($"{key}/{name}");
        signals.Note(key, name + " out");
    }
}

[Reentrant]
public sealed class ReentrantGrain(Signals signals) : Grain, IReentrantGrain
{
    private int _underWay;
    private int _most;

    public async Task Enter(string name)
    {
        var key = this.GetPrimaryKeyString();
        signals.Note(key, name + " in");
        await signals.Pass($"{key}/{name}");
        signals.Note(key, name + " out");
    }

    public async Task<int> Crowd(int turns)
    {
        for (var turn = 0; turn < turns; turn++)
        {
            _most = Math.Max(_most, Interlocked.Increment(ref _underWay));
            Thread.SpinWait(50);
            Interlocked.Decrement(ref _underWay);
            await Task.Yield();
        }
        return _most;
    }

    public async Task<bool> ResumesOnItsScheduler(string gate)
    {
        var own = TaskScheduler.Current;
        await signals.Pass(gate);
        return own != TaskScheduler.Default && TaskScheduler.Current == own;
    }

    public async Task<int> Countdown(int from)
        => from == 0 ? 0 : 1 + await this.AsReference<IReentrantGrain>().Countdown(from - 1);
}
