using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Providers.Streams.Common;
using Orleans.Streams;
using RedNote.Embedded.Tests.Storage;

namespace RedNote.Embedded.Tests.Streams;

/// <summary>Memory streams from the side of clients.</summary>
public sealed class StreamTests : IAsyncLifetime
{
    private const int QueueCapacity = 64;

    private IHost? _silo;

    private IClusterClient Client => _silo!.Services.GetRequiredService<IClusterClient>();

    public async ValueTask InitializeAsync() => _silo = await Silos.StartAsync(silo =>
    {
        silo.AddMemoryGrainStorage("PubSubStore");
        silo.AddMemoryStreams(TestStreams.Provider);
        silo.Services.Configure<EmbeddedStreamOptions>(TestStreams.Provider, options =>
        {
            options.QueueCapacity = QueueCapacity;
            options.MinRetryDelay = TimeSpan.FromMilliseconds(1);
        });
        // A stream of its own, on which an event is given up when it fails the first time.
        silo.AddMemoryStreams("impatient", streams => streams.ConfigurePullingAgent(
            agent => agent.Configure(options => options.MaxEventDeliveryTime = TimeSpan.Zero)));
    });

    public async ValueTask DisposeAsync() => await Silos.StopAsync(_silo);

    [Fact]
    public async Task Publish_ToSeveralSubscribers_ReachesEachInOrderOneAtATime()
    {
        var stream = StreamOf("order");
        var observers = Enumerable.Range(0, 4)
            .Select(i => new RecordingObserver(i % 2 == 0 ? null : async _ => await Task.Yield()))
            .ToArray();
        foreach (var observer in observers)
        {
            await stream.SubscribeAsync(observer);
        }

        var expected = Enumerable.Range(0, 50).ToArray();
        foreach (var number in expected)
        {
            await stream.OnNextAsync(new Tick(number));
        }

        foreach (var observer in observers)
        {
            await Eventually.Equal(expected, () => observer.Received);
            Assert.False(observer.Overlapped);
            Assert.Equal(observer.Tokens.Order(), observer.Tokens);
            Assert.Equal(expected.Length, observer.Tokens.Distinct().Count());
        }
    }

    [Fact]
    public async Task Publish_ByManyAtOnce_GivesAllSubscribersTheSameOrder()
    {
        var stream = StreamOf("many");
        RecordingObserver first = new(), second = new();
        await stream.SubscribeAsync(first);
        await stream.SubscribeAsync(second);
        await Task.WhenAll(Enumerable.Range(0, QueueCapacity).Select(
            number => Task.Run(() => stream.OnNextAsync(new Tick(number)))));
        await Eventually.Equal([.. Enumerable.Range(0, QueueCapacity)], () => [.. first.Received.Order()]);
        await Eventually.Equal(first.Received, () => second.Received);
    }

    [Fact]
    public async Task PublishBatch_OfSeveral_ReachesSubscribersInOrderWithOneSequenceNumber()
    {
        var observer = new RecordingObserver();
        await StreamOf("batch").SubscribeAsync(observer);
        await StreamOf("batch").OnNextBatchAsync([new Tick(1), new Tick(2), new Tick(3)]);
        await Eventually.Equal([1, 2, 3], () => observer.Received);
        Assert.Single(observer.Tokens.Select(token => token.SequenceNumber).Distinct());
        Assert.Equal([0, 1, 2], observer.Tokens.Select(token => token.EventIndex));
        Assert.IsType<EventSequenceToken>(observer.Tokens[0]);
    }

    [Fact]
    public async Task SlowSubscriber_DelaysNeitherPublishersNorOthers()
    {
        var stream = StreamOf("slow");
        var gate = new TaskCompletionSource();
        var slow = new RecordingObserver(_ => gate.Task);
        var quick = new RecordingObserver();
        await stream.SubscribeAsync(slow);
        await stream.SubscribeAsync(quick);
        var expected = Enumerable.Range(0, 20).ToArray();
        foreach (var number in expected)
        {
            Assert.True(stream.OnNextAsync(new Tick(number)).IsCompletedSuccessfully);
        }

        await Eventually.Equal(expected, () => quick.Received);
        Assert.Empty(slow.Received);
        gate.SetResult();
        await Eventually.Equal(expected, () => slow.Received);
    }

