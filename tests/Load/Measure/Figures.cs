using System.Globalization;

namespace RedNote.Load.Measure;

/// <summary>Numbers for reports.</summary>
public static class Figures
{
    public static string Number(double value, int decimals)
        => value.ToString("N" + decimals, CultureInfo.InvariantCulture);

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
