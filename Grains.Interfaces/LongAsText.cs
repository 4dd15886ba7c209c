using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace RedNote;

/// <summary>Writes an id whose kind stands beside it as ids are written: a string holding a positive decimal
/// integer.</summary>
public sealed class LongAsText : JsonConverter<long>
{
    public override long Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        => reader.TokenType == JsonTokenType.String && EntityId.TryParse<AnyId>(reader.GetString(), out var id)
            ? id.Value
            : throw new JsonException("An id is a string that holds a positive decimal integer.");

    public override void Write(Utf8JsonWriter writer, long value, JsonSerializerOptions options)
        => writer.WriteStringValue(value.ToString(CultureInfo.InvariantCulture));

    /// <summary>An id of any kind, for the one rule of how ids are spelt.</summary>
    private readonly record struct AnyId(long Value) : IEntityId<AnyId>
    {
        public static AnyId From(long value) => new(value);
    }
}
