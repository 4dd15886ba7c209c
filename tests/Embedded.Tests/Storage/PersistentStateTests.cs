using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Concurrency;
using Orleans.Storage;

namespace RedNote.Embedded.Tests.Storage;

/// <summary>State as grains have it.</summary>
public sealed class PersistentStateTests : IAsyncLifetime
{
    private IHost? _silo;

    private IShelfGrain Shelf => _silo!.Services.GetRequiredService<IGrainFactory>().GetGrain<IShelfGrain>(1);

    private StallingStorage Storage
        => (StallingStorage)_silo!.Services.GetRequiredKeyedService<IGrainStorage>("stalling");

    public async ValueTask InitializeAsync() => _silo = await Silos.StartAsync(silo =>
    {
        silo.AddMemoryGrainStorage("memory");
        silo.AddMemoryGrainStorageAsDefault();
        silo.Services.AddKeyedSingleton<IGrainStorage>("stalling", (services, _)
            => new StallingStorage(services.GetRequiredKeyedService<IGrainStorage>("memory")));
    });

    public async ValueTask DisposeAsync() => await Silos.StopAsync(_silo);

    [Fact]
    public async Task State_OfANewGrain_IsThereWhenItActivates()
    {
        Assert.Equal("0 items, exists False, etag ", await Shelf.OnActivation());
        await Shelf.Put("book");
        await Shelf.Restart();
        Assert.Equal("1 items, exists True, etag 1", await Shelf.OnActivation());
    }

    [Fact]
    public async Task Writes_AskedForWhileOneRuns_ShareOneMoreWrite()
    {
        await Shelf.Put("first");
        var writesBefore = Storage.Writes;
        Storage.Stall();
        var puts = Enumerable.Range(0, 10).Select(i => Shelf.Put($"book {i}")).ToArray();

        // This call is handled after the others, each of which waits for its write then.
        Assert.Equal(11, await Shelf.Count());
        Assert.All(puts, put => Assert.False(put.IsCompleted));
        Storage.GoOn();
        await Task.WhenAll(puts);
        Assert.Equal(writesBefore + 2, Storage.Writes);
        await Shelf.Restart();
        Assert.Equal(11, await Shelf.Count());
    }

    [Fact]
    public async Task Write_OverAnothersVersion_FailsAndTheGrainReadsAnew()
    {
        await Shelf.Put("book");
        var stored = new GrainState<Basket>();
        var grainId = Shelf.GetGrainId();
        await Storage.ReadStateAsync("shelf", grainId, stored);
        stored.State!.Items.Add("from elsewhere");
        await Storage.WriteStateAsync("shelf", grainId, stored);

        await Assert.ThrowsAsync<InconsistentStateException>(() => Shelf.Put("lost"));
        Assert.Equal(2, await Shelf.Count());
        Assert.Equal("2 items, exists True, etag 2", await Shelf.OnActivation());
    }

    [Fact]
    public async Task Failure_OfTheStore_ReachesTheCallerAndDoesNotStopLaterWrites()
    {
        Storage.FailNext = new IOException("disk full");
        var exception = await Assert.ThrowsAsync<OrleansException>(() => Shelf.Put("book"));
        Assert.IsType<IOException>(exception.InnerException);
        await Shelf.Put("another");
        await Shelf.Restart();
        Assert.Equal(2, await Shelf.Count());
    }

    [Fact]
    public async Task Provider_ThatIsMissing_FailsTheCall()
    {
        var grain = _silo!.Services.GetRequiredService<IGrainFactory>().GetGrain<IHomelessGrain>(1);
        var exception = await Assert.ThrowsAnyAsync<Exception>(() => grain.Touch());
        Assert.Contains("nowhere", exception.ToString(), StringComparison.Ordinal);
    }

    /// <summary>Holds up writes or fails them when a test says so.</summary>
    private sealed class StallingStorage(IGrainStorage inner) : IGrainStorage
    {
        private TaskCompletionSource _gate = Open();
        private int _writes;

        public int Writes => _writes;

        public Exception? FailNext { get; set; }

        public void Stall() => _gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        public void GoOn() => _gate.SetResult();

        public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
            => inner.ReadStateAsync(stateName, grainId, grainState);

        public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            Interlocked.Increment(ref _writes);
            await _gate.Task;
            if (FailNext is { } failure)
            {
                FailNext = null;
                throw failure;
            }

            await inner.WriteStateAsync(stateName, grainId, grainState);
        }

        public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
            => inner.ClearStateAsync(stateName, grainId, grainState);

        private static TaskCompletionSource Open()
        {
            var open = new TaskCompletionSource();
            open.SetResult();
            return open;
        }
    }
}

public interface IShelfGrain : IGrainWithIntegerKey
{
    Task Put(string item);

    Task<int> Count();

    Task<string> OnActivation();

    Task Restart();
}

[Reentrant]
public sealed class ShelfGrain([PersistentState("shelf", "stalling")] IPersistentState<Basket> state)
    : Grain, IShelfGrain
{
    private string _onActivation = "";

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _onActivation = $"{state.State.Items.Count} items, exists {state.RecordExists}, etag {state.Etag}";
        return Task.CompletedTask;
    }

    public Task Put(string item)
    {
        state.State.Items.Add(item);
        return state.WriteStateAsync();
    }

    public Task<int> Count() => Task.FromResult(state.State.Items.Count);

    public Task<string> OnActivation() => Task.FromResult(_onActivation);

    public Task Restart()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }
}

public interface IHomelessGrain : IGrainWithIntegerKey
{
    Task Touch();
}

public sealed class HomelessGrain([PersistentState("x", "nowhere")] IPersistentState<Basket> state)
    : Grain, IHomelessGrain
{
    public Task Touch() => state.WriteStateAsync();
}
