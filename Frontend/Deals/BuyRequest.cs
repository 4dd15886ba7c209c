using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace RedNote.Frontend.Deals;

/// <summary>What a client sends to buy; who buys, and at what price, is never taken from here.</summary>
/// <param name="Quantity">Pieces, 1 to 1,000.</param>
/// <param name="Key">1 to 64 of <c>A-Z a-z 0-9 _ -</c>, kept for ever.</param>
public sealed record BuyRequest([property: JsonConverter(typeof(QuantityJsonConverter))] int Quantity, string? Key);

/// <summary>Reads whatever a client calls a quantity; what is none is 0, so that it is refused like any other wrong
/// quantity: by an answer, not by an error.</summary>
internal sealed class QuantityJsonConverter : JsonConverter<int>
{
    public override bool HandleNull => true;

    public override int Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var quantity))
        {
            return quantity;
        }

        reader.Skip();
        return 0;
    }

    public override void Write(Utf8JsonWriter writer, int value, JsonSerializerOptions options)
        => writer.WriteNumberValue(value);
}

/// <summary>How others are told of a buyer.</summary>
internal static class BuyerName
{
    /// <summary>The first characters of the name, at most three and at most half of them, but one at least, and then
    /// three stars.</summary>
    public static string Mask(string name)
    {
        var characters = new StringInfo(name);
        var shown = Math.Clamp(characters.LengthInTextElements / 2, 1, 3);
        return characters.SubstringByTextElements(0, Math.Min(shown, characters.LengthInTextElements)) + "***";
    }
}
