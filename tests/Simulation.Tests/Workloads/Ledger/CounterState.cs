using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;
using Microsoft.Extensions.DependencyInjection;
using RedNote.Journal;

namespace RedNote.Simulation.Ledger;

[JsonPolymorphic(
    TypeDiscriminatorPropertyName = JournalJson.Kind,
    UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(Added), "counter.added")]
[JsonDerivedType(typeof(Paid), "counter.paid")]
[JsonDerivedType(typeof(Received), "counter.received")]
[JsonDerivedType(typeof(AlarmSet), "counter.alarm_set")]
[JsonDerivedType(typeof(Rang), "counter.rang")]
[JsonDerivedType(typeof(Erased), "counter.erased")]
public abstract record CounterEvent(string Key);

public sealed record Added(string Key, int Amount, string Note) : CounterEvent(Key);

public sealed record Paid(string Key, long To, int Amount) : CounterEvent(Key);

public sealed record Received(string Key, string Source, long Version, int Amount) : CounterEvent(Key);

public sealed record AlarmSet(string Key, long Due) : CounterEvent(Key);

public sealed record Rang(string Key, long At) : CounterEvent(Key);

public sealed record Erased(string Key, string Of, long Version) : CounterEvent(Key);

public sealed record CounterDocument(
    long Version,
    long Total,
    ImmutableSortedDictionary<string, long> Keys,
    ImmutableSortedDictionary<string, long> Alarms,
    ImmutableArray<SeenEffect> Seen);

[JsonSerializable(typeof(CounterEvent))]
[JsonSerializable(typeof(CounterDocument))]
internal sealed partial class CounterJson : JsonSerializerContext
{
    public static CounterJson Journal { get; } = new(JournalJson.CreateOptions());
}

public sealed class CounterState : IEventState<CounterEvent>
{
    public long Version { get; private set; }

    public long Total { get; set; }

    /// <summary>Every key that took place, with the version of its event.</summary>
    public SortedDictionary<string, long> Keys { get; init; } = new(StringComparer.Ordinal);

    /// <summary>Alarms that have not rung, with their time.</summary>
    public SortedDictionary<string, long> Alarms { get; init; } = new(StringComparer.Ordinal);

    public SeenEffects Seen { get; init; } = new();

    public static CounterState From(CounterDocument document) => new()
    {
        Total = document.Total,
        Keys = new SortedDictionary<string, long>(
            document.Keys.ToDictionary(StringComparer.Ordinal), StringComparer.Ordinal),
        Alarms = new SortedDictionary<string, long>(
            document.Alarms.ToDictionary(StringComparer.Ordinal), StringComparer.Ordinal),
        Seen = SeenEffects.From(document.Seen),
        Version = document.Version,
    };

    public CounterDocument ToDocument() => new(
        Version,
        Total,
        Keys.ToImmutableSortedDictionary(StringComparer.Ordinal),
        Alarms.ToImmutableSortedDictionary(StringComparer.Ordinal),
        Seen.ToDocument());

    public void Apply(CounterEvent raised)
    {
        Version++;
        Keys[raised.Key] = Version;
        switch (raised)
        {
            case Added added:
                Total += added.Amount;
                break;
            case Paid paid:
                Total -= paid.Amount;
                break;
            case Received received:
                Total += received.Amount;
                Seen.Note(received.Source, received.Version);
                break;
            case AlarmSet set:
                Alarms[set.Key] = set.Due;
                break;
            case Rang rang:
                Alarms.Remove(rang.Key[..^CounterLog.RangSuffix.Length]);
                break;
        }
    }
}

/// <summary>A row per key, with its note.</summary>
public sealed class CounterRows : IProjection<CounterEvent>
{
    public static ProjectionTable Rows { get; } = new(
        "counter_keys",
        1,
        [
            new("version", ProjectionType.Integer), new("key", ProjectionType.Text), new("note", ProjectionType.Text),
        ]);

    public ProjectionTable Table => Rows;

    public IEnumerable<ProjectionChange> Project(long version, long at, CounterEvent raised)
    {
        yield return new UpsertRow(Rows, [version, raised.Key, (raised as Added)?.Note ?? ""]);
        if (raised is Erased erased) yield return new UpsertRow(Rows, [erased.Version, erased.Of, ""]);
    }
}

/// <summary>The log of counters.</summary>
public static class CounterLog
{
    public const string Name = "counter";

    /// <summary>Follows the key of an alarm in the key of its ringing.</summary>
    public const string RangSuffix = ".rang";

    public static void AddTo(IServiceCollection services)
        => services.AddEventLog(_ => new EventLogDefinition<CounterState, CounterEvent>
        {
            Name = Name,
            Create = () => new CounterState(),
            Event = CounterJson.Journal.CounterEvent,
            Snapshot = new SnapshotForm<CounterState, CounterDocument>(
                CounterJson.Journal.CounterDocument, state => state.ToDocument(), CounterState.From),
            Projections = [new CounterRows()],
            Effects = raised => raised is Paid paid
                ? [new EffectDraft(paid.To.ToString(CultureInfo.InvariantCulture), $"{paid.Amount} {paid.Key}")]
                : [],
            Wake = (grains, key) => grains
                .GetGrain<ICounterGrain>(long.Parse(key, CultureInfo.InvariantCulture)).DeliverEffects(),
        });
}
