using Orleans.Streams;

namespace RedNote.Embedded.Tests.Conformance;

/// <summary>A silo and a client with streams in memory.</summary>
public sealed class StreamingCluster : ConformanceCluster
{
    protected override void ConfigureSilo(ISiloBuilder silo)
    {
        silo.AddMemoryGrainStorage("PubSubStore");
        EngineSetup.AddStreams(silo, Streams.Provider);
    }

    protected override void ConfigureClient(IClientBuilder client) => client.AddMemoryStreams(Streams.Provider);
}

/// <summary>Streams: order, one at a time, queued and not handled, subscriptions of every kind.</summary>
public sealed class StreamTests(StreamingCluster cluster) : IClassFixture<StreamingCluster>
{
    private readonly Signals _signals = cluster.Signals;

    [Fact]
    public async Task Events_ToEachSubscriber_ArriveInOrderOneAtATime()
    {
        const string stream = nameof(Events_ToEachSubscriber_ArriveInOrderOneAtATime);
        const int count = 100;
        string[] listeners = [stream + "/a", stream + "/b"];
        foreach (var listener in listeners)
        {
            await Listener(listener).Listen(stream);
            _signals.Open(listener);
        }

        await Publish(stream, count);

        var expected = Enumerable.Range(0, count).SelectMany(i => new[] { $"{i} in", $"{i} out" }).ToArray();
        foreach (var listener in listeners)
            Assert.Equal(expected, await Heard(listener, expected.Length));
    }

    [Fact]
    public async Task OnNext_WhileTheSubscriberIsBusy_CompletesWhenQueued()
    {
        const string stream = nameof(OnNext_WhileTheSubscriberIsBusy_CompletesWhenQueued);
        await Listener(stream + "/slow").Listen(stream);

        await Signals.Within("ten events to be queued", Publish(stream, 10));

        await _signals.Until(stream + "/slow", "0 in");
        Assert.Equal(["0 in"], _signals.Notes(stream + "/slow"));
        _signals.Open(stream + "/slow");
        await Heard(stream + "/slow", 20);
    }

    [Fact]
    public async Task Subscriber_ThatIsSlow_DoesNotDelayAnother()
    {
        const string stream = nameof(Subscriber_ThatIsSlow_DoesNotDelayAnother);
        await Listener(stream + "/slow").Listen(stream);
        await Listener(stream + "/quick").Listen(stream);
        _signals.Open(stream + "/quick");

        await Publish(stream, 10);

        await Heard(stream + "/quick", 20);
        Assert.DoesNotContain("0 out", _signals.Notes(stream + "/slow"));
        _signals.Open(stream + "/slow");
        await Heard(stream + "/slow", 20);
    }

    [Fact]
    public async Task Client_ThatSubscribes_HearsUntilItUnsubscribes()
    {
        const string stream = nameof(Client_ThatSubscribes_HearsUntilItUnsubscribes);
        var handle = await OfClient(stream).SubscribeAsync((tick, _) =>
        {
            _signals.Note(stream, $"{tick.Number}");
            return Task.CompletedTask;
        });

        await Publish(stream, 5);
        Assert.Equal(["0", "1", "2", "3", "4"], await Heard(stream, 5));

        await handle.UnsubscribeAsync();
        await Listener(stream + "/witness").Listen(stream);
        _signals.Open(stream + "/witness");
        await Publish(stream, 5);
        await Heard(stream + "/witness", 10);
        Assert.Equal(5, _signals.Notes(stream).Length);
    }

    [Fact]
    public async Task Grain_ThatUnsubscribes_HearsNoMore()
    {
        const string stream = nameof(Grain_ThatUnsubscribes_HearsNoMore);
        foreach (var listener in new[] { stream + "/leaver", stream + "/witness" })
        {
            await Listener(listener).Listen(stream);
            _signals.Open(listener);
        }
        await Publish(stream, 1);
        await Heard(stream + "/leaver", 2);

        await Listener(stream + "/leaver").Unsubscribe();
        await Publish(stream, 3);

        await Heard(stream + "/witness", 8);
        Assert.Equal(["0 in", "0 out"], _signals.Notes(stream + "/leaver"));
    }

    [Fact]
    public async Task Subscription_OfAGrainThatWasDeactivated_IsResumed()
    {
        const string stream = nameof(Subscription_OfAGrainThatWasDeactivated_IsResumed);
        var listener = stream + "/sleeper";
        await Listener(listener).Listen(stream);
        _signals.Open(listener);
        await Listener(listener).Leave();
        await _signals.Until(listener, "deactivated");

        await Publish(stream, 2);

        Assert.Equal(["deactivated", "0 in", "0 out", "1 in", "1 out"], await Heard(listener, 5));
    }

    [Fact]
    public async Task ImplicitSubscriber_NeverCalled_HearsItsStream()
    {
        const string key = nameof(ImplicitSubscriber_NeverCalled_HearsItsStream);
        var stream = cluster.Client.GetStreamProvider(Streams.Provider)
            .GetStream<Tick>(StreamId.Create(Streams.Implicit, key));

        for (var i = 0; i < 5; i++)
            await stream.OnNextAsync(new Tick(i));

        Assert.Equal(["0", "1", "2", "3", "4"], await Heard(key, 5));
    }

    [Fact]
    public async Task Streams_OfOtherKeys_AreSeparate()
    {
        const string stream = nameof(Streams_OfOtherKeys_AreSeparate);
        foreach (var listener in new[] { stream + "-1/a", stream + "-2/a" })
        {
            await Listener(listener).Listen(listener.Split('/')[0]);
            _signals.Open(listener);
        }

        await Publish(stream + "-1", 3);
        await Publish(stream + "-2", 1);

        await Heard(stream + "-1/a", 6);
        await Heard(stream + "-2/a", 2);
        Assert.Equal(2, _signals.Notes(stream + "-2/a").Length);
    }

    private IAsyncStream<Tick> OfClient(string stream)
        => Streams.Of(cluster.Client.GetStreamProvider(Streams.Provider), stream);

    private IHearerGrain Listener(string key) => cluster.Client.GetGrain<IHearerGrain>(key);

    private Task Publish(string stream, int count)
        => cluster.Client.GetGrain<IPublisherGrain>(stream).Publish(stream, count);

    private async Task<IEnumerable<string>> Heard(string key, int count)
        => await _signals.Until(key, $"{count} notes", notes => notes.Length >= count);
}
