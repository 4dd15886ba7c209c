namespace RedNote.Simulation.Mutants;

/// <summary>
/// The tests of the tests: what the simulation would not find is broken on purpose, and found. A variant that no seed
/// finds is a hole in a workload. Two classes share the variants, as tests of one class run one after the other.
/// </summary>
public abstract class MutantTests(ITestOutputHelper output)
{
    private protected static TheoryData<string> Share(int rest)
        => [.. Variants.All.Where((_, at) => at % 2 == rest).Select(variant => variant.Name)];

    private protected void IsFound(string name)
    {
        var variant = Variants.All.Single(one => one.Name == name);
        var find = Hunt.Search(variant);
        Assert.True(find is not null, $"No seed of {variant.Workload} found '{name}'. {variant.Why}");
        output.WriteLine($"{name}: seed {find.Seed} of {variant.Workload}: {find.Violation}");
    }
}

public sealed class EvenMutantTests(ITestOutputHelper output) : MutantTests(output)
{
    public static TheoryData<string> Names => Share(0);

    [Theory]
    [MemberData(nameof(Names))]
    public void Variant_WithinItsSeeds_IsFound(string name) => IsFound(name);
}

public sealed class OddMutantTests(ITestOutputHelper output) : MutantTests(output)
{
    public static TheoryData<string> Names => Share(1);

    [Theory]
    [MemberData(nameof(Names))]
    public void Variant_WithinItsSeeds_IsFound(string name) => IsFound(name);
}

public sealed class ProductTests
{
    /// <summary>Seeds that the product has to pass in this assembly as it does in its own.</summary>
    private const int HealthySeeds = 20;

    public static TheoryData<string> WorkloadNames => [.. WorkloadCatalog.All.Keys];

    [Theory]
    [MemberData(nameof(WorkloadNames))]
    public void Product_WithoutASlip_Passes(string workload)
    {
        foreach (var seed in Hunt.Seeds(HealthySeeds))
            Assert.Null(Hunt.Run(null, workload, seed));
    }
}
