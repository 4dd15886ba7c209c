using Orleans.Streams;
using Orleans.Streams.Core;

namespace RedNote.Embedded.Tests.Streams;

/// <summary>An event.</summary>
[GenerateSerializer, Immutable, Alias("test.tick")]
public sealed record Tick([property: Id(0)] int Number);

/// <summary>Names that the tests and their grains agree on.</summary>
internal static class TestStreams
{
    public const string Provider = "test-streams";
    public const string Explicit = "explicit";
    public const string Implicit = "implicit";
}

public interface IListenerGrain : IGrainWithStringKey
{
    Task Subscribe(string stream);

    Task Unsubscribe(string stream);

    /// <summary>Everything received by this activation, in order.</summary>
    Task<int[]> Received();

    /// <summary>How many activations there were, this one included.</summary>
    Task<int> Activations();

    Task Deactivate();

    /// <summary>Stays in this call until <see cref="ListenerGrain.Gate"/> opens.</summary>
    Task Stay();
}

public sealed class ListenerGrain : Grain, IListenerGrain, IAsyncObserver<Tick>
{
    private static readonly System.Collections.Concurrent.ConcurrentDictionary<string, int> ActivationsOf = new();

    private readonly List<int> _received = [];

    public static TaskCompletionSource Gate { get; set; } = new();

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        ActivationsOf.AddOrUpdate(this.GetPrimaryKeyString(), 1, (_, count) => count + 1);
        foreach (var handle in await StreamOf(this.GetPrimaryKeyString()).GetAllSubscriptionHandles())
        {
            await handle.ResumeAsync(this);
        }
    }

    // The stream that an activation resumes has the grain's own key.
    public Task Subscribe(string stream) => StreamOf(stream).SubscribeAsync(this);

    public async Task Unsubscribe(string stream)
    {
        foreach (var handle in await StreamOf(stream).GetAllSubscriptionHandles())
        {
            await handle.UnsubscribeAsync();
        }
    }

    public Task<int[]> Received() => Task.FromResult(_received.ToArray());

    public Task<int> Activations() => Task.FromResult(ActivationsOf[this.GetPrimaryKeyString()]);

    public Task Deactivate()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task Stay() => Gate.Task;

    public Task OnNextAsync(Tick item, StreamSequenceToken? token = null)
    {
        _received.Add(item.Number);
        return Task.CompletedTask;
    }

    public Task OnErrorAsync(Exception ex) => Task.CompletedTask;

    private IAsyncStream<Tick> StreamOf(string key)
        => this.GetStreamProvider(TestStreams.Provider).GetStream<Tick>(TestStreams.Explicit, key);
}

public interface IImplicitGrain : IGrainWithIntegerKey
{
    Task<int[]> Received();
}

[ImplicitStreamSubscription(TestStreams.Implicit)]
public sealed class ImplicitGrain : Grain, IImplicitGrain, IStreamSubscriptionObserver, IAsyncObserver<Tick>
{
    private readonly List<int> _received = [];

    public Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory)
        => handleFactory.Create<Tick>().ResumeAsync(this);

    public Task<int[]> Received() => Task.FromResult(_received.ToArray());

    public Task OnNextAsync(Tick item, StreamSequenceToken? token = null)
    {
        _received.Add(item.Number);
        return Task.CompletedTask;
    }

    public Task OnErrorAsync(Exception ex) => Task.CompletedTask;
}
