namespace RedNote.Embedded.Tests.Conformance;

[Alias("conformance.key-string")]
public interface IStringKeyGrain : IGrainWithStringKey
{
    Task<string> Key();
}

[Alias("conformance.key-integer")]
public interface IIntegerKeyGrain : IGrainWithIntegerKey
{
    Task<long> Key();
}

[Alias("conformance.key-guid")]
public interface IGuidKeyGrain : IGrainWithGuidKey
{
    Task<Guid> Key();
}

[Alias("conformance.key-integer-ext")]
public interface IIntegerCompoundKeyGrain : IGrainWithIntegerCompoundKey
{
    Task<(long Key, string? Extension)> Key();
}

[Alias("conformance.key-guid-ext")]
public interface IGuidCompoundKeyGrain : IGrainWithGuidCompoundKey
{
    Task<(Guid Key, string? Extension)> Key();
}

public sealed class StringKeyGrain : Grain, IStringKeyGrain
{
    public Task<string> Key() => Task.FromResult(this.GetPrimaryKeyString());
}

public sealed class IntegerKeyGrain : Grain, IIntegerKeyGrain
{
    public Task<long> Key() => Task.FromResult(this.GetPrimaryKeyLong());
}

public sealed class GuidKeyGrain : Grain, IGuidKeyGrain
{
    public Task<Guid> Key() => Task.FromResult(this.GetPrimaryKey());
}

public sealed class IntegerCompoundKeyGrain : Grain, IIntegerCompoundKeyGrain
{
    public Task<(long Key, string? Extension)> Key()
        => Task.FromResult((this.GetPrimaryKeyLong(out var extension), extension));
}

public sealed class GuidCompoundKeyGrain : Grain, IGuidCompoundKeyGrain
{
    public Task<(Guid Key, string? Extension)> Key()
        => Task.FromResult((this.GetPrimaryKey(out var extension), extension));
}

/// <summary>A grain knows the key that it was called by, of every kind, and references compare by it.</summary>
public sealed class KeyTests(ConformanceCluster cluster) : IClassFixture<ConformanceCluster>
{
    private static readonly Guid SomeGuid = new("0f8fad5b-d9cb-469f-a165-70867728950e");

    [Theory]
    [InlineData("plain")]
    [InlineData("with / slash + 加号 %")]
    public async Task StringKey_InTheGrain_IsTheCallers(string key)
        => Assert.Equal(key, await cluster.Client.GetGrain<IStringKeyGrain>(key).Key());

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public void StringKey_ThatIsBlank_IsRefused(string key)
        => Assert.Throws<ArgumentException>(() => cluster.Client.GetGrain<IStringKeyGrain>(key));

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    public async Task IntegerKey_InTheGrain_IsTheCallers(long key)
    {
        var grain = cluster.Client.GetGrain<IIntegerKeyGrain>(key);

        Assert.Equal(key, await grain.Key());
        Assert.Equal(key, grain.GetPrimaryKeyLong());
    }

    [Fact]
    public async Task GuidKey_InTheGrain_IsTheCallers()
        => Assert.Equal(SomeGuid, await cluster.Client.GetGrain<IGuidKeyGrain>(SomeGuid).Key());

    [Fact]
    public async Task CompoundKeys_InTheGrain_AreTheCallers()
    {
        var byNumber = cluster.Client.GetGrain<IIntegerCompoundKeyGrain>(-7, "lane/1");
        var byGuid = cluster.Client.GetGrain<IGuidCompoundKeyGrain>(SomeGuid, "lane+2");

        Assert.Equal((-7, "lane/1"), await byNumber.Key());
        Assert.Equal((SomeGuid, "lane+2"), await byGuid.Key());
    }

    [Fact]
    public void References_OfOneGrain_AreEqual()
    {
        var one = cluster.Client.GetGrain<IStringKeyGrain>("same");
        var two = cluster.Client.GetGrain<IStringKeyGrain>("same");
        var other = cluster.Client.GetGrain<IStringKeyGrain>("other");

        Assert.Equal(one, two);
        Assert.Equal(one.GetHashCode(), two.GetHashCode());
        Assert.NotEqual(one, other);
        Assert.Equal(one.GetGrainId(), two.GetGrainId());
    }
}