    [Fact]
    public async Task Overflow_OfASlowSubscriber_DropsItsOldestAndCountsThem()
    {
        long dropped = 0;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == "rednote.streams.dropped")
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, count, tags, _) =>
        {
            if (tags.ToArray().Contains(new("provider", TestStreams.Provider)))
            {
                Interlocked.Add(ref dropped, count);
            }
        });
        listener.Start();

        var stream = StreamOf("overflow");
        TaskCompletionSource entered = new(), gate = new();
        var observer = new RecordingObserver(number =>
        {
            entered.TrySetResult();
            return gate.Task;
        });
        await stream.SubscribeAsync(observer);
        await stream.OnNextAsync(new Tick(-1));
        await entered.Task;
        foreach (var number in Enumerable.Range(0, QueueCapacity + 10))
        {
            await stream.OnNextAsync(new Tick(number));
        }

        gate.SetResult();
        await Eventually.Equal([-1, .. Enumerable.Range(10, QueueCapacity)], () => observer.Received);
        Assert.Equal(10, Interlocked.Read(ref dropped));
    }

    [Fact]
    public async Task FailingSubscriber_GetsTheEventAgain()
    {
        var failures = 0;
        var failing = new RecordingObserver(number => number == 1 && failures++ < 3
            ? throw new InvalidOperationException("not yet")
            : Task.CompletedTask);
        await StreamOf("retry").SubscribeAsync(failing);
        foreach (var number in new[] { 0, 1, 2 })
        {
            await StreamOf("retry").OnNextAsync(new Tick(number));
        }

        await Eventually.Equal([0, 1, 2], () => failing.Received);
        Assert.Equal(4, failures);
        Assert.Empty(failing.Errors);
    }

    [Fact]
    public async Task FailingSubscriber_ForTooLong_IsToldAndGetsTheNextEvent()
    {
        var stream = Client.GetStreamProvider("impatient").GetStream<Tick>("failing", "1");
        var failing = new RecordingObserver(async number =>
        {
            await Task.Yield();
            if (number == 1)
            {
                throw new InvalidOperationException("never");
            }
        });
        var other = new RecordingObserver();
        await stream.SubscribeAsync(failing);
        await stream.SubscribeAsync(other);
        foreach (var number in new[] { 0, 1, 2 })
        {
            await stream.OnNextAsync(new Tick(number));
        }

        await Eventually.Equal([0, 2], () => failing.Received);
        await Eventually.Equal([0, 1, 2], () => other.Received);
        var error = Assert.IsType<StreamEventDeliveryFailureException>(Assert.Single(failing.Errors));
        Assert.Equal("never", error.InnerException?.Message);
        Assert.Empty(other.Errors);
    }

    [Fact]
    public async Task Unsubscribe_OfOne_EndsItsDeliveriesOnly()
    {
        var stream = StreamOf("unsubscribe");
        RecordingObserver gone = new(), kept = new();
        var handle = await stream.SubscribeAsync(gone);
        await stream.SubscribeAsync(kept);
        await stream.OnNextAsync(new Tick(1));
        await Eventually.Equal([1], () => gone.Received);
        await handle.UnsubscribeAsync();
        await stream.OnNextAsync(new Tick(2));
        await Eventually.Equal([1, 2], () => kept.Received);
        Assert.Equal([1], gone.Received);
        await Assert.ThrowsAsync<InvalidOperationException>(() => handle.UnsubscribeAsync());
    }

    [Fact]
    public async Task Resume_OfAClientsHandle_ReplacesTheObserver()
    {
        var stream = StreamOf("resume");
        RecordingObserver before = new(), after = new();
        var subscribed = await stream.SubscribeAsync(before);
        await stream.OnNextAsync(new Tick(1));
        await Eventually.Equal([1], () => before.Received);

        var handle = Assert.Single(await stream.GetAllSubscriptionHandles());
        Assert.Equal(subscribed, handle);
        var resumed = await handle.ResumeAsync(after);
        Assert.Equal(subscribed.HandleId, resumed.HandleId);
        await stream.OnNextAsync(new Tick(2));
        await Eventually.Equal([2], () => after.Received);
        Assert.Equal([1], before.Received);
        await Assert.ThrowsAsync<InvalidOperationException>(() => handle.ResumeAsync(before));
    }

    [Fact]
    public async Task Client_ThatIsGone_HasNoSubscriptionAnyMore()
    {
        var stays = await StartClientAsync();
        var goes = await StartClientAsync();
        RecordingObserver staying = new(), going = new();
        await StreamOf("clients", stays).SubscribeAsync(staying);
        await StreamOf("clients", goes).SubscribeAsync(going);
        Assert.Single(await StreamOf("clients", goes).GetAllSubscriptionHandles());

        await StreamOf("clients").OnNextAsync(new Tick(1));
        await Eventually.Equal([1], () => going.Received);
        await Silos.StopAsync(goes);
        await StreamOf("clients").OnNextAsync(new Tick(2));
        await Eventually.Equal([1, 2], () => staying.Received);
        Assert.Equal([1], going.Received);
        Assert.Single(await StreamOf("clients", stays).GetAllSubscriptionHandles());
        await Silos.StopAsync(stays);
    }

    [Fact]
    public void Provider_Unknown_IsNotFound()
        => Assert.Throws<KeyNotFoundException>(() => Client.GetStreamProvider("no such streams"));

    [Fact]
    public async Task Silo_WithoutAPlaceForSubscriptions_DoesNotStart()
    {
        var exception = await Assert.ThrowsAsync<OrleansConfigurationException>(
            () => Silos.StartAsync(silo => silo.AddMemoryStreams("homeless")));
        Assert.Contains("PubSubStore", exception.Message, StringComparison.Ordinal);
    }

    private async Task<IHost> StartClientAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.UseOrleansClient(client => client
            .UseEmbeddedSilo(_silo!.Services)
            .AddMemoryStreams(TestStreams.Provider));
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private IAsyncStream<Tick> StreamOf(string key, IHost? host = null)
        => (host?.Services.GetRequiredService<IClusterClient>() ?? Client)
            .GetStreamProvider(TestStreams.Provider)
            .GetStream<Tick>("client", key);
}
