using Orleans.TestingHost;

namespace RedNote.Embedded.Tests.Engine;

/// <summary>The emitted references: every shape of method and of interface.</summary>
public sealed class ProxyTests(ProxyTests.Cluster cluster) : IClassFixture<ProxyTests.Cluster>
{
    private IGrainFactory Grains => cluster.Grains;

    [Fact]
    public async Task Arguments_OfEveryKind_Arrive()
    {
        var grain = Grains.GetGrain<IShapesGrain>("a");
        var when = new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);

        var answer = await grain.Many(1, 2, 3, "four", 5.5m, when, [7], (8, "nine"), null, TimeSpan.FromSeconds(10));

        Assert.Equal("1 2 3 four 5.5 2026-01-02 7 8 nine - 10", answer);
    }

    [Fact]
    public async Task Result_OfValueTypes_ComesBack()
    {
        Assert.Equal((3, "x"), await Grains.GetGrain<IShapesGrain>("b").Pair(3, "x"));
        Assert.Null(await Grains.GetGrain<IShapesGrain>("b").Nothing());
    }

    [Fact]
    public async Task Method_OfABaseInterface_IsCalled()
        => Assert.Equal("inherited", await Grains.GetGrain<IShapesGrain>("c").Inherited());

    [Fact]
    public async Task Method_OfAClosedGenericInterface_IsCalled()
        => Assert.Equal([1, 2], await Grains.GetGrain<IShapesGrain>("d").Cast<IStoreGrain<int>>().Keep([1, 2]));

    [Fact]
    public async Task Interface_ThatIsInternal_IsCalled()
        => Assert.Equal("hidden", await Grains.GetGrain<IHiddenGrain>("e").Hidden());

    [Fact]
    public async Task Method_ThatIsGeneric_IsRefusedClearly()
    {
        var exception = await Assert.ThrowsAsync<NotSupportedException>(
            () => Grains.GetGrain<IShapesGrain>("f").Generic(1));

        Assert.Contains("generic", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Grain_ThatPassesItself_PassesAReference()
        => Assert.Equal("GrainReference", await Grains.GetGrain<IShapesGrain>("g").PassYourself("h"));

    [Fact]
    public async Task Exception_OfASynchronousThrow_ComesBackInTheTask()
        => await Assert.ThrowsAsync<InvalidDataException>(() => Grains.GetGrain<IShapesGrain>("i").ThrowNow());

    [Fact]
    public async Task Task_ThatIsNull_IsAnError()
        => await Assert.ThrowsAsync<InvalidOperationException>(() => Grains.GetGrain<IShapesGrain>("j").NullTask());

    [Fact]
    public async Task Constructor_ThatThrows_FailsTheCallWithItsException()
        => await Assert.ThrowsAsync<InvalidDataException>(() => Grains.GetGrain<IBrokenGrain>(1).Work());

    [Fact]
    public void Interface_WithoutAClass_IsRefusedClearly()
        => Assert.Contains(
            nameof(INobodyGrain), Assert.Throws<ArgumentException>(() => Grains.GetGrain<INobodyGrain>(1)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void References_WithTheSameId_AreEqual()
    {
        var one = Grains.GetGrain<IShapesGrain>("k");
        var two = Grains.GetGrain<IShapesGrain>("k").Cast<IStoreGrain<int>>();

        Assert.Equal((GrainReference)one, (GrainReference)two);
        Assert.Equal(one.GetHashCode(), two.GetHashCode());
        Assert.NotEqual((GrainReference)one, (GrainReference)Grains.GetGrain<IShapesGrain>("l"));
    }

    [Theory]
    [InlineData("", 0x02CC5D05u)]
    [InlineData("a", 0x550D7456u)]
    [InlineData("abc", 0x32D153FFu)]
    [InlineData("Nobody inspects the spammish repetition", 0xE2293B2Fu)]
    public void UniformHash_OfKnownTexts_IsXxHash32(string text, uint hash)
        => Assert.Equal(hash, IdSpan.Create(text).GetUniformHashCode());

    public sealed class Cluster : IAsyncLifetime
    {
        private readonly InProcessTestCluster _cluster = new InProcessTestClusterBuilder(1).Build();

        public IGrainFactory Grains => _cluster.Client;

        public async ValueTask InitializeAsync() => await _cluster.DeployAsync();

        public ValueTask DisposeAsync() => _cluster.DisposeAsync();
    }
}

public interface IBaseGrain
{
    Task<string> Inherited();
}

public interface IStoreGrain<T> : IGrainWithStringKey
{
    Task<List<T>> Keep(List<T> items);
}

public interface IShapesGrain : IGrainWithStringKey, IBaseGrain
{
    Task<string> Many(
        byte a, short b, long c, string d, decimal e, DateTime f, int[] g, (int Number, string Text) h, object? i,
        TimeSpan j);

    ValueTask<(int Number, string Text)> Pair(int number, string text);

    Task<string?> Nothing();

    Task<T> Generic<T>(T value);

    Task<string> PassYourself(string to);

    Task<string> Take(IShapesGrain other);

    Task ThrowNow();

    Task NullTask();
}

internal interface IHiddenGrain : IGrainWithStringKey
{
    Task<string> Hidden();
}

internal sealed class ShapesGrain : Grain, IShapesGrain, IStoreGrain<int>, IHiddenGrain
{
    public Task<string> Many(
        byte a, short b, long c, string d, decimal e, DateTime f, int[] g, (int Number, string Text) h, object? i,
        TimeSpan j)
        => Task.FromResult(FormattableString.Invariant(
            $"{a} {b} {c} {d} {e} {f:yyyy-MM-dd} {g[0]} {h.Number} {h.Text} {i ?? "-"} {j.TotalSeconds}"));

    public ValueTask<(int Number, string Text)> Pair(int number, string text) => new((number, text));

    public Task<string?> Nothing() => Task.FromResult<string?>(null);

    public Task<T> Generic<T>(T value) => Task.FromResult(value);

    public Task<string> PassYourself(string to) => GrainFactory.GetGrain<IShapesGrain>(to).Take(this);

    public Task<string> Take(IShapesGrain other)
        => Task.FromResult(other is GrainReference ? nameof(GrainReference) : other.GetType().Name);

    public Task ThrowNow() => throw new InvalidDataException("now");

    public Task NullTask() => null!;

    public Task<string> Inherited() => Task.FromResult("inherited");

    public Task<List<int>> Keep(List<int> items) => Task.FromResult(items);

    public Task<string> Hidden() => Task.FromResult("hidden");
}

public interface INobodyGrain : IGrainWithIntegerKey
{
    Task Work();
}

public interface IBrokenGrain : IGrainWithIntegerKey
{
    Task Work();
}

internal sealed class BrokenGrain : Grain, IBrokenGrain
{
    public BrokenGrain() => throw new InvalidDataException("broken");

    public Task Work() => Task.CompletedTask;
}
