using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Storage;

namespace RedNote.Embedded.Tests.Storage;

/// <summary>What every storage provider keeps.</summary>
public abstract class GrainStorageTests : IAsyncLifetime
{
    protected const string Provider = "suite";
    protected const string StateName = "basket";

    private static readonly GrainId Grain = GrainId.Create("basket", "apples");

    private IHost? _host;

    protected IGrainStorage Storage => _host!.Services.GetRequiredKeyedService<IGrainStorage>(Provider);

    public virtual async ValueTask InitializeAsync() => _host = await Silos.StartAsync(AddStorage);

    public virtual async ValueTask DisposeAsync()
    {
        await Silos.StopAsync(_host);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Read_OfNothing_GivesNewInstance()
    {
        var state = await ReadAsync(Grain);
        Assert.False(state.RecordExists);
        Assert.Null(state.ETag);
        Assert.Empty(state.State!.Items);
    }

    [Fact]
    public async Task Write_ThenRead_GivesWhatWasWritten()
    {
        var written = await WriteAsync(Grain, "red", "絵文字 🍎");
        Assert.True(written.RecordExists);
        Assert.NotNull(written.ETag);

        var read = await ReadAsync(Grain);
        Assert.True(read.RecordExists);
        Assert.Equal(written.ETag, read.ETag);
        Assert.Equal(["red", "絵文字 🍎"], read.State!.Items);
        Assert.NotSame(written.State, read.State);
    }

    [Fact]
    public async Task Write_AfterWrite_ChangesETag()
    {
        var state = await WriteAsync(Grain, "one");
        var first = state.ETag;
        state.State!.Items.Add("two");
        await Storage.WriteStateAsync(StateName, Grain, state);
        Assert.NotEqual(first, state.ETag);
        Assert.Equal(["one", "two"], (await ReadAsync(Grain)).State!.Items);
    }

    [Fact]
    public async Task Write_WithStaleETag_IsRefusedAndChangesNothing()
    {
        var mine = await WriteAsync(Grain, "one");
        var other = await ReadAsync(Grain);
        other.State = new Basket { Items = ["theirs"] };
        await Storage.WriteStateAsync(StateName, Grain, other);

        var staleETag = mine.ETag;
        await Assert.ThrowsAsync<InconsistentStateException>(() => Storage.WriteStateAsync(StateName, Grain, mine));
        Assert.Equal(staleETag, mine.ETag);
        Assert.Equal(["theirs"], (await ReadAsync(Grain)).State!.Items);
    }

    [Fact]
    public async Task Write_OfNewOverExisting_IsRefused()
    {
        await WriteAsync(Grain, "one");
        await Assert.ThrowsAsync<InconsistentStateException>(() => WriteAsync(Grain, "two"));
        Assert.Equal(["one"], (await ReadAsync(Grain)).State!.Items);
    }

    [Fact]
    public async Task Write_WithETagOfNothing_IsRefused()
    {
        var state = StateOf("one");
        state.ETag = "1";
        await Assert.ThrowsAsync<InconsistentStateException>(() => Storage.WriteStateAsync(StateName, Grain, state));
        Assert.False((await ReadAsync(Grain)).RecordExists);
    }

    [Fact]
    public async Task Clear_OfExisting_LeavesNothingAndCanBeWrittenAgain()
    {
        var state = await WriteAsync(Grain, "one");
        await Storage.ClearStateAsync(StateName, Grain, state);
        Assert.False(state.RecordExists);
        Assert.Empty(state.State!.Items);

        var read = await ReadAsync(Grain);
        Assert.False(read.RecordExists);
        Assert.Empty(read.State!.Items);

        read.State.Items.Add("again");
        await Storage.WriteStateAsync(StateName, Grain, read);
        Assert.Equal(["again"], (await ReadAsync(Grain)).State!.Items);
    }

    [Fact]
    public async Task Clear_WithStaleETag_IsRefused()
    {
        var mine = await WriteAsync(Grain, "one");
        var other = await ReadAsync(Grain);
        await Storage.WriteStateAsync(StateName, Grain, other);
        await Assert.ThrowsAsync<InconsistentStateException>(() => Storage.ClearStateAsync(StateName, Grain, mine));
        Assert.True((await ReadAsync(Grain)).RecordExists);
    }

    [Fact]
    public async Task Clear_OfNothing_ChangesNothing()
    {
        var state = await ReadAsync(Grain);
        await Storage.ClearStateAsync(StateName, Grain, state);
        Assert.False(state.RecordExists);
        Assert.Null(state.ETag);
    }

    [Fact]
    public async Task Keys_OfAllKinds_AreKeptApart()
    {
        var type = GrainType.Create("basket");
        var guid = new Guid("0123456789abcdef0123456789abcdef");
        GrainId[] grains =
        [
            GrainId.Create(type, GrainIdKeyExtensions.CreateIntegerKey(1)),
            GrainId.Create(type, GrainIdKeyExtensions.CreateIntegerKey(-1)),
            GrainId.Create(type, GrainIdKeyExtensions.CreateIntegerKey(1, "a")),
            GrainId.Create(type, GrainIdKeyExtensions.CreateIntegerKey(1, "b")),
            GrainId.Create(type, GrainIdKeyExtensions.CreateGuidKey(guid)),
            GrainId.Create(type, GrainIdKeyExtensions.CreateGuidKey(guid, "a")),
            GrainId.Create(type, "room 1"),
            GrainId.Create(type, "直播间"),
        ];
        foreach (var grain in grains)
        {
            await WriteAsync(grain, grain.ToString());
        }

        foreach (var grain in grains)
        {
            Assert.Equal([grain.ToString()], (await ReadAsync(grain)).State!.Items);
        }
    }

    [Fact]
    public async Task StateNames_OfOneGrain_AreKeptApart()
    {
        await WriteAsync(Grain, "one");
        var other = await ReadAsync(Grain, "another");
        Assert.False(other.RecordExists);
        other.State!.Items.Add("two");
        await Storage.WriteStateAsync("another", Grain, other);
        Assert.Equal(["one"], (await ReadAsync(Grain)).State!.Items);
        Assert.Equal(["two"], (await ReadAsync(Grain, "another")).State!.Items);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Write_ByManyAtOnce_LetsOneWin(bool existsBefore)
    {
        const int Writers = 24;
        if (existsBefore)
        {
            await WriteAsync(Grain, "before");
        }

        var states = await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => ReadAsync(Grain)));
        var outcomes = await Task.WhenAll(states.Select((state, i) => TryWriteAsync(Grain, state, $"writer {i}")));
        Assert.Equal(1, outcomes.Count(won => won));
        var winner = Array.IndexOf(outcomes, true);
        Assert.Equal([$"writer {winner}"], (await ReadAsync(Grain)).State!.Items);
    }

