using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;

namespace RedNote.Embedded.Tests.Conformance;

/// <summary>A silo that collects what has not been called for two seconds. Not sooner: a process that gets no processor
/// for that long finds a grain idle whose timer is only late.</summary>
public sealed class CollectingCluster : ConformanceCluster
{
    protected override void ConfigureSilo(ISiloBuilder silo)
        => silo.Services.Configure<GrainCollectionOptions>(options =>
        {
            options.CollectionQuantum = TimeSpan.FromMilliseconds(100);
            options.CollectionAge = TimeSpan.FromSeconds(2);
        });
}

/// <summary>Idle collection, and what puts it off.</summary>
public sealed class CollectionTests(CollectingCluster cluster) : IClassFixture<CollectingCluster>
{
    private readonly Signals _signals = cluster.Signals;

    [Fact]
    public async Task Idle_ForLongerThanItsAge_IsCollected()
    {
        const string key = nameof(Idle_ForLongerThanItsAge_IsCollected);
        var grain = cluster.Client.GetGrain<ILifeGrain>(key);

        var first = await grain.Activation();
        await _signals.Until(key, "deactivated");

        Assert.Equal(["made", "activated", "ActivationIdle deactivating", "deactivated"], _signals.Notes(key));
        Assert.NotEqual(first, await grain.Activation());
    }

    [Fact]
    public async Task Delayed_Deactivation_OutlivesTheIdle()
    {
        var staying = cluster.Client.GetGrain<ILifeGrain>(nameof(Delayed_Deactivation_OutlivesTheIdle));
        var first = await staying.StayFor(TimeSpan.FromMinutes(1));

        await SomeoneElseIsCollected(nameof(Delayed_Deactivation_OutlivesTheIdle));

        Assert.Equal(first, await staying.Activation());
    }

    [Fact]
    public async Task Call_InProgress_KeepsTheGrain()
    {
        const string key = nameof(Call_InProgress_KeepsTheGrain);
        var call = cluster.Client.GetGrain<ILifeGrain>(key).Stay(key);

        await SomeoneElseIsCollected(key);

        Assert.Equal(["made", "activated"], _signals.Notes(key));
        _signals.Open(key);
        await Signals.Within("the long call", call);
    }

    [Fact]
    public async Task Timer_WithKeepAlive_KeepsTheGrain()
    {
        const string key = nameof(Timer_WithKeepAlive_KeepsTheGrain);
        var grain = cluster.Client.GetGrain<ITimerGrain>(key);
        var first = await grain.Start(new() { Name = "tick", PeriodMs = 50, KeepAlive = true });

        await SomeoneElseIsCollected(key);

        Assert.DoesNotContain("deactivated", _signals.Notes(key));
        Assert.Equal(first, await grain.Activation());
        await grain.Stop();
    }

    [Fact]
    public async Task Timer_WithoutKeepAlive_LetsTheGrainGo()
    {
        const string key = nameof(Timer_WithoutKeepAlive_LetsTheGrainGo);
        await cluster.Client.GetGrain<ITimerGrain>(key).Start(new() { Name = "tick", PeriodMs = 50 });

        var notes = await _signals.Until(key, "deactivated");

        Assert.Contains("tick in", notes);
    }

    /// <summary>Two whole idle lives of other grains, one after the other.</summary>
    private async Task SomeoneElseIsCollected(string key)
    {
        foreach (var other in new[] { key + "-first", key + "-second" })
        {
            await cluster.Client.GetGrain<ILifeGrain>(other).Activation();
            await _signals.Until(other, "deactivated");
        }
    }
}
