// These do on purpose what nothing in a simulation may do.
#pragma warning disable RS0030

using System.Diagnostics;
using System.Security.Cryptography;

namespace RedNote.Simulation.Tests;

/// <summary>What no run can catch, and the search of the compiled code has to find. Nobody calls it.</summary>
internal static class CulpritReads
{
    public static IEnumerable<object> ReadClocks()
    {
        yield return DateTime.UtcNow;
        yield return DateTime.Now;
        yield return DateTimeOffset.UtcNow;
        yield return Stopwatch.GetTimestamp();
        yield return Environment.TickCount64;
        yield return TimeProvider.System;
    }

    public static IEnumerable<object> DrawChance()
    {
        yield return Guid.NewGuid();
        yield return Guid.CreateVersion7();
        yield return Random.Shared.Next();
        yield return new Random().Next();
        yield return RandomNumberGenerator.GetInt32(6);
        yield return Parallel.For(0, 1, _ => { });
    }
}
