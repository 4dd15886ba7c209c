using Spectre.Console;

namespace RedNote.Load.Measure;

/// <summary>Columns of result tables.</summary>
internal static class Columns
{
    /// <summary>Adds columns of figures: flush right, never broken.</summary>
    public static Table AddFigures(this Table table, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            table.AddColumn(new TableColumn(name).RightAligned().NoWrap());
        }

        return table;
    }
}
