namespace RedNote.Simulation.Mutants;

/// <summary>
/// The tests of the tests: what the simulation would not find is broken on purpose, and found. A variant that no seed
/// finds is a hole in a workload.
/// </summary>
public sealed class MutantTests(ITestOutputHelper output)
{
    /// <summary>Seeds that the product has to pass in this assembly as it does in its own.</summary>
    private const int HealthySeeds = 20;

    public static TheoryData<string> VariantNames => [.. Variants.All.Select(variant => variant.Name)];

    public static TheoryData<string> WorkloadNames => [.. WorkloadCatalog.All.Keys];

    [Theory]
    [MemberData(nameof(VariantNames))]
    public void Variant_WithinItsSeeds_IsFound(string name)
    {
        var variant = Variants.All.Single(one => one.Name == name);

        // What found it before is tried first, to save time; with the code it may have changed.
        var seeds = Hunt.Seeds(Hunt.MaxSeeds).Where(seed => seed != variant.Seed).Prepend(variant.Seed).ToList();
        var find = Hunt.Search(variant, seeds);
        Assert.True(find is not null, $"No seed of {variant.Workload} found '{name}'. {variant.Why}");
        output.WriteLine($"{name}: seed {find.Seed} of {variant.Workload}: {find.Violation}");
    }

    [Theory]
    [MemberData(nameof(WorkloadNames))]
    public void Product_WithoutASlip_Passes(string workload)
    {
        foreach (var seed in Hunt.Seeds(HealthySeeds))
            Assert.Null(Hunt.Run(null, workload, seed));
    }
}
