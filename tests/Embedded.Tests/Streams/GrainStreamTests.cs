using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Streams;
using RedNote.Embedded.Tests.Storage;

namespace RedNote.Embedded.Tests.Streams;

/// <summary>Memory streams from the side of grains.</summary>
public sealed class GrainStreamTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private IHost? _silo;

    private IClusterClient Client => _silo!.Services.GetRequiredService<IClusterClient>();

    public async ValueTask InitializeAsync() => _silo = await Silos.StartAsync(Configure);

    public async ValueTask DisposeAsync()
    {
        await Silos.StopAsync(_silo);
        _folder.Dispose();
    }

    [Fact]
    public async Task Subscription_OfAGrain_DeliversInOrder()
    {
        var grain = Client.GetGrain<IListenerGrain>("in order");
        await grain.Subscribe("in order");
        var expected = Enumerable.Range(0, 500).ToArray();
        foreach (var number in expected)
        {
            await StreamOf("in order").OnNextAsync(new Tick(number));
        }

        await Eventually.Equal(expected, grain.Received);
    }

    [Fact]
    public async Task Subscription_OfADeactivatedGrain_ActivatesItAndIsResumed()
    {
        var grain = Client.GetGrain<IListenerGrain>("sleeper");
        await grain.Subscribe("sleeper");
        await StreamOf("sleeper").OnNextAsync(new Tick(1));
        await Eventually.Equal([1], grain.Received);
        await grain.Deactivate();
        await StreamOf("sleeper").OnNextAsync(new Tick(2));
        await Eventually.Equal([2], grain.Received);
        Assert.Equal(2, await grain.Activations());
    }

    [Fact]
    public async Task Subscription_OfAGrain_OutlivesTheSilo()
    {
        var name = $"survivor {_folder.Path}";
        await Client.GetGrain<IListenerGrain>(name).Subscribe(name);
        await Silos.StopAsync(_silo);
        _silo = await Silos.StartAsync(Configure);
        await StreamOf(name).OnNextAsync(new Tick(7));
        await Eventually.Equal([7], Client.GetGrain<IListenerGrain>(name).Received);
    }

    [Fact]
    public async Task Unsubscribe_OfAGrain_EndsDeliveriesForGood()
    {
        var grain = Client.GetGrain<IListenerGrain>("quitter");
        var witness = Client.GetGrain<IListenerGrain>("witness");
        await grain.Subscribe("quitter");
        await witness.Subscribe("quitter");
        await grain.Unsubscribe("quitter");
        await StreamOf("quitter").OnNextAsync(new Tick(1));
        await Eventually.Equal([1], witness.Received);
        Assert.Empty(await grain.Received());

        await grain.Deactivate();
        await StreamOf("quitter").OnNextAsync(new Tick(2));
        await Eventually.Equal([1, 2], witness.Received);
        Assert.Empty(await grain.Received());
    }

    [Fact]
    public async Task Delivery_ToABusyGrain_WaitsForItsTurn()
    {
        ListenerGrain.Gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var grain = Client.GetGrain<IListenerGrain>("busy");
        var witness = Client.GetGrain<IListenerGrain>("idle");
        await grain.Subscribe("busy");
        await witness.Subscribe("busy");
        var staying = grain.Stay();
        await StreamOf("busy").OnNextAsync(new Tick(1));
        await Eventually.Equal([1], witness.Received);
        var received = grain.Received();
        Assert.False(received.IsCompleted);
        ListenerGrain.Gate.SetResult();
        await staying;
        await Eventually.Equal([1], grain.Received);
    }

    [Fact]
    public async Task ImplicitSubscription_OfAClass_ActivatesTheGrainWithTheStreamsKey()
    {
        var provider = Client.GetStreamProvider(TestStreams.Provider);
        foreach (var number in Enumerable.Range(0, 100))
        {
            var key = number % 2 == 0 ? 300 : -1;
            await provider.GetStream<Tick>(TestStreams.Implicit, key).OnNextAsync(new Tick(number));
        }

        await Eventually.Equal(
            [.. Enumerable.Range(0, 50).Select(i => i * 2)], Client.GetGrain<IImplicitGrain>(300).Received);
        await Eventually.Equal(
            [.. Enumerable.Range(0, 50).Select(i => (i * 2) + 1)], Client.GetGrain<IImplicitGrain>(-1).Received);
    }

    private void Configure(ISiloBuilder silo)
    {
        silo.AddAdoNetGrainStorage("PubSubStore", options =>
        {
            options.Invariant = Silos.Sqlite;
            options.ConnectionString = $"Data Source={_folder.File("streams.db")}";
        });
        silo.AddMemoryStreams(TestStreams.Provider);
    }

    private IAsyncStream<Tick> StreamOf(string key)
        => Client.GetStreamProvider(TestStreams.Provider).GetStream<Tick>(TestStreams.Explicit, key);
}
