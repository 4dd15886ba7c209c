using System.Globalization;

namespace RedNote.Simulation.Mutants;

/// <summary>
/// The lists of variants as files. The seeds in them only save time. As the code changes, some of them stop finding
/// their variants, which every run then has to look for again, some in a thousand seeds.
/// </summary>
internal static class SeedLists
{
    private const string Name = "variant: ";
    private const string Seed = "seed: ";

    /// <summary>Writes for every variant the seed that finds it now; prints those that are new.</summary>
    public static void Renew()
    {
        var changed = new Dictionary<string, ulong>();
        foreach (var variant in Variants.All)
        {
            var find = Hunt.Search(variant);
            if (find?.Seed == variant.Seed) continue;
            if (find is not null) changed.Add(variant.Name, find.Seed);
            var now = find?.Seed.ToString(CultureInfo.InvariantCulture) ?? "none";
            Console.WriteLine($"{variant.Name}: {variant.Seed}, now {now}");
        }

        foreach (var list in Directory.GetFiles(Folder(), "*.txt"))
            File.WriteAllLines(list, With(File.ReadAllLines(list), changed));
    }

    private static IEnumerable<string> With(IEnumerable<string> lines, Dictionary<string, ulong> changed)
    {
        var name = "";
        foreach (var line in lines)
        {
            if (line.StartsWith(Name, StringComparison.Ordinal)) name = line[Name.Length..];
            yield return line.StartsWith(Seed, StringComparison.Ordinal) && changed.TryGetValue(name, out var seed)
                ? Seed + seed.ToString(CultureInfo.InvariantCulture)
                : line;
        }
    }

    private static string Folder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "RedNote.sln"))) folder = folder.Parent;
        return Path.Combine(
            folder?.FullName ?? throw new InvalidOperationException("No RedNote.sln above the program."), "tests",
            "Simulation.Mutants", "Variants");
    }
}
