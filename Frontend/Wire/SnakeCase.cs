using System.Text.Json;

namespace RedNote.Frontend.Wire;

/// <summary>Names of enum values as the wire contract writes them.</summary>
internal static class SnakeCase
{
    public static string Of<TEnum>(TEnum value) where TEnum : struct, Enum
        => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
