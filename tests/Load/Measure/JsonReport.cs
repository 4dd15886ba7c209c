using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace RedNote.Load.Measure;

/// <summary>The figures of a scenario in a file, in one form for all of them. What a scenario has not is left out.
/// </summary>
/// <param name="Scenario">Its name.</param>
/// <param name="Options">What was asked for.</param>
public sealed record JsonReport(string Scenario, object Options)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,

        // A ratio to nothing is not a number, and a report says so instead of failing when all is measured.
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,

        // Nobody puts the file into a web page; quotes and signs stay readable.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>When it was written.</summary>
    public DateTimeOffset At { get; init; } = TimeProvider.System.GetUtcNow();

    public MachineSize Machine { get; init; } = MachineSize.Here;

    /// <summary>Every run, in the order in which they were measured.</summary>
    public object? Runs { get; init; }

    /// <summary>What the runs come to.</summary>
    public object? Medians { get; init; }

    /// <summary>Ours compared with others.</summary>
    public object? Ratios { get; init; }

    /// <summary>What is promised, and whether it holds.</summary>
    public IReadOnlyCollection<Promise>? Promises { get; init; }

    /// <summary>What kept figures from being better.</summary>
    public IReadOnlyCollection<string>? Limits { get; init; }

    /// <summary>What was not right.</summary>
    public IReadOnlyCollection<string>? Problems { get; init; }

    /// <summary>Writes the file; null: nothing was asked for.</summary>
    public async Task Write(string? file, CancellationToken ct)
    {
        if (file is null)
        {
            return;
        }

        try
        {
            await using var stream = File.Create(file);
            await JsonSerializer.SerializeAsync(stream, this, Json, ct);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LoadException($"The results could not be written to {file}: {e.Message}", e);
        }
    }
}

/// <summary>What the figures were measured on.</summary>
/// <param name="Cores">That this program sees.</param>
/// <param name="MemoryMiB">That it may use.</param>
/// <param name="Architecture">Of the processor.</param>
/// <param name="System">The operating system.</param>
/// <param name="Runtime">Of .NET.</param>
public sealed record MachineSize(int Cores, long MemoryMiB, string Architecture, string System, string Runtime)
{
    public static MachineSize Here { get; } = new(
        Environment.ProcessorCount, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 20,
        RuntimeInformation.ProcessArchitecture.ToString(), RuntimeInformation.OSDescription,
        RuntimeInformation.FrameworkDescription);
}
