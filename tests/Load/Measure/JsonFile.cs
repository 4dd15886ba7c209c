using System.Text.Json;
using System.Text.Json.Serialization;

namespace RedNote.Load.Measure;

/// <summary>A run's results for other programs: which scenario, on what, asked for what, and what was seen.</summary>
public static class JsonFile
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>Writes them there; null: nowhere.</summary>
    public static async Task Write(string? file, string scenario, object options, object results, CancellationToken ct)
    {
        if (file is null)
        {
            return;
        }

        var document = new
        {
            scenario,
            machine = new { cores = Environment.ProcessorCount, pinned = Cores.CanPin },
            options,
            results,
        };
        await using var stream = File.Create(file);
        await JsonSerializer.SerializeAsync(stream, document, Json, ct);
    }
}
