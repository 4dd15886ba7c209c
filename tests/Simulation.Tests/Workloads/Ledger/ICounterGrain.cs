using System.Collections.Immutable;

namespace RedNote.Simulation.Ledger;

/// <summary>
/// A purse on an event log: the smallest grain that uses everything the journal and the engine promise. Every command
/// has a key and takes place once; its answer comes when it is durable.
/// </summary>
[Alias("simulation.counter")]
public interface ICounterGrain : IGrainWithIntegerKey, IEffectSource
{
    /// <summary>Adds several amounts, all or none; the total after it.</summary>
    [Alias("add")]
    Task<long> Add(ImmutableArray<Amount> amounts);

    /// <summary>Owes an amount to another counter, which gets it once.</summary>
    [Alias("pay")]
    Task<long> Pay(string key, long to, int amount, TimeSpan wait);

    /// <summary>Takes what another counter owes.</summary>
    [Alias("take")]
    Task Take(string source, long version, string key, int amount);

    /// <summary>Rings once, when the clock on the wall shows that time (Unix ms) or later.</summary>
    [Alias("alarm")]
    Task<bool> Alarm(string key, long due);

    /// <summary>Blanks the note of an amount, in the log and in the table; false when it is not there.</summary>
    [Alias("erase")]
    Task<bool> Erase(string key, string erased);

    /// <summary>What is durable now.</summary>
    [Alias("read")]
    Task<CounterReading> Read();

    /// <summary>Versions and keys of stored events.</summary>
    [Alias("history")]
    Task<ImmutableArray<string>> History(long from, long to, int limit, Direction direction);

    /// <summary>Ends the activation.</summary>
    [Alias("leave")]
    Task Leave();
}

public enum Direction
{
    OldestFirst,
    NewestFirst,
}

[GenerateSerializer, Immutable, Alias("simulation.amount")]
public readonly record struct Amount(
    [property: Id(0)] string Key, [property: Id(1)] int Value, [property: Id(2)] string Note);

[GenerateSerializer, Immutable, Alias("simulation.counter-reading")]
public sealed record CounterReading(
    [property: Id(0)] long Version, [property: Id(1)] long Total, [property: Id(2)] ImmutableArray<string> Keys);

/// <summary>Told on a stream, once it is durable and in order of the versions.</summary>
/// <param name="Teller">The activation.</param>
/// <param name="Version">Of the log.</param>
/// <param name="Total">As of that version.</param>
[GenerateSerializer, Immutable, Alias("simulation.counter-news")]
public sealed record CounterNews(
    [property: Id(0)] string Teller, [property: Id(1)] long Version, [property: Id(2)] long Total);
