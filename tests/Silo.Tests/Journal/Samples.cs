using System.Text;
using RedNote.Journal;

namespace RedNote.Silo.Tests.Journal;

/// <summary>Appends for tests.</summary>
internal static class Samples
{
    /// <summary>Events as the facet would hand them over: an array without spaces.</summary>
    public static JournalAppend Events(LogId id, long first, params string[] texts)
        => Raw(id, first, texts.Length, $"[{string.Join(',', texts.Select(Event))}]");

    public static string Event(string text)
        => $$"""{"kind":"said","text":"{{text}}"}""";

    public static JournalAppend Raw(LogId id, long first, int count, string payload) => new()
    {
        Id = id,
        FirstVersion = first,
        Count = count,
        At = 1_000 + first,
        Payload = Encoding.UTF8.GetBytes(payload),
    };

    public static JournalAppend OnlyChanges(LogId id, params ProjectionChange[] changes)
        => new() { Id = id, Changes = changes };

    public static string Text(JournalRow row) => Encoding.UTF8.GetString(row.Payload.Span);
}
