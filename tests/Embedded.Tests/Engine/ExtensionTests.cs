using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Orleans.Concurrency;
using Orleans.Serialization.Invocation;
using Orleans.TestingHost;

namespace RedNote.Embedded.Tests.Engine;

/// <summary>Extensions of grains, the interleaving predicate, start-up tasks, and what the meter counts.</summary>
public sealed class ExtensionTests : IAsyncLifetime
{
    private readonly ConcurrentQueue<string> _started = new();
    private readonly InProcessTestCluster _cluster;

    public ExtensionTests()
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) => silo
            .AddGrainExtension<INotesExtension, NotesExtension>()
            .AddStartupTask(async (services, _) =>
            {
                var grains = (IGrainFactory)services.GetService(typeof(IGrainFactory))!;
                _started.Enqueue(await grains.GetGrain<IHostGrain>(0).Name());
            }));
        _cluster = builder.Build();
    }

    private IGrainFactory Grains => _cluster.Client;

    public async ValueTask InitializeAsync() => await _cluster.DeployAsync();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Extension_ThatIsRegistered_IsMadeOncePerActivation()
    {
        var grain = Grains.GetGrain<IHostGrain>(1);
        var notes = Grains.GetGrain<INotesExtension>(grain.GetGrainId());

        Assert.Equal("1 in host/1", await notes.Note());
        Assert.Equal("2 in host/1", await notes.Note());
        Assert.Equal("1 in host/2", await Grains.GetGrain<IHostGrain>(2).AsReference<INotesExtension>().Note());
    }

    [Fact]
    public async Task Extension_ThatTheGrainSets_IsCalled()
    {
        var grain = Grains.GetGrain<IHostGrain>(3);
        await grain.Install();

        Assert.Equal("set by host/3", await grain.AsReference<ISetExtension>().Say());
    }

    [Fact]
    public async Task Extension_ThatNobodyMakes_IsAnError()
        => await Assert.ThrowsAsync<GrainExtensionNotInstalledException>(
            () => Grains.GetGrain<IHostGrain>(4).AsReference<ISetExtension>().Say());

    [Fact]
    public async Task MayInterleave_LetsInWhatThePredicateAllows()
    {
        var grain = Grains.GetGrain<IHostGrain>(5);
        var waiting = grain.Hold();
        var later = grain.Pass("later");
        var undecided = grain.Pass(HostGrain.Undecided);

        Assert.Equal("now", await grain.Pass("now"));
        Assert.False(later.IsCompleted);

        Assert.Equal("free", await grain.Pass("free"));
        await waiting;
        Assert.Equal("later", await later);
        Assert.Equal(HostGrain.Undecided, await undecided);
    }

    [Fact]
    public void StartupTask_RunsBeforeTheSiloIsUsed() => Assert.Equal(["host/0"], _started);

    [Fact]
    public async Task Meter_CountsCallsFailuresAndActivations()
    {
        using var listener = new MeterListener();
        var values = new ConcurrentDictionary<string, long>();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == "RedNote.Embedded") self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>(
            (instrument, value, _, _) => values.AddOrUpdate(instrument.Name, value, (_, sum) => sum + value));
        listener.SetMeasurementEventCallback<int>(
            (instrument, value, _, _) => values.AddOrUpdate(instrument.Name, value, (_, sum) => sum + value));
        listener.Start();

        await Grains.GetGrain<IHostGrain>(6).Name();
        await Assert.ThrowsAsync<InvalidDataException>(() => Grains.GetGrain<IHostGrain>(6).Throw());
        listener.RecordObservableInstruments();

        // Other silos of this process may be counted as well.
        Assert.True(values["rednote.grain.calls"] >= 1);
        Assert.True(values["rednote.grain.calls.failed"] >= 1);
        Assert.True(values["rednote.grain.activations.started"] >= 1);
        Assert.True(values["rednote.grain.activations"] >= 1);
    }
}

public interface INotesExtension : IGrainExtension
{
    Task<string> Note();
}

internal sealed class NotesExtension(IGrainContextAccessor accessor) : INotesExtension
{
    private readonly IGrainContext _context = accessor.GrainContext;
    private int _notes;

    public Task<string> Note() => Task.FromResult($"{++_notes} in {_context.GrainId}");
}

public interface ISetExtension : IGrainExtension
{
    Task<string> Say();
}

public interface IHostGrain : IGrainWithIntegerKey
{
    Task<string> Name();

    Task Install();

    Task Throw();

    Task Hold();

    Task<string> Pass(string word);
}

[MayInterleave(nameof(MayInterleave))]
internal sealed class HostGrain : Grain, IHostGrain
{
    /// <summary>For this word the predicate throws: the call has to wait its turn.</summary>
    internal const string Undecided = "undecided";

    private readonly TaskCompletionSource _free = new();

    public static bool MayInterleave(IInvokable call)
    {
        if (call.GetMethodName() != nameof(Pass)) return false;
        var word = (string)call.GetArgument(0)!;
        return word == Undecided ? throw new InvalidDataException(word) : word is "now" or "free";
    }

    public Task<string> Name() => Task.FromResult(IdentityString);

    public Task Install()
    {
        GrainContext.SetComponent<ISetExtension>(new SetExtension(GrainContext));
        return Task.CompletedTask;
    }

    public Task Throw() => throw new InvalidDataException("thrown");

    public async Task Hold() => await _free.Task;

    public Task<string> Pass(string word)
    {
        if (word == "free") _free.TrySetResult();
        return Task.FromResult(word);
    }

    private sealed class SetExtension(IGrainContext context) : ISetExtension
    {
        public Task<string> Say() => Task.FromResult($"set by {context.GrainId}");
    }
}
