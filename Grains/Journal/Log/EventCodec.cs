using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace RedNote.Journal;

/// <summary>Events as JSON and back.</summary>
/// <param name="form">How the serializer does it.</param>
/// <param name="frequent">Writes some of them faster, and the same.</param>
internal sealed class EventCodec<TEvent>(JsonTypeInfo<TEvent> form, IFrequentEvents<TEvent>? frequent = null)
    where TEvent : class
{
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? _writer;

    /// <summary>A JSON array of events. Throws <see cref="ArgumentException"/> when one is too big.</summary>
    public ReadOnlyMemory<byte> Write(ReadOnlySpan<TEvent> events, int maxBytes)
    {
        var buffer = _buffer ??= new ArrayBufferWriter<byte>(1_024);
        buffer.ResetWrittenCount();
        var writer = _writer ??= new Utf8JsonWriter(
            buffer, new JsonWriterOptions { Encoder = form.Options.Encoder, SkipValidation = true });
        writer.Reset(buffer);
        writer.WriteStartArray();
        foreach (var item in events)
        {
            var before = writer.BytesCommitted + writer.BytesPending;
            if (frequent is null || !frequent.TryWrite(item, writer))
            {
                JsonSerializer.Serialize(writer, item, form);
            }

            var size = writer.BytesCommitted + writer.BytesPending - before;
            if (size > maxBytes)
            {
                throw new ArgumentException(
                    $"An event of kind {item.GetType().Name} takes {size} bytes; at most {maxBytes} can be stored.",
                    nameof(events));
            }
        }

        writer.WriteEndArray();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    public ReadOnlyMemory<byte> WriteOne(TEvent item) => JsonSerializer.SerializeToUtf8Bytes(item, form);

    public string WriteText(TEvent item) => JsonSerializer.Serialize(item, form);

    /// <summary>The events of a row. Throws <see cref="LogUnreadableException"/>, never leaves one out.</summary>
    public List<TEvent> Read(LogId id, JournalRow row)
    {
        var events = new List<TEvent>(row.Count);
        try
        {
            var reader = new Utf8JsonReader(row.Payload.Span);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
            {
                throw new JsonException("The payload is not a JSON array.");
            }

            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                events.Add(JsonSerializer.Deserialize(ref reader, form)
                    ?? throw new JsonException("An event is null."));
            }
        }
        catch (Exception error) when (error is JsonException or NotSupportedException)
        {
            throw new LogUnreadableException(
                $"Version {row.FirstVersion + events.Count} of log {id} cannot be read: {error.Message}", error);
        }

        return events.Count == row.Count ? events : throw new LogUnreadableException(
            $"Log {id} has {events.Count} events at version {row.FirstVersion}, where {row.Count} are said to be.");
    }
}
