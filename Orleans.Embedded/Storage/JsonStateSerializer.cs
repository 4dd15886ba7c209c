using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;
using Orleans.Storage;

namespace RedNote.Embedded
{
    /// <summary>How the embedded engine's default serializer writes grain states.</summary>
    public sealed class GrainStateJsonOptions
    {
        /// <summary>
        /// The options used. Default: property names as declared, public fields included, null left out. Give it a
        /// <see cref="JsonSerializerOptions.TypeInfoResolver"/> to use source-generated contexts.
        /// </summary>
        public JsonSerializerOptions Json { get; set; } = new()
        {
            IncludeFields = true,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        };
    }
}

namespace RedNote.Embedded.Storage
{
    /// <summary>States as UTF-8 JSON, which can be read and migrated by hand.</summary>
    internal sealed class JsonStateSerializer(IOptions<GrainStateJsonOptions> options) : IGrainStorageSerializer
    {
        public BinaryData Serialize<T>(T? input)
            => new(JsonSerializer.SerializeToUtf8Bytes(input, options.Value.Json));

        public T? Deserialize<T>(BinaryData input)
            => JsonSerializer.Deserialize<T>(input.ToMemory().Span, options.Value.Json);
    }
}