    [Fact]
    public async Task Write_OfManyGrainsWithConflictsAmongThem_FailsOnlyThose()
    {
        var grains = Enumerable.Range(0, 60).Select(i => GrainId.Create("basket", $"grain {i}")).ToArray();
        var states = await Task.WhenAll(grains.Select(grain => WriteAsync(grain, "first")));
        for (var i = 0; i < states.Length; i += 3)
        {
            states[i].ETag = "77";
        }

        var outcomes = await Task.WhenAll(states.Select((state, i) => TryWriteAsync(grains[i], state, "second")));
        for (var i = 0; i < grains.Length; i++)
        {
            Assert.Equal(i % 3 != 0, outcomes[i]);
            Assert.Equal([i % 3 == 0 ? "first" : "second"], (await ReadAsync(grains[i])).State!.Items);
        }
    }

    protected abstract void AddStorage(ISiloBuilder silo);

    protected async Task RestartAsync()
    {
        await Silos.StopAsync(_host);
        _host = await Silos.StartAsync(AddStorage);
    }

    protected static GrainState<Basket> StateOf(params string[] items) => new(new Basket { Items = [.. items] });

    protected async Task<GrainState<Basket>> ReadAsync(GrainId grain, string stateName = StateName)
    {
        var state = new GrainState<Basket>();
        await Storage.ReadStateAsync(stateName, grain, state);
        return state;
    }

    protected async Task<GrainState<Basket>> WriteAsync(GrainId grain, params string[] items)
    {
        var state = StateOf(items);
        await Storage.WriteStateAsync(StateName, grain, state);
        return state;
    }

    private async Task<bool> TryWriteAsync(GrainId grain, GrainState<Basket> state, string item)
    {
        state.State = new Basket { Items = [item] };
        try
        {
            await Storage.WriteStateAsync(StateName, grain, state);
            return true;
        }
        catch (InconsistentStateException)
        {
            return false;
        }
    }
}

/// <summary>A state.</summary>
public sealed class Basket
{
    public List<string> Items { get; set; } = [];
}
