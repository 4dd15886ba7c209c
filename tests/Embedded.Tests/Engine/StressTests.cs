using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Concurrency;
using Orleans.TestingHost;

namespace RedNote.Embedded.Tests.Engine;

/// <summary>Many callers, few grains that deactivate all the time: no call is lost, none runs beside another.</summary>
public sealed class StressTests
{
    private const int Callers = 16;
    private const int CallsOfEach = 3_000;
    private const int Grains = 8;

    [Fact]
    public async Task Calls_WhileGrainsComeAndGo_RunOnceAndAlone()
    {
        var ledger = new Ledger();
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) => silo.Services.AddSingleton(ledger));
        await using var cluster = builder.Build();
        await cluster.DeployAsync();

        var callers = Enumerable.Range(0, Callers).Select(seed => Task.Run(() => Call(cluster.Client, seed)));
        var answered = await Task.WhenAll(callers).WaitAsync(TimeSpan.FromSeconds(60));

        Assert.Equal(Callers * CallsOfEach, answered.Sum());
        Assert.Equal(Callers * CallsOfEach, ledger.Runs);
        Assert.Equal(0, ledger.Collisions);
        Assert.True(ledger.Activations > Grains, "No grain ever came back: the test did not test what it is for.");
        Assert.DoesNotContain(ledger.Active, pair => pair.Value > 1);
    }

    private static async Task<int> Call(IGrainFactory grains, int seed)
    {
        var random = new Random(seed);
        var cached = Enumerable.Range(0, Grains).Select(key => grains.GetGrain<IRestlessGrain>(key)).ToArray();
        var answered = 0;
        for (var i = 0; i < CallsOfEach; i++)
        {
            var key = random.Next(Grains);
            var grain = random.Next(2) == 0 ? cached[key] : grains.GetGrain<IRestlessGrain>(key);
            switch (random.Next(20))
            {
                case 0:
                    await grain.Leave();
                    break;
                case < 8:
                    await grain.Yield();
                    break;
                case < 10:
                    await grain.Nest((key + 1) % Grains);
                    break;
                default:
                    await grain.Work();
                    break;
            }

            answered++;
        }

        return answered;
    }
}

public sealed class Ledger
{
    private int _runs;
    private int _collisions;
    private int _activations;

    public int Runs => _runs;

    public int Collisions => _collisions;

    public int Activations => _activations;

    public ConcurrentDictionary<long, int> Active { get; } = new();

    public void Run() => Interlocked.Increment(ref _runs);

    public void Collide() => Interlocked.Increment(ref _collisions);

    public void Activated(long key)
    {
        Interlocked.Increment(ref _activations);
        if (Active.AddOrUpdate(key, 1, (_, count) => count + 1) > 1) Collide();
    }

    public void Deactivated(long key) => Active.AddOrUpdate(key, 0, (_, count) => count - 1);
}

public interface IRestlessGrain : IGrainWithIntegerKey
{
    Task Work();

    Task Yield();

    Task Nest(long other);

    /// <summary>For calls between grains: it must not wait, or two grains could wait for each other.</summary>
    [AlwaysInterleave]
    Task Touch();

    Task Leave();
}

internal sealed class RestlessGrain(Ledger ledger) : Grain, IRestlessGrain
{
    private int _inTurn;
    private int _inRequest;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        ledger.Activated(this.GetPrimaryKeyLong());
        await Task.Yield();
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await Task.Yield();
        ledger.Deactivated(this.GetPrimaryKeyLong());
    }

    public Task Work()
    {
        Request(1);
        Turn();
        Request(-1);
        ledger.Run();
        return Task.CompletedTask;
    }

    public async Task Yield()
    {
        Request(1);
        Turn();
        await Task.Yield();
        Turn();
        Request(-1);
        ledger.Run();
    }

    public async Task Nest(long other)
    {
        Request(1);
        await GrainFactory.GetGrain<IRestlessGrain>(other).Touch();
        Turn();
        Request(-1);
        ledger.Run();
    }

    public Task Touch()
    {
        Turn();
        return Task.CompletedTask;
    }

    public Task Leave()
    {
        DeactivateOnIdle();
        ledger.Run();
        return Task.CompletedTask;
    }

    private void Turn()
    {
        if (Interlocked.Increment(ref _inTurn) != 1) ledger.Collide();
        Thread.SpinWait(20);
        Interlocked.Decrement(ref _inTurn);
    }

    // Requests of this grain do not interleave: between 1 and -1 no other may begin.
    private void Request(int change)
    {
        _inRequest += change;
        if (_inRequest is not (0 or 1)) ledger.Collide();
    }
}
