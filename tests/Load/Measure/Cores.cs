using System.Runtime.InteropServices;

namespace RedNote.Load.Measure;

/// <summary>
/// Keeps the server and the generator apart, so that one's work is not measured as the other's. Needs two cores.
/// Children are pinned with <c>taskset</c> (util-linux): pinning a process from outside moves its first thread only.
/// </summary>
public static partial class Cores
{
    private const string Taskset = "/usr/bin/taskset";

    public static bool CanPin { get; } = Environment.ProcessorCount >= 2 && File.Exists(Taskset);

    /// <summary>Puts this thread, and the threads it starts from now on, on one core.</summary>
    public static void PinThisThread(int core)
    {
        if (!CanPin)
        {
            return;
        }

        Span<ulong> mask = stackalloc ulong[16];
        mask.Clear();
        mask[core / 64] = 1UL << (core % 64);
        if (SchedSetAffinity(0, (nuint)(mask.Length * sizeof(ulong)), ref MemoryMarshal.GetReference(mask)) != 0)
        {
            throw new LoadException($"This thread cannot be put on core {core} (--generator-core).");
        }
    }

    /// <summary>What to start so that the command runs on that core only; null: on any.</summary>
    public static (string File, string[] Arguments) Pinned(int? core, string file, params string[] arguments)
        => CanPin && core is { } one
            ? (Taskset, ["-c", one.ToString(System.Globalization.CultureInfo.InvariantCulture), file, .. arguments])
            : (file, arguments);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    private static partial int SchedSetAffinity(int thread, nuint bytes, ref ulong mask);
}
