using System.Collections.Immutable;
using Orleans.Concurrency;

namespace RedNote.Embedded.Tests.Conformance;

/// <summary>A message with what messages have: values, an immutable list, another message or none.</summary>
[GenerateSerializer, Immutable, Alias("conformance.parcel")]
public sealed record Parcel(
    [property: Id(0)] long Number, [property: Id(1)] ImmutableArray<string> Items, [property: Id(2)] Parcel? Inner);

/// <summary>An exception of our own.</summary>
[GenerateSerializer, Alias("conformance.refused")]
public sealed class RefusedException(string message, int code) : Exception(message)
{
    [Id(0)]
    public int Code { get; } = code;
}

[Alias("conformance.call")]
public interface ICallGrain : IGrainWithStringKey
{
    Task<Parcel?> Echo(Parcel? parcel);

    ValueTask<int> Add(int left, int right);

    ValueTask Nothing();

    /// <summary>Throws before it returns a task.</summary>
    Task<int> ThrowAtOnce(string kind);

    /// <summary>Throws after an await.</summary>
    Task<int> ThrowLater(string kind);

    /// <summary>Notes "{name} in", passes the gate {key}/{name}, notes "{name} out".</summary>
    Task Stay(string name);

    /// <summary>As <see cref="Stay"/>, without an answer.</summary>
    [OneWay]
    Task StayOneWay(string name);

    /// <summary>Fails, and nobody is told.</summary>
    [OneWay]
    Task FailOneWay();

    /// <summary>Notes "in", then "cancelled" when the token says so, passes the gate {key}, notes "out".</summary>
    Task<string> Heed(string gate, CancellationToken stop);

    /// <summary>What the request context has under the key "tenant".</summary>
    Task<string?> Tenant();

    /// <summary>Asks another grain for <see cref="Tenant"/>.</summary>
    Task<string?> TenantSeenBy(string other);

    /// <summary>Notes what it is given to the observer, and again for every later <see cref="Announce"/>.</summary>
    Task Watch(ICallObserver observer);

    Task Announce(string text);

    /// <summary>Calls another grain and gives back its answer: grains know how to call grains.</summary>
    Task<int> AddThere(string other, int left, int right);
}

[Alias("conformance.call-observer")]
public interface ICallObserver : IGrainObserver
{
    [OneWay]
    Task Announced(string text);
}

public sealed class CallGrain(Signals signals) : Grain, ICallGrain, IIncomingGrainCallFilter
{
    private readonly List<ICallObserver> _observers = [];

    public Task<Parcel?> Echo(Parcel? parcel) => Task.FromResult(parcel);

    public ValueTask<int> Add(int left, int right) => new(left + right);

    public ValueTask Nothing() => default;

    public Task<int> ThrowAtOnce(string kind) => throw Make(kind);

    public async Task<int> ThrowLater(string kind)
    {
        await Task.Yield();
        throw Make(kind);
    }

    public async Task Stay(string name)
    {
        var key = this.GetPrimaryKeyString();
        signals.Note(key, name + " in");
        await signals.Pass($"{key}/{name}");
        signals.Note(key, name + " out");
    }

    public Task StayOneWay(string name) => Stay(name);

    public Task FailOneWay()
    {
        signals.Note(this.GetPrimaryKeyString(), "failing");
        throw new InvalidOperationException("Nobody hears this.");
    }

    public async Task<string> Heed(string gate, CancellationToken stop)
    {
        var key = this.GetPrimaryKeyString();
        using var registration = stop.Register(() => signals.Note(key, "cancelled"));
        signals.Note(key, "in");
        await signals.Pass(gate);
        signals.Note(key, "out");
        return "done";
    }

    public Task<string?> Tenant() => Task.FromResult(RequestContext.Get("tenant") as string);

    public Task<string?> TenantSeenBy(string other) => GrainFactory.GetGrain<ICallGrain>(other).Tenant();

    public Task Watch(ICallObserver observer)
    {
        _observers.Add(observer);
        return Task.CompletedTask;
    }

    public Task Announce(string text) => Task.WhenAll(_observers.Select(observer => observer.Announced(text)));

    public async Task<int> AddThere(string other, int left, int right)
        => await GrainFactory.GetGrain<ICallGrain>(other).Add(left, right);

    /// <summary>Stands around the calls of this grain only.</summary>
    public Task Invoke(IIncomingGrainCallContext context)
    {
        if (context.MethodName == nameof(ICallGrain.Nothing))
            signals.Note(this.GetPrimaryKeyString(), "own filter");
        return context.Invoke();
    }

    private static Exception Make(string kind) => kind switch
    {
        "refused" => new RefusedException("Refused with a code.", 42),
        "argument" => new ArgumentOutOfRangeException(nameof(kind), "Out of range."),
        _ => new KeyNotFoundException(kind),
    };
}
