using Orleans.Streams;
using Orleans.Streams.Core;

namespace RedNote.Embedded.Tests.Conformance;

[GenerateSerializer, Immutable, Alias("conformance.tick")]
public sealed record Tick([property: Id(0)] int Number);

/// <summary>Names of the streams under test.</summary>
public static class Streams
{
    public const string Provider = "conformance";
    public const string Explicit = "conformance.explicit";
    public const string Implicit = "conformance.implicit";

    public static IAsyncStream<Tick> Of(IStreamProvider provider, string key)
        => provider.GetStream<Tick>(StreamId.Create(Explicit, key));
}

/// <summary>Subscribes to the stream of the name given; notes "{number} in" and "{number} out" for each event and
/// passes the gate {key} in between.</summary>
[Alias("conformance.hearer")]
public interface IHearerGrain : IGrainWithStringKey
{
    Task Listen(string stream);

    Task Unsubscribe();

    Task Leave();
}

/// <summary>Is subscribed to the stream of its key without asking.</summary>
[Alias("conformance.implicit-hearer")]
public interface IImplicitHearerGrain : IGrainWithStringKey
{
}

[Alias("conformance.publisher")]
public interface IPublisherGrain : IGrainWithStringKey
{
    Task Publish(string stream, int count);
}

public sealed class HearerGrain(Signals signals) : Grain, IHearerGrain
{
    private StreamSubscriptionHandle<Tick>? _handle;

    /// <summary>A grain whose key is {stream}/... finds its subscription again.</summary>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var stream = Streams.Of(this.GetStreamProvider(Streams.Provider), this.GetPrimaryKeyString().Split('/')[0]);
        foreach (var handle in await stream.GetAllSubscriptionHandles())
            _handle = await handle.ResumeAsync(Hear);
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        signals.Note(this.GetPrimaryKeyString(), "deactivated");
        return Task.CompletedTask;
    }

    public async Task Listen(string stream)
        => _handle = await Streams.Of(this.GetStreamProvider(Streams.Provider), stream).SubscribeAsync(Hear);

    public Task Unsubscribe() => _handle?.UnsubscribeAsync() ?? Task.CompletedTask;

    public Task Leave()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    private async Task Hear(Tick tick, StreamSequenceToken? token)
    {
        var key = this.GetPrimaryKeyString();
        signals.Note(key, $"{tick.Number} in");
        await signals.Pass(key);
        signals.Note(key, $"{tick.Number} out");
    }
}

[ImplicitStreamSubscription(Streams.Implicit)]
public sealed class ImplicitHearerGrain(Signals signals)
    : Grain, IImplicitHearerGrain, IStreamSubscriptionObserver, IAsyncObserver<Tick>
{
    public Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory)
        => handleFactory.Create<Tick>().ResumeAsync(this);

    public Task OnNextAsync(Tick item, StreamSequenceToken? token = null)
    {
        signals.Note(this.GetPrimaryKeyString(), $"{item.Number}");
        return Task.CompletedTask;
    }

    public Task OnErrorAsync(Exception ex)
    {
        signals.Note(this.GetPrimaryKeyString(), ex.Message);
        return Task.CompletedTask;
    }
}

public sealed class PublisherGrain : Grain, IPublisherGrain
{
    public async Task Publish(string stream, int count)
    {
        var target = Streams.Of(this.GetStreamProvider(Streams.Provider), stream);
        for (var i = 0; i < count; i++)
            await target.OnNextAsync(new Tick(i));
    }
}
