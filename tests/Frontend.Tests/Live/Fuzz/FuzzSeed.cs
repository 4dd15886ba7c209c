using System.Globalization;

namespace RedNote.Frontend.Tests.Live.Fuzz;

/// <summary>Every run tries something else; what came to light can be tried again.</summary>
internal static class FuzzSeed
{
    private const string Variable = "REDNOTE_FUZZ_SEED";

    public static int Next()
        => int.TryParse(Environment.GetEnvironmentVariable(Variable), CultureInfo.InvariantCulture, out var seed)
            ? seed
            : Environment.TickCount;

    /// <summary>How to try the same again.</summary>
    public static string Again(int seed) => string.Create(CultureInfo.InvariantCulture, $"{Variable}={seed}");
}
