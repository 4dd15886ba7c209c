using System.Text.Json;

namespace RedNote.Journal;

/// <summary>Replaces one event in the JSON array of a stored row.</summary>
public static class PayloadEdit
{
    /// <summary>
    /// The array with another element at <paramref name="index"/>; everything around it stays byte for byte, so that
    /// an event this version of the program does not know survives too. Throws <see cref="JsonException"/> when that
    /// is no array or has no such element.
    /// </summary>
    public static byte[] Replace(ReadOnlySpan<byte> payload, int index, ReadOnlySpan<byte> element)
    {
        var reader = new Utf8JsonReader(payload);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException("The payload is not a JSON array.");
        }

        for (var i = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; i++)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (i == index)
            {
                return [.. payload[..start], .. element, .. payload[(int)reader.BytesConsumed..]];
            }
        }

        throw new JsonException($"The payload has no element {index}.");
    }
}
