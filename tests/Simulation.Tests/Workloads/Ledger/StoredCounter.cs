using System.Text.Json;
using RedNote.Journal;

namespace RedNote.Simulation.Ledger;

/// <summary>
/// What is stored of a counter, read as JSON and added up once more, without a line of the grain's own code.
/// </summary>
internal sealed class StoredCounter
{
    public required long Counter { get; init; }

    /// <summary>Stored events, by version from 1.</summary>
    public List<StoredEvent> Events { get; } = [];

    /// <summary>Totals after each version; the first is that before any.</summary>
    public List<long> Totals { get; } = [0];

    public Dictionary<string, StoredEvent> ByKey { get; } = new(StringComparer.Ordinal);

    public long Head => Events.Count;

    public static StoredCounter Read(SimulatedWorld world, long counter)
    {
        var stored = new StoredCounter { Counter = counter };
        var rows = world.Journal.ReadAsync(
            new LogId(CounterLog.Name, $"{counter}"), new VersionRange(1), int.MaxValue, default).Result;
        foreach (var row in rows)
        {
            world.Require(
                row.FirstVersion == stored.Head + 1,
                $"Counter {counter} goes on with version {row.FirstVersion} after {stored.Head}.");
            using var events = JsonDocument.Parse(row.Payload);
            world.Require(
                events.RootElement.GetArrayLength() == row.Count,
                $"Counter {counter}: the row of version {row.FirstVersion} does not hold what it says.");
            foreach (var element in events.RootElement.EnumerateArray()) stored.Add(world, element, row.At);
        }

        return stored;
    }

    public static long ReadHead(SimulatedWorld world, long counter)
        => world.Journal.ReadHeadAsync(new LogId(CounterLog.Name, $"{counter}"), default).Result;

    private void Add(SimulatedWorld world, JsonElement element, long at)
    {
        var kind = element.GetProperty(JournalJson.Kind).GetString()!;
        var key = element.GetProperty("key").GetString()!;
        var stored = new StoredEvent(
            Head + 1, kind, key, at,
            Amount: Number(element, "amount"),
            Number: Number(element, "due") + Number(element, "at") + Number(element, "to") + Number(element, "version"),
            Text: Text(element, "note") + Text(element, "source") + Text(element, "of"));
        world.Require(ByKey.TryAdd(key, stored), $"Counter {Counter} took {key} twice: {ByKey[key]} and {stored}.");
        Events.Add(stored);
        var sign = kind switch { "counter.added" or "counter.received" => 1, "counter.paid" => -1, _ => 0 };
        Totals.Add(Totals[^1] + (sign * stored.Amount));
    }

    private static long Number(JsonElement element, string name)
        => element.TryGetProperty(name, out var value) ? value.GetInt64() : 0;

    private static string Text(JsonElement element, string name)
        => element.TryGetProperty(name, out var value) ? value.GetString()! : "";
}

/// <summary>A stored event. Number: the due time, the time of ringing, whom it is paid to, or the version of the
/// source; text: the note, the source, or what is erased.</summary>
internal sealed record StoredEvent(
    long Version, string Kind, string Key, long At, long Amount, long Number, string Text);
