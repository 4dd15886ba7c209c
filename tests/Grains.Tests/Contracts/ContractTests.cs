using RedNote.Live;

namespace RedNote.Grains.Tests.Contracts;

/// <summary>Whatever travels between grains, clients and streams can be serialised, and cannot be changed.</summary>
public sealed class ContractTests
{
    [Fact]
    public void Contracts_OfEveryGrainAndStream_CanTravel()
    {
        var walker = new ContractWalker();
        var contracts = typeof(GrainFactoryExtensions).Assembly;
        foreach (var type in ContractWalker.GrainInterfaces(contracts))
            walker.WalkInterface(type);
        foreach (var type in ContractWalker.StreamEvents(typeof(LiveRoomGrain).Assembly))
            walker.Walk(type, "a stream");
        // Exceptions are thrown, not sent: Orleans has a codec of its own for what their base class holds.
        foreach (var type in contracts.GetTypes().Where(t => t.IsDefined(typeof(GenerateSerializerAttribute), false)
            && !t.IsSubclassOf(typeof(Exception))))
            walker.Walk(type, "a message");

        Assert.True(walker.Findings.Count == 0, string.Join(Environment.NewLine, walker.Findings));
        Assert.Contains(typeof(RoomFrame), walker.Seen);
        Assert.Contains(typeof(SendDanmaku), walker.Seen);
    }

    [Fact]
    public void StreamEvents_OfTheGrains_AreFound()
        => Assert.Contains(
            typeof(RoomFrame), ContractWalker.StreamEvents(typeof(LiveRoomGrain).Assembly));

    [Theory]
    [InlineData("PlainMessage: lacks [GenerateSerializer]")]
    [InlineData("PlainMessage: lacks [Immutable]")]
    [InlineData("PlainMessage: lacks an [Alias]")]
    [InlineData("PlainMessage: is neither sealed nor abstract, so a mutable type could travel in its place")]
    [InlineData("MutableMessage: Text can be changed")]
    [InlineData("MutableMessage: Hidden lacks an [Id], so that it would not travel")]
    [InlineData("MutableMessage: _field lacks an [Id], so that it would not travel")]
    [InlineData("MutableMessage: Other has the [Id(0)] of another member")]
    [InlineData("MutableMessage: has the [Alias] 'bad.twice' of PlainBase")]
    [InlineData("MutableMessage.Numbers: System.Int32[] is neither a message nor known to be immutable")]
    [InlineData("MutableMessage.Names: System.Collections.Generic.IReadOnlyList`1[System.String] "
        + "is neither a message nor known to be immutable")]
    [InlineData("Derived: lacks an [Alias]")]
    [InlineData("IBadGrain: two methods are known as 'same'")]
    [InlineData("IBadGrain: lacks an [Alias]")]
    [InlineData("IBadGrain.NoTask: returns System.Int32, which no grain method can")]
    [InlineData("IBadGrain.Send(text): System.Text.StringBuilder is neither a message nor known to be immutable")]
    public void Walker_OnABadContract_Finds(string finding)
    {
        var walker = new ContractWalker();
        walker.WalkInterface(typeof(IBadGrain));

        Assert.Contains(finding, walker.Findings);
    }

    [Fact]
    public void Walker_OnAGoodContract_FindsNothing()
    {
        var walker = new ContractWalker();
        walker.WalkInterface(typeof(IGoodGrain));

        Assert.Empty(walker.Findings);
        Assert.Equal([typeof(GoodMessage), typeof(GoodValue)], walker.Seen.OrderBy(type => type.Name));
    }
}
