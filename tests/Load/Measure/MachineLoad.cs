using System.Globalization;

namespace RedNote.Load.Measure;

/// <summary>What all programs on the machine used together, to tell how much was not ours.</summary>
public static class MachineLoad
{
    private const double TicksPerSecond = 100;

    /// <summary>Processor time in user mode since the start, over all cores; from <c>/proc/stat</c>.</summary>
    public static TimeSpan UserTime()
    {
        using var stat = new StreamReader("/proc/stat");
        var fields = stat.ReadLine()!.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var ticks = fields.AsSpan(1, 2) is [var user, var nice] ? Parse(user) + Parse(nice) : 0;
        return TimeSpan.FromSeconds(ticks / TicksPerSecond);
    }

    private static long Parse(string field) => long.Parse(field, CultureInfo.InvariantCulture);
}
