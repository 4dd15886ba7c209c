using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Concurrency;
using RedNote.Journal;

namespace RedNote.Simulation.Ledger;

/// <summary>A sum on an event log: the smallest grain that does everything the journal promises.</summary>
[Alias("simulation.counter")]
public interface ICounterGrain : IGrainWithIntegerKey
{
    /// <summary>Adds once per key; answers the total after it, when that is durable.</summary>
    [Alias("add")]
    Task<long> Add(string key, int amount);

    /// <summary>What is durable now.</summary>
    [Alias("read")]
    Task<CounterReading> Read();
}

[GenerateSerializer, Immutable, Alias("simulation.counter-reading")]
public sealed record CounterReading(
    [property: Id(0)] long Version, [property: Id(1)] long Total, [property: Id(2)] ImmutableArray<string> Keys);

[JsonPolymorphic(
    TypeDiscriminatorPropertyName = JournalJson.Kind,
    UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(Added), "counter.added")]
public abstract record CounterEvent;

public sealed record Added(string Key, int Amount) : CounterEvent;

public sealed record CounterDocument(long Total, ImmutableArray<string> Keys);

public sealed class CounterState : IEventState<CounterEvent>
{
    public long Total { get; set; }

    public SortedSet<string> Keys { get; init; } = new(StringComparer.Ordinal);

    public void Apply(CounterEvent raised)
    {
        if (raised is Added added)
        {
            Total += added.Amount;
            Keys.Add(added.Key);
        }
    }
}

[JsonSerializable(typeof(CounterEvent))]
[JsonSerializable(typeof(CounterDocument))]
internal sealed partial class CounterJson : JsonSerializerContext
{
    public static CounterJson Journal { get; } = new(JournalJson.CreateOptions());
}

/// <summary>See <see cref="ICounterGrain"/>.</summary>
[Reentrant]
public sealed class CounterGrain([EventLog("counter")] IEventLog<CounterState, CounterEvent> log) : Grain, ICounterGrain
{
    public static void AddTo(IServiceCollection services)
        => services.AddEventLog(_ => new EventLogDefinition<CounterState, CounterEvent>
        {
            Name = "counter",
            Create = () => new CounterState(),
            Event = CounterJson.Journal.CounterEvent,
            Snapshot = new SnapshotForm<CounterState, CounterDocument>(
                CounterJson.Journal.CounterDocument,
                state => new CounterDocument(state.Total, [.. state.Keys]),
                document => new CounterState
                {
                    Total = document.Total,
                    Keys = new SortedSet<string>(document.Keys, StringComparer.Ordinal),
                }),
        });

    public async Task<long> Add(string key, int amount)
    {
        var durable = log.State.Keys.Contains(key) ? log.WhenConfirmed() : log.Raise(new Added(key, amount));
        var total = log.State.Total;
        await durable;
        return total;
    }

    public async Task<CounterReading> Read()
    {
        var reading = new CounterReading(log.Version, log.State.Total, [.. log.State.Keys]);
        await log.WhenConfirmed();
        return reading;
    }
}
