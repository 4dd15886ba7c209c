using System.Globalization;
using Spectre.Console;

namespace RedNote.Load.Measure;

/// <summary>Numbers for reports.</summary>
public static class Figures
{
    public static string Number(double value, int decimals)
        => value.ToString("N" + decimals, CultureInfo.InvariantCulture);

    /// <summary>A share as whole percents.</summary>
    public static string Percent(double share) => Number(share * 100, 0) + "%";

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /// <summary>Prints what is not as promised, and answers the exit code; null: that is.</summary>
    public static int Judge(params IEnumerable<string?> problems)
    {
        var all = problems.OfType<string>().ToList();
        all.ForEach(problem => AnsiConsole.WriteLine($"NOT RIGHT: {problem}"));
        return all.Count == 0 ? 0 : 1;
    }
}
