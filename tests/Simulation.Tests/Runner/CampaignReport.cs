using System.Globalization;
using RedNote.Embedded.Simulation;
using Spectre.Console;

namespace RedNote.Simulation.Runner;

/// <summary>The tables at the end.</summary>
internal static class CampaignReport
{
    /// <summary>From so many seeds on, every kind of fault must have happened.</summary>
    public const int SeedsForEveryFault = 1_000;

    public static void Write(IReadOnlyList<CampaignTally> tallies)
    {
        AnsiConsole.Write(Summary(tallies));
        AnsiConsole.Write(Faults(tallies));
    }

    /// <summary>Kinds of faults that should have happened and did not, a line each.</summary>
    public static IEnumerable<string> MissingFaults(IEnumerable<CampaignTally> tallies)
        => from tally in tallies
           where tally.Seeds >= SeedsForEveryFault
           from kind in Enum.GetValues<FaultKind>()
           where tally.Faults(kind) == 0 && (!WorkloadCatalog.OfFrontEnds.Contains(kind)
               || WorkloadCatalog.WithFrontEnds.Contains(tally.Workload))
           select $"{tally.Workload}: no {kind} in {tally.Seeds} seeds; every kind of fault has to happen.";

    private static Table Summary(IReadOnlyList<CampaignTally> tallies)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumn("workload");
        string[] columns =
        [
            "seeds", "commands/seed", "turns/seed", "crashes/seed", "faults/seed", "turns/s of a core", "time",
        ];
        foreach (var column in columns) table.AddColumn(new TableColumn(column).RightAligned());
        foreach (var tally in tallies)
        {
            table.AddRow(
                tally.Workload, Count(tally.Seeds), Mean(tally.Commands, tally), Mean(tally.Turns, tally),
                Mean(tally.Crashes, tally), Mean(tally.FaultCount, tally),
                Count((long)tally.TurnsPerCpuSecond),
                string.Create(CultureInfo.InvariantCulture, $"{tally.Elapsed.TotalSeconds:n1} s"));
        }

        return table;
    }

    private static Table Faults(IReadOnlyList<CampaignTally> tallies)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumn("fault");
        foreach (var tally in tallies) table.AddColumn(new TableColumn(tally.Workload).RightAligned());
        foreach (var kind in Enum.GetValues<FaultKind>())
            table.AddRow([kind.ToString(), .. tallies.Select(tally => Count(tally.Faults(kind)))]);
        return table;
    }

    private static string Mean(long sum, CampaignTally tally)
    {
        var mean = (double)sum / Math.Max(1, tally.Seeds);
        return mean.ToString(mean < 100 ? "n1" : "n0", CultureInfo.InvariantCulture);
    }

    private static string Count(long number) => number.ToString("n0", CultureInfo.InvariantCulture);
}
