using System.Diagnostics;
using RedNote.Load.Measure;

namespace RedNote.Load.Servers;

/// <summary>What a server, this program and all others have used of the processors up to a moment.</summary>
/// <param name="At">The moment, a timestamp.</param>
/// <param name="Server">Processor time of the server.</param>
/// <param name="Own">Of this program.</param>
/// <param name="Others">Of everybody else, outside the kernel.</param>
public readonly record struct Usage(long At, TimeSpan Server, TimeSpan Own, TimeSpan Others)
{
    public static Usage Take(ServerProcess server)
    {
        using var self = Process.GetCurrentProcess();
        var others = MachineLoad.UserTime() - server.UserCpu - self.UserProcessorTime;
        return new Usage(Stopwatch.GetTimestamp(), server.Cpu, self.TotalProcessorTime, others);
    }

    /// <summary>What was used from an earlier moment to this one.</summary>
    public Share Since(Usage earlier)
    {
        var wall = Stopwatch.GetElapsedTime(earlier.At, At);
        return new Share(
            wall, Server - earlier.Server, (Server - earlier.Server) / wall, (Own - earlier.Own) / wall,
            Math.Max(0, (Others - earlier.Others) / wall));
    }

    /// <summary>Shares of one core.</summary>
    /// <param name="Wall">How long it was.</param>
    /// <param name="ServerCpu">Processor time of the server.</param>
    /// <param name="Server">Its share.</param>
    /// <param name="Generator">This program's.</param>
    /// <param name="Others">Of everybody else.</param>
    public readonly record struct Share(
        TimeSpan Wall, TimeSpan ServerCpu, double Server, double Generator, double Others);
}
