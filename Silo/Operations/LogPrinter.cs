using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using RedNote.Journal;

namespace RedNote.Silo.Operations;

/// <summary>Writes stored events out: for reading, or as lines of JSON.</summary>
internal sealed class LogPrinter(JournalDatabase database, LogKinds kinds, TextWriter output)
{
    /// <summary>
    /// Prints events one per line: version, time, kind, JSON. Answers the version to go on with; null: that was all.
    /// </summary>
    public async Task<long?> Show(LogId id, VersionRange range, long limit, CancellationToken ct)
    {
        await using var view = await JournalView.Open(database, ct);
        await RequireLog(view, id, ct);
        var left = limit;
        await foreach (var stored in ReadEvents(view, id, range, ct))
        {
            if (left-- == 0)
            {
                return stored.Version;
            }

            await output.WriteLineAsync(
                $"{stored.Version,8}  {Time(stored.At)}  {stored.Kind ?? "?",-24}  {stored.Json}");
        }

        return null;
    }

    /// <summary>Prints every event of a log, or of all logs, as a JSON object per line, and answers how many.</summary>
    public async Task<long> Export(LogId? one, VersionRange range, CancellationToken ct)
    {
        await using var view = await JournalView.Open(database, ct);
        if (one is { } asked)
        {
            await RequireLog(view, asked, ct);
        }

        var count = 0L;
        foreach (var id in one is { } log ? [log] : await view.ReadLogs(ct).ToListAsync(ct))
        {
            var head = $"{{\"log\":{Quoted(id.Log)},\"grain\":{Quoted(id.Key)},\"version\":";
            await foreach (var stored in ReadEvents(view, id, range, ct))
            {
                // Indented by hand, perhaps; on one line it is the same JSON.
                var json = stored.Json.ReplaceLineEndings(" ");
                await output.WriteLineAsync($"{head}{stored.Version},\"at\":{stored.At},\"event\":{json}}}");
                count++;
            }
        }

        return count;
    }

    private static async IAsyncEnumerable<StoredEvent> ReadEvents(
        JournalView view,
        LogId id,
        VersionRange range,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var row in view.ReadRows(id, range, ct))
        {
            var events = EventList.Of(id, row);
            if (range.NewestFirst)
            {
                events.Reverse();
            }

            foreach (var stored in events.Where(e => e.Version >= range.From && e.Version <= range.To))
            {
                yield return stored;
            }
        }
    }

    private async Task RequireLog(JournalView view, LogId id, CancellationToken ct)
    {
        if ((await view.ReadBounds(id, ct)).Last > 0)
        {
            return;
        }

        var isKind = kinds.Find(id.Log) is not null;
        throw new OperationException(isKind
            ? $"There is no log {id} in {database.Place}."
            : $"There is no log {id} in {database.Place}; logs are called {string.Join(", ", kinds.Names)}.");
    }

    private static string Time(long at) => DateTimeOffset.FromUnixTimeMilliseconds(at)
        .ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static string Quoted(string text) => JsonSerializer.Serialize(text, TextJson.Default.String);
}

/// <summary>A text as JSON.</summary>
[JsonSerializable(typeof(string))]
internal sealed partial class TextJson : JsonSerializerContext;
