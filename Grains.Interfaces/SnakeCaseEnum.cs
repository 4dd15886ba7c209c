using System.Text.Json;
using System.Text.Json.Serialization;

namespace RedNote;

/// <summary>Writes an enum as the contract does: lower_snake words; numbers are refused.</summary>
public sealed class SnakeCaseEnum<TEnum>() : JsonStringEnumConverter<TEnum>(
    JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) where TEnum : struct, Enum;
