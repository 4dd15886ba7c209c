using System.Globalization;

namespace RedNote.Load.Measure;

/// <summary>How many files and sockets a process may have open here.</summary>
public static class FileLimit
{
    /// <summary>Besides the connections: libraries, the database, pipes.</summary>
    private const int Besides = 300;

    /// <summary>What this process, and the servers that it starts, may have; .NET raises the soft limit to the hard
    /// one when a process begins.</summary>
    public static long Here { get; } = Read(File.ReadLines("/proc/self/limits"));

    /// <summary>Refuses more connections than there can be.</summary>
    public static void Check(string option, int connections)
    {
        if (connections + Besides > Here)
        {
            throw new LoadException(
                $"--{option}: {connections} connections need as many files, and a process may have {Here} here "
                + "(ulimit -Hn).");
        }
    }

    /// <summary>The soft limit in the text of <c>/proc/PID/limits</c>.</summary>
    public static long Read(IEnumerable<string> limits)
    {
        const string name = "Max open files";
        var line = limits.FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
        var soft = line?[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
        return soft == "unlimited" ? long.MaxValue
            : long.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit
            : throw new LoadException("The limit of open files is not known here: /proc/self/limits.");
    }
}
