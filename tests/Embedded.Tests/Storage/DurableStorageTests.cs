using Orleans.Storage;

namespace RedNote.Embedded.Tests.Storage;

/// <summary>What storage in a database keeps besides.</summary>
public abstract class DurableStorageTests : GrainStorageTests
{
    [Fact]
    public async Task Restart_AfterWrites_KeepsThemAndTheirETags()
    {
        var grain = GrainId.Create("basket", "kept");
        var written = await WriteAsync(grain, "one");
        await RestartAsync();
        var read = await ReadAsync(grain);
        Assert.Equal(["one"], read.State!.Items);
        Assert.Equal(written.ETag, read.ETag);
        read.State.Items.Add("two");
        await Storage.WriteStateAsync(StateName, grain, read);
        Assert.NotEqual(written.ETag, read.ETag);
    }

    [Fact]
    public async Task ETag_OfARow_IsItsVersionCountedFromOne()
    {
        var grain = GrainId.Create("basket", "counted");
        var state = await WriteAsync(grain, "one");
        Assert.Equal("1", state.ETag);
        await Storage.WriteStateAsync(StateName, grain, state);
        Assert.Equal("2", state.ETag);
        await Storage.ClearStateAsync(StateName, grain, state);
        Assert.Equal("3", state.ETag);
    }

    [Fact]
    public async Task StateName_OfTwoGrainTypes_IsRefused()
    {
        await WriteAsync(GrainId.Create("basket", "7"), "one");
        var exception = await Assert.ThrowsAsync<BadProviderConfigException>(
            () => ReadAsync(GrainId.Create("crate", "7")));
        Assert.Contains("'basket' and 'crate'", exception.Message, StringComparison.Ordinal);
    }
}
