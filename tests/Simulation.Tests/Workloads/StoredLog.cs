using System.Globalization;
using System.Text.Json;
using RedNote.Journal;

namespace RedNote.Simulation;

/// <summary>
/// A log as it is stored, read as plain JSON past the disk and the code that writes it. What was read once is not read
/// again: stored events never change.
/// </summary>
internal abstract class StoredLog(SimulatedWorld world, string log, long key)
{
    private readonly LogId _id = new(log, key.ToString(CultureInfo.InvariantCulture));

    /// <summary>The last version that is stored.</summary>
    public long Head { get; private set; }

    protected SimulatedWorld World => world;

    /// <summary>Reads what has come since the last time.</summary>
    public void Refresh()
    {
        // The store is in memory: its answers are there at once.
        if (world.Journal.ReadHeadAsync(_id, CancellationToken.None).GetAwaiter().GetResult() == Head) return;
        var rows = world.Journal.ReadAsync(_id, new VersionRange(Head + 1), int.MaxValue, CancellationToken.None)
            .GetAwaiter().GetResult();
        foreach (var row in rows)
        {
            world.Require(row.FirstVersion == Head + 1, $"{_id}: {row.FirstVersion} comes after {Head}.");
            using var events = JsonDocument.Parse(row.Payload);
            world.Require(events.RootElement.GetArrayLength() == row.Count, $"{_id}: row {row.FirstVersion} lies.");
            foreach (var stored in events.RootElement.EnumerateArray())
            {
                Head++;
                Take(Head, stored.GetProperty("kind").GetString()!, stored);
            }
        }

        Refreshed();
    }

    /// <summary>All that is stored was read.</summary>
    protected virtual void Refreshed()
    {
    }

    protected abstract void Take(long version, string kind, JsonElement stored);

    protected static UserId User(JsonElement stored, string name)
        => new(long.Parse(stored.GetProperty(name).GetString()!, CultureInfo.InvariantCulture));

    protected static string? Text(JsonElement stored, string name)
        => stored.TryGetProperty(name, out var text) ? text.GetString() : null;

    protected static long Number(JsonElement stored, string name) => stored.GetProperty(name).GetInt64();

    protected static long? OptionalNumber(JsonElement stored, string name)
        => stored.TryGetProperty(name, out var number) && number.ValueKind == JsonValueKind.Number
            ? number.GetInt64()
            : null;

    /// <summary>Ids are texts.</summary>
    protected static long Id(JsonElement stored, string name)
        => long.Parse(stored.GetProperty(name).GetString()!, CultureInfo.InvariantCulture);

    protected static bool Flag(JsonElement stored, string name)
        => stored.TryGetProperty(name, out var flag) && flag.ValueKind == JsonValueKind.True;

    protected static List<UserId> Users(JsonElement stored, string name)
        => !stored.TryGetProperty(name, out var users) || users.ValueKind != JsonValueKind.Array
            ? []
            : [.. users.EnumerateArray().Select(
                user => new UserId(long.Parse(user.GetString()!, CultureInfo.InvariantCulture)))];
}
