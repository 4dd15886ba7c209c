
namespace RedNote.Embedded.Tests.Storage;

public sealed class MemoryStorageTests : GrainStorageTests
{
    [Fact]
    public async Task Write_ThenChangeOfTheObject_IsNotSeenByReaders()
    {
        var grain = GrainId.Create("basket", "pears");
        var state = await WriteAsync(grain, "one");
        state.State!.Items.Add("not written");
        Assert.Equal(["one"], (await ReadAsync(grain)).State!.Items);
    }

    protected override void AddStorage(ISiloBuilder silo) => silo.AddMemoryGrainStorage(Provider);
}
