using Orleans;
using Orleans.Concurrency;

namespace RedNote.Embedded.Tests.Engine;

public interface IProbeGrain : IGrainWithIntegerKey
{
    Task<int> Add(int amount);

    ValueTask<string> Describe(string text, CancellationToken cancellationToken);

    Task Wait(TimeSpan time);

    [OneWay]
    Task Poke();

    [AlwaysInterleave]
    ValueTask<int> Peek();

    Task<string> FullKey();

    Task Throw(string message);

    Task Stop();

    Task<int> CallYourself();

    Task<string> Scheduler();

    Task StartTimer();
}

internal sealed class ProbeGrain(TimeProvider time) : Grain, IProbeGrain
{
    private int _sum;
    private int _ticks;

    public Task<int> Add(int amount) => Task.FromResult(_sum += amount);

    public async ValueTask<string> Describe(string text, CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken);
        return text;
    }

    public Task Wait(TimeSpan time1) => Task.Delay(time1, time);

    public Task Poke()
    {
        _sum += 1000;
        return Task.CompletedTask;
    }

    public ValueTask<int> Peek() => new(_sum + _ticks);

    public Task<string> FullKey() => Task.FromResult(IdentityString);

    public Task Throw(string message) => throw new InvalidDataException(message);

    public Task Stop()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public async Task<int> CallYourself() => await GrainFactory.GetGrain<IProbeGrain>(this.GetPrimaryKeyLong()).Peek();

    public async Task<string> Scheduler()
    {
        var before = TaskScheduler.Current;
        await Task.Yield();
        var after = TaskScheduler.Current;
        var inner = await Task.Factory.StartNew(() => TaskScheduler.Current);
        return $"{before == after} {inner == before} {before != TaskScheduler.Default} {RuntimeContextIsHere()}";

        bool RuntimeContextIsHere() => GrainContext.GrainInstance == this;
    }

    public Task StartTimer()
    {
        this.RegisterGrainTimer(
            () =>
            {
                _ticks += 1_000_000;
                return Task.CompletedTask;
            },
            TimeSpan.FromMilliseconds(10), Timeout.InfiniteTimeSpan);
        return Task.CompletedTask;
    }
}
