using Spectre.Console;

namespace RedNote.Load.Measure;

/// <summary>A figure that has to be at least, or at most, so much.</summary>
/// <param name="Figure">In words.</param>
/// <param name="Value">As measured.</param>
/// <param name="Bound">As promised.</param>
/// <param name="IsAtLeast">True: the least; false: the most.</param>
public sealed record Promise(string Figure, double Value, double Bound, bool IsAtLeast)
{
    /// <summary>A figure that could not be measured (not a number) breaks its promise.</summary>
    public bool IsKept => IsAtLeast ? Value >= Bound : Value <= Bound;

    public static Promise AtLeast(string figure, double value, double bound) => new(figure, value, bound, true);

    public static Promise AtMost(string figure, double value, double bound) => new(figure, value, bound, false);

    /// <summary>Prints what was promised, and answers the exit code: 1 when something of it is broken.</summary>
    public static int Judge(IReadOnlyCollection<Promise> promises)
    {
        foreach (var it in promises)
        {
            AnsiConsole.WriteLine(
                $"{(it.IsKept ? "kept" : "NOT KEPT")}: {it.Figure} {Figures.Number(it.Value, 2)}, promised "
                + $"{(it.IsAtLeast ? ">=" : "<=")} {Figures.Number(it.Bound, 2)}");
        }

        return promises.All(it => it.IsKept) ? 0 : 1;
    }
}
