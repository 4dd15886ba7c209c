using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Concurrency;

namespace RedNote.Embedded.Tests.Engine;

/// <summary>A silo that runs on one thread, in an order that a seed fixes, and in virtual time.</summary>
public sealed class SchedulerSeamTests
{
    [Fact]
    public void Silo_UnderManualScheduler_RunsOnOneThread()
    {
        var trace = RunScenario(seed: 1);

        Assert.Single(trace.Threads);
        Assert.Equal(3 * 20, trace.Lines.Count(line => line.Contains("step", StringComparison.Ordinal)));
    }

    [Fact]
    public void Silo_WithSameSeed_RepeatsItself()
        => Assert.Equal(RunScenario(seed: 7).Lines, RunScenario(seed: 7).Lines);

    [Fact]
    public void Silo_WithOtherSeeds_RunsInOtherOrders()
    {
        var orders = Enumerable.Range(1, 5).Select(seed => string.Join('\n', RunScenario(seed).Lines)).Distinct();

        Assert.True(orders.Count() > 1);
    }

    [Fact]
    public void Silo_UnderManualTime_WaitsHoursInNoTime()
    {
        var scheduler = new ManualScheduler(3);
        scheduler.Run(async () =>
        {
            var silo = await Start(scheduler, new Trace());
            var before = scheduler.Time.GetUtcNow();
            var grains = silo.GetRequiredService<IGrainFactory>();

            await Assert.ThrowsAsync<TimeoutException>(
                () => grains.GetGrain<IWalkerGrain>(1).Sleep(TimeSpan.FromHours(5)));

            var waited = scheduler.Time.GetUtcNow() - before;
            Assert.InRange(waited, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(33));
            await Stop(silo);
        });
    }

    private static Trace RunScenario(int seed)
    {
        var scheduler = new ManualScheduler(seed);
        var trace = new Trace();
        scheduler.Run(async () =>
        {
            var silo = await Start(scheduler, trace);
            var grains = silo.GetRequiredService<IGrainFactory>();
            await Task.WhenAll(Enumerable.Range(0, 3).Select(key => grains.GetGrain<IWalkerGrain>(key).Walk(20)));
            await Stop(silo);
        });
        return trace;
    }

    // Without a generic host: that continues on the thread pool between the services that it starts and stops.
    private static async Task<ServiceProvider> Start(ManualScheduler scheduler, Trace trace)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IWorkScheduler>(scheduler);
        services.AddSingleton<TimeProvider>(scheduler.Time);
        services.AddSingleton(trace);
        services.AddOrleans(silo => silo.UseLocalhostClustering());
        var provider = services.BuildServiceProvider();
        foreach (var service in provider.GetServices<IHostedService>()) await service.StartAsync(default);
        return provider;
    }

    private static async Task Stop(ServiceProvider provider)
    {
        foreach (var service in provider.GetServices<IHostedService>()) await service.StopAsync(default);
        await provider.DisposeAsync();
    }
}

public sealed class Trace
{
    public List<string> Lines { get; } = [];

    public HashSet<int> Threads { get; } = [];

    public void Add(string line)
    {
        Lines.Add(line);
        Threads.Add(Environment.CurrentManagedThreadId);
    }
}

public interface IWalkerGrain : IGrainWithIntegerKey
{
    Task Walk(int steps);

    [AlwaysInterleave]
    Task<int> Touch(string by);

    Task Sleep(TimeSpan time);
}

internal sealed class WalkerGrain(Trace trace, TimeProvider time) : Grain, IWalkerGrain
{
    private int _touched;

    public async Task Walk(int steps)
    {
        for (var i = 0; i < steps; i++)
        {
            var key = this.GetPrimaryKeyLong();
            trace.Add($"{key} step {i}");
            var others = Enumerable.Range(0, 3).Select(
                other => GrainFactory.GetGrain<IWalkerGrain>(other).Touch($"{key}.{i}"));
            await Task.WhenAll(others);
            await Task.Delay(TimeSpan.FromMilliseconds(10), time);
        }
    }

    public Task<int> Touch(string by)
    {
        trace.Add($"{this.GetPrimaryKeyLong()} touched by {by}");
        return Task.FromResult(++_touched);
    }

    public Task Sleep(TimeSpan howLong) => Task.Delay(howLong, time);
}
