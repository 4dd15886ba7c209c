using Orleans.Storage;

namespace RedNote.Embedded.Tests.Conformance;

/// <summary>A silo whose default storage is in memory.</summary>
public sealed class StoringCluster : ConformanceCluster
{
    protected override void ConfigureSilo(ISiloBuilder silo) => silo.AddMemoryGrainStorageAsDefault();
}

/// <summary>Persistent state.</summary>
public sealed class StorageTests(StoringCluster cluster) : IClassFixture<StoringCluster>
{
    [Fact]
    public async Task State_NeverWritten_IsNewAndDoesNotExist()
    {
        var seen = await Notebook(nameof(State_NeverWritten_IsNewAndDoesNotExist)).See();

        Assert.Equal(("", 0, false), (seen.Text, seen.Numbers, seen.Exists));
    }

    [Fact]
    public async Task State_Written_IsThereInTheNextActivation()
    {
        const string key = nameof(State_Written_IsThereInTheNextActivation);
        var written = await Notebook(key).Write("kept");

        await Leave(key);

        Assert.Equal(written, await Notebook(key).See());
        Assert.Equal(("kept", 1, true), (written.Text, written.Numbers, written.Exists));
    }

    [Fact]
    public async Task State_NotWritten_IsGoneWithTheActivation()
    {
        const string key = nameof(State_NotWritten_IsGoneWithTheActivation);
        await Notebook(key).Write("kept");
        await Notebook(key).Scribble("forgotten");

        await Leave(key);

        Assert.Equal("kept", (await Notebook(key).See()).Text);
    }

    [Fact]
    public async Task State_ReadAgain_IsAsStored()
    {
        const string key = nameof(State_ReadAgain_IsAsStored);
        await Notebook(key).Write("stored");
        await Notebook(key).Scribble("only in memory");

        var seen = await Notebook(key).Read();

        Assert.Equal(("stored", 1), (seen.Text, seen.Numbers));
    }

    [Fact]
    public async Task Write_Each_ChangesTheEtag()
    {
        var notebook = Notebook(nameof(Write_Each_ChangesTheEtag));

        var first = await notebook.Write("one");
        var second = await notebook.Write("two");

        Assert.False(string.IsNullOrEmpty(first.Etag));
        Assert.NotEqual(first.Etag, second.Etag);
    }

    [Fact]
    public async Task Write_WithAStaleEtag_IsRefusedAndTheGrainGoes()
    {
        const string key = nameof(Write_WithAStaleEtag_IsRefusedAndTheGrainGoes);
        await Notebook(key).Write("mine");

        await Assert.ThrowsAnyAsync<InconsistentStateException>(() => Notebook(key).WriteStale("theirs"));
        await cluster.Signals.Until(key, "deactivated");

        Assert.Equal("mine", (await Notebook(key).See()).Text);
    }

    [Fact]
    public async Task State_Cleared_IsNewAndDoesNotExist()
    {
        const string key = nameof(State_Cleared_IsNewAndDoesNotExist);
        await Notebook(key).Write("old");

        var cleared = await Notebook(key).Clear();
        Assert.Equal(("", 0, false), (cleared.Text, cleared.Numbers, cleared.Exists));
        await Leave(key);
        Assert.False((await Notebook(key).See()).Exists);

        Assert.Equal("new", (await Notebook(key).Write("new")).Text);
    }

    private async Task Leave(string key)
    {
        await Notebook(key).Leave();
        await cluster.Signals.Until(key, "deactivated");
    }

    private INotebookGrain Notebook(string key) => cluster.Client.GetGrain<INotebookGrain>(key);
}
