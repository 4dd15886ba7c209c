using System.Text.Encodings.Web;
using System.Text.Json;
using Orleans.Storage;

namespace RedNote.Silo;

/// <summary>
/// Grain state as JSON in our own form on both engines: Orleans' default writes CLR type names and leaves private
/// members out, which would tie the database to class names.
/// </summary>
internal sealed class JsonStateSerializer : IGrainStorageSerializer
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };

    public BinaryData Serialize<T>(T? input) => new(JsonSerializer.SerializeToUtf8Bytes(input, Options));

    public T Deserialize<T>(BinaryData input)
        => input.ToMemory().IsEmpty ? default! : JsonSerializer.Deserialize<T>(input.ToMemory().Span, Options)!;
}
