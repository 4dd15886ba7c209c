using System.Numerics;

namespace RedNote.Embedded.Simulation;

/// <summary>
/// The one source of chance in a simulation: the same seed gives the same numbers in every process and on every
/// version of .NET. SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
/// </summary>
public sealed class SimulationRandom
{
    private readonly ulong _seed;
    private ulong _state;

    public SimulationRandom(ulong seed) => _seed = _state = seed;

    /// <summary>A source of its own for one purpose, so that what one part draws does not shift what others get.
    /// </summary>
    public SimulationRandom Fork(string purpose) => new(Mix(_seed ^ StableHash.Of(purpose)));

    public ulong Next() => Mix(_state += 0x9E3779B97F4A7C15);

    /// <summary>A number from 0 to <paramref name="below"/> - 1.</summary>
    public int Next(int below)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(below);
        return (int)Math.BigMul(Next(), (ulong)below, out _);
    }

    /// <summary>A number from 0 to less than 1.</summary>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>True once in 1 / <paramref name="probability"/> times.</summary>
    public bool Chance(double probability) => probability > 0 && NextDouble() < probability;

    /// <summary>A time between two, short ones much more often than long ones.</summary>
    public TimeSpan Delay(TimeSpan shortest, TimeSpan longest)
    {
        var part = NextDouble();
        return shortest + ((longest - shortest) * (part * part * part));
    }

    /// <summary>A time between two, all equally often.</summary>
    public TimeSpan Between(TimeSpan shortest, TimeSpan longest) => shortest + ((longest - shortest) * NextDouble());

    public T Pick<T>(IReadOnlyList<T> items) => items[Next(items.Count)];

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}

/// <summary>Hashes that are the same in every process, unlike those of strings in .NET (FNV-1a, 64 bits).</summary>
public static class StableHash
{
    private const ulong Prime = 1099511628211;

    public static ulong Start => 14695981039346656037;

    public static ulong Of(string text) => Add(Start, text);

    public static ulong Add(ulong hash, string text)
    {
        foreach (var character in text) hash = (hash ^ character) * Prime;
        return hash;
    }

    public static ulong Add(ulong hash, ulong value) => BitOperations.RotateLeft((hash ^ value) * Prime, 29);
}
