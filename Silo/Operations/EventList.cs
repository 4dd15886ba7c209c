using System.Text;
using System.Text.Json;
using RedNote.Journal;

namespace RedNote.Silo.Operations;

/// <summary>A stored event as it lies there, whatever this version of the program makes of it.</summary>
/// <param name="Version">Its place in the log.</param>
/// <param name="At">When it was raised, Unix ms.</param>
/// <param name="Json">Its own JSON, character for character.</param>
/// <param name="Kind">Its discriminator; null when it has none.</param>
internal sealed record StoredEvent(long Version, long At, string Json, string? Kind);

/// <summary>Takes the events out of a stored row.</summary>
internal static class EventList
{
    /// <summary>Throws <see cref="LogUnreadableException"/> when the row does not hold what it says.</summary>
    public static List<StoredEvent> Of(LogId id, JournalRow row)
    {
        try
        {
            using var array = JsonDocument.Parse(row.Payload);
            var events = new List<StoredEvent>(row.Count);
            foreach (var element in array.RootElement.EnumerateArray())
            {
                events.Add(new StoredEvent(
                    row.FirstVersion + events.Count, row.At, element.GetRawText(), KindOf(element)));
            }

            return events.Count == row.Count
                ? events
                : throw Unreadable(id, row, $"it says {row.Count} events and holds {events.Count}");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw Unreadable(id, row, "its payload is not a JSON array", error);
        }
    }

    /// <summary>The part of a row up to a version, and the rest of it; the version lies inside of the row.</summary>
    public static (JournalRow Head, JournalRow Tail) Cut(LogId id, JournalRow row, long version)
    {
        var events = Of(id, row);
        var first = (int)(version - row.FirstVersion + 1);
        return (Row(events[..first]), Row(events[first..]));

        JournalRow Row(List<StoredEvent> part) => new(
            part[0].Version,
            part.Count,
            row.At,
            Encoding.UTF8.GetBytes($"[{string.Join(',', part.Select(e => e.Json))}]"));
    }

    private static string? KindOf(JsonElement element)
        => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(JournalJson.Kind, out var kind)
            && kind.ValueKind == JsonValueKind.String
            ? kind.GetString()
            : null;

    private static LogUnreadableException Unreadable(LogId id, JournalRow row, string why, Exception? error = null)
        => new($"{id}, row of versions {row.FirstVersion} to {row.LastVersion}: {why}.", error);
}
