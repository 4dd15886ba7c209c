using System.Globalization;
using RedNote.Simulation;
using RedNote.Simulation.Mutants;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

// "--hunt 2000 [variant ...]" looks for each variant from seed 1 on, and writes the table of the README. The name of a
// workload stands for the product without a slip. "--seeds" writes the seeds that find the variants now
// into their lists.
if (args is ["--seeds"])
{
    SeedLists.Renew();
    return 0;
}

if (args is not ["--hunt", var most, .. var names])
{
    return args.Contains("--server") || args.Contains("--internal-msbuild-node")
        ? await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
        : await ConsoleRunner.Run(args);
}

var seeds = Hunt.Seeds(int.Parse(most, CultureInfo.InvariantCulture));
var healthy = WorkloadCatalog.All.Keys.Select(workload => new Variant(workload, workload, 1, "As it is."));
var hunted = names.Length == 0
    ? Variants.All
    : [.. Variants.All.Concat(healthy).Where(one => names.Contains(one.Name))];
foreach (var variant in hunted)
{
    var find = Hunt.Search(variant, seeds);
    Console.WriteLine(
        $"| {variant.Name} | {variant.Workload} | {find?.Seed.ToString(CultureInfo.InvariantCulture) ?? "none"} | "
            + $"{find?.Violation.Split('\n')[0]} |");
}

return 0;
