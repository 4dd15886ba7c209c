using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Concurrency;
using Orleans.Configuration;
using Orleans.TestingHost;

namespace RedNote.Embedded.Tests.Engine;

/// <summary>What the engine does at its limits: full mailboxes, stuck turns, dead silos, several hosts.</summary>
public sealed class SiloEdgeTests : IAsyncLifetime
{
    private readonly InProcessTestCluster _cluster;

    public SiloEdgeTests()
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) => silo.Configure<SiloMessagingOptions>(
            options => options.MaxEnqueuedRequestsHardLimit = 10));
        builder.ConfigureClient(client => client.Configure<ClientMessagingOptions>(
            options => options.ResponseTimeout = TimeSpan.FromSeconds(20)));
        _cluster = builder.Build();
    }

    private IGrainFactory Grains => _cluster.Client;

    public async ValueTask InitializeAsync() => await _cluster.DeployAsync();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Mailbox_ThatIsFull_RefusesTheCallAtOnce()
    {
        var grain = Grains.GetGrain<IGateGrain>(1);
        var first = grain.Wait();
        await grain.Started();
        var waiting = Enumerable.Range(0, 10).Select(_ => grain.Wait()).ToArray();

        await Assert.ThrowsAsync<LimitExceededException>(grain.Wait);

        GateGrain.Open(1);
        await Task.WhenAll(waiting.Append(first));
    }

    [Fact]
    public async Task Caller_OfAGrainWhoseTurnIsStuck_GetsATimeout()
    {
        var grain = Grains.GetGrain<IGateGrain>(2);
        using var stuck = new ManualResetEventSlim();
        var holder = grain.Block(stuck);

        var quick = await Assert.ThrowsAsync<TimeoutException>(() => grain.Quick());

        Assert.Contains("IGateGrain.Quick", quick.Message, StringComparison.Ordinal);
        stuck.Set();
        await holder;
    }

    [Fact]
    public async Task Silo_ThatIsKilled_FailsPendingCallsAndTellsNoGrain()
    {
        var grain = Grains.GetGrain<IGateGrain>(3);
        var waiting = grain.Wait();
        var behind = grain.Wait();
        await grain.Started();
        var context = Context(grain);

        await _cluster.KillSiloAsync(_cluster.Silos[0]);

        await Assert.ThrowsAsync<SiloUnavailableException>(() => waiting);
        await Assert.ThrowsAsync<SiloUnavailableException>(() => behind);
        await Assert.ThrowsAsync<SiloUnavailableException>(() => grain.Quick());
        Assert.Equal(0, GateGrain.Deactivations(3));
        Assert.True(context.Deactivated.IsCompleted);
    }

    [Fact]
    public async Task References_AfterARestart_ReachTheNewSilo()
    {
        var grain = Grains.GetGrain<IGateGrain>(4);
        var first = await grain.Identity();

        await _cluster.RestartSiloAsync(_cluster.Silos[0]);

        Assert.NotEqual(first, await grain.Identity());
        Assert.Equal(1, GateGrain.Deactivations(4));
    }

    [Fact]
    public async Task Client_OfAnotherHost_SharesTheSilo()
    {
        using var frontend = await AttachedHost();
        using var other = await AttachedHost();
        var one = frontend.Services.GetRequiredService<IGrainFactory>().GetGrain<IGateGrain>(5);
        var two = other.Services.GetRequiredService<IClusterClient>().GetGrain<IGateGrain>(5);

        Assert.Equal(await one.Identity(), await two.Identity());
        await other.StopAsync();
        Assert.Equal(await one.Identity(), await Grains.GetGrain<IGateGrain>(5).Identity());
    }

    [Fact]
    public async Task Client_WithoutASilo_SaysHowToAttachIt()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.UseOrleansClient(static _ => { });
        using var host = builder.Build();
        await host.StartAsync();

        var exception = Assert.Throws<OrleansConfigurationException>(
            () => host.Services.GetRequiredService<IClusterClient>());

        Assert.Contains("UseEmbeddedSilo", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cluster_OfTwoSilos_IsRefusedClearly()
    {
        await using var cluster = new InProcessTestClusterBuilder(2).Build();

        var exception = await Assert.ThrowsAsync<NotSupportedException>(cluster.DeployAsync);

        Assert.Contains("single silo", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AsyncLocals_OfTheCallerAndOfEarlierTurns_AreNotSeen()
    {
        var grain = Grains.GetGrain<IGateGrain>(6);
        GateGrain.Local.Value = "caller";

        Assert.Null(await grain.ReadAndSetLocal("first call"));
        Assert.Null(await grain.ReadAndSetLocal("second call"));
        Assert.Equal("caller", GateGrain.Local.Value);
    }

    [Fact]
    public async Task Silo_Starts_InMilliseconds()
    {
        var started = Stopwatch.GetTimestamp();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.UseOrleans(silo => silo.UseLocalhostClustering());
        using var host = builder.Build();
        await host.StartAsync();

        // A second silo in a warm process takes some 10 ms; the limit is wide for machines that are busy.
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(2));
        await host.StopAsync();
    }

    private async Task<IHost> AttachedHost()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.UseOrleansClient(client => client.UseEmbeddedSilo(_cluster.Silos[0].ServiceProvider));
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private IGrainContext Context(IAddressable grain)
    {
        Assert.True(_cluster.TryGetGrainContext(grain.GetGrainId(), out var context));
        return context;
    }
}

public interface IGateGrain : IGrainWithIntegerKey
{
    Task Wait();

    [AlwaysInterleave]
    Task Started();

    Task Block(ManualResetEventSlim until);

    [ResponseTimeout("00:00:00.3")]
    Task Quick();

    Task<string> Identity();

    Task<string?> ReadAndSetLocal(string value);
}

internal sealed class GateGrain : Grain, IGateGrain
{
    internal static readonly AsyncLocal<string?> Local = new();
    private static readonly ConcurrentDictionary<long, int> Gone = new();
    private static readonly ConcurrentDictionary<long, TaskCompletionSource> Gates = new();

    private readonly TaskCompletionSource _started = new();

    /// <summary>From outside: a call would not get into a mailbox that is full.</summary>
    public static void Open(long key) => GateOf(key).TrySetResult();

    public static int Deactivations(long key) => Gone.GetValueOrDefault(key);

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        Gone.AddOrUpdate(this.GetPrimaryKeyLong(), 1, (_, count) => count + 1);
        return Task.CompletedTask;
    }

    public Task Wait()
    {
        _started.TrySetResult();
        return GateOf(this.GetPrimaryKeyLong()).Task;
    }

    private static TaskCompletionSource GateOf(long key) => Gates.GetOrAdd(key, static _ => new TaskCompletionSource());

    public Task Started() => _started.Task;

    public Task Block(ManualResetEventSlim until)
    {
        until.Wait();
        return Task.CompletedTask;
    }

    public Task Quick() => Task.CompletedTask;

    public Task<string> Identity() => Task.FromResult(GrainContext.ActivationId.ToString());

    public Task<string?> ReadAndSetLocal(string value)
    {
        var before = Local.Value;
        Local.Value = value;
        return Task.FromResult(before);
    }
}
