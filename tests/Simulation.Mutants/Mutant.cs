namespace RedNote.Simulation.Mutants;

/// <summary>Which slip the product code of this assembly makes on this thread; a simulated run stays on one thread.
/// </summary>
public static class Mutant
{
    [ThreadStatic]
    private static string? _current;

    /// <summary>Asked by patched code. No slip is made unless it was named.</summary>
    public static bool Is(string name) => _current is { } current && current == name;

    /// <summary>Runs code with a slip; null: with none, as the product is.</summary>
    public static T With<T>(string? name, Func<T> run)
    {
        _current = name;
        try
        {
            return run();
        }
        finally
        {
            _current = null;
        }
    }
}

/// <summary>A broken variant of the product's code; the lists in the folder Variants have them all.</summary>
/// <param name="Name">What patched code asks for.</param>
/// <param name="Workload">The workload that has to find it.</param>
/// <param name="Seed">A seed that found it, tried first; the others follow if it no longer does.</param>
/// <param name="Why">The slip, and what comes of it.</param>
public sealed record Variant(string Name, string Workload, ulong Seed, string Why);
