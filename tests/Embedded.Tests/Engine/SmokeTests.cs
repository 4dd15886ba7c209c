using Orleans.TestingHost;

namespace RedNote.Embedded.Tests.Engine;

public sealed class SmokeTests : IAsyncLifetime
{
    private readonly InProcessTestCluster _cluster = new InProcessTestClusterBuilder(1).Build();

    public async ValueTask InitializeAsync() => await _cluster.DeployAsync();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Everything_basic()
    {
        var grain = _cluster.Client.GetGrain<IProbeGrain>(255);
        Assert.Equal(5, await grain.Add(5));
        Assert.Equal(7, await grain.Add(2));
        Assert.Equal("probe/FF", await grain.FullKey());
        await grain.Poke();
        Assert.Equal(1007, await grain.Peek());
        Assert.Equal("True True True True", await grain.Scheduler());
        Assert.Equal(1007, await grain.CallYourself());
        await Assert.ThrowsAsync<InvalidDataException>(() => grain.Throw("x"));
        using var source = new CancellationTokenSource();
        var describe = grain.Describe("a", source.Token).AsTask();
        Assert.Equal(1007, await grain.Peek());
        source.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => describe);
        await grain.StartTimer();
        while (await grain.Peek() < 1_000_000) await Task.Yield();
        await grain.Stop();
        Assert.Equal(1, await grain.Add(1));
    }
}
