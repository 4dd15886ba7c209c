using Orleans.TestingHost;

namespace RedNote.Embedded.Tests.Engine;

/// <summary>Objects outside of grains that grains call back.</summary>
public sealed class ObserverTests : IAsyncLifetime
{
    private readonly InProcessTestCluster _cluster = new InProcessTestClusterBuilder(1).Build();

    private IGrainFactory Grains => _cluster.Client;

    public async ValueTask InitializeAsync() => await _cluster.DeployAsync();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Calls_OfAnObserver_ArriveInOrderOneAtATime()
    {
        var listener = new Listener();
        var reference = Grains.CreateObjectReference<IListener>(listener);

        await Grains.GetGrain<ISpeakerGrain>(1).Speak(reference, 500);

        await listener.Done.Task.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(Enumerable.Range(0, 500), listener.Heard);
        Assert.False(listener.HasOverlapped);
    }

    [Fact]
    public async Task Call_WithAnAnswer_BringsItBack()
    {
        var listener = new Listener();
        var reference = Grains.CreateObjectReference<IListener>(listener);

        Assert.Equal("heard hello", await Grains.GetGrain<ISpeakerGrain>(2).AskFor(reference, "hello"));
        GC.KeepAlive(listener);
    }

    [Fact]
    public async Task Call_OfAnObserverThatWasDeleted_Fails()
    {
        var listener = new Listener();
        var reference = Grains.CreateObjectReference<IListener>(listener);
        Grains.DeleteObjectReference<IListener>(reference);

        await Assert.ThrowsAnyAsync<OrleansException>(
            () => Grains.GetGrain<ISpeakerGrain>(3).AskFor(reference, "hello"));
        GC.KeepAlive(listener);
    }

    [Fact]
    public async Task Object_ThatIsNoReference_CannotBePassed()
        => await Assert.ThrowsAsync<NotSupportedException>(
            () => Grains.GetGrain<ISpeakerGrain>(4).AskFor(new Listener(), "hello"));

    private sealed class Listener : IListener
    {
        private int _inside;

        public TaskCompletionSource Done { get; } = new();

        public List<int> Heard { get; } = [];

        public bool HasOverlapped { get; private set; }

        public async Task Hear(int number, bool isLast)
        {
            if (Interlocked.Increment(ref _inside) != 1) HasOverlapped = true;
            await Task.Yield();
            Heard.Add(number);
            Interlocked.Decrement(ref _inside);
            if (isLast) Done.TrySetResult();
        }

        public Task<string> Ask(string text) => Task.FromResult("heard " + text);
    }
}

public interface IListener : IGrainObserver
{
    [Orleans.Concurrency.OneWay]
    Task Hear(int number, bool isLast);

    Task<string> Ask(string text);
}

public interface ISpeakerGrain : IGrainWithIntegerKey
{
    Task Speak(IListener listener, int times);

    Task<string> AskFor(IListener listener, string text);
}

internal sealed class SpeakerGrain : Grain, ISpeakerGrain
{
    public async Task Speak(IListener listener, int times)
    {
        for (var i = 0; i < times; i++) await listener.Hear(i, i == times - 1);
    }

    public Task<string> AskFor(IListener listener, string text) => listener.Ask(text);
}
