using System.Text;
using System.Text.Json;

namespace RedNote.Silo.Operations;

/// <summary>A draw as it is published, with ids as the texts they are there.</summary>
internal sealed record PublishedDraw(
    int Winners, int Entrants, string Commitment, string EntrantsHash, string Seed, IReadOnlyList<string> WinnerIds)
{
    /// <summary>Reads the JSON of a draw. Throws <see cref="OperationException"/> when it is not the one of a draw that
    /// is decided.</summary>
    public static PublishedDraw Read(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var draw = document.RootElement;
            if (draw.ValueKind != JsonValueKind.Object || !draw.TryGetProperty("seed", out var seed))
            {
                throw new OperationException("This draw has no seed: it is not decided yet.");
            }

            return new PublishedDraw(
                draw.GetProperty("winners").GetInt32(),
                draw.GetProperty("entrants").GetInt32(),
                draw.GetProperty("commitment").GetString()!,
                draw.GetProperty("entrantsHash").GetString()!,
                seed.GetString()!,
                [.. draw.GetProperty("winnerIds").EnumerateArray().Select(id => id.GetString()!)]);
        }
        catch (Exception error)
            when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new OperationException($"This is not the JSON of a published draw: {error.Message}", error);
        }
    }

    /// <summary>
    /// Reads the entrant list: pages as they are answered, one behind the other, or their items; or one id on each
    /// line.
    /// </summary>
    public static List<string> ReadEntrants(string text)
    {
        var ids = new List<string>();
        if (text.AsSpan().TrimStart() is not ['{' or '[' or '"', ..])
        {
            ids.AddRange(text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
            return ids;
        }

        try
        {
            var reader = new Utf8JsonReader(
                Encoding.UTF8.GetBytes(text), new JsonReaderOptions { AllowMultipleValues = true });
            while (reader.Read())
            {
                using var value = JsonDocument.ParseValue(ref reader);
                Collect(value.RootElement, ids);
            }

            return ids;
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new OperationException($"This is not an entrant list: {error.Message}", error);
        }
    }

    private static void Collect(JsonElement value, List<string> ids)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                {
                    Collect(item, ids);
                }

                break;
            case JsonValueKind.Object:
                Collect(value.GetProperty("items"), ids);
                break;
            default:
                ids.Add(value.GetString()!);
                break;
        }
    }
}
