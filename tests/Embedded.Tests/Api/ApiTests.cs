using System.Collections.Immutable;
using System.Reflection;

namespace RedNote.Embedded.Tests.Api;

/// <summary>
/// Everything public outside namespace RedNote has to be Orleans' own: compared with the assemblies that the registry
/// has, and with kept facts for those that it lacks.
/// </summary>
public sealed class ApiTests
{
    private const string PartialInterfaces = "partial-interfaces.txt";

    private static readonly ImmutableSortedDictionary<string, TypeFacts> Ours =
        AssemblyFacts.Read(typeof(Grain).Assembly.Location)
            .Where(type => !type.Key.StartsWith("RedNote.", StringComparison.Ordinal))
            .ToImmutableSortedDictionary(StringComparer.Ordinal);

    private static readonly ImmutableHashSet<string> MayBePartial =
        [.. FactFile.Statements(File.ReadLines(Path.Combine(FactFolder, PartialInterfaces)))];

    private static string FactFolder => Path.Combine(AppContext.BaseDirectory, "Api", "facts");

    public static TheoryData<string> RealAssemblies
        => [.. RealAssemblyPaths.Keys.Order(StringComparer.Ordinal)];

    public static TheoryData<string> FactFiles
        => [.. FactPaths.Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    private static IEnumerable<string> FactPaths
        => Directory.EnumerateFiles(FactFolder, "*.txt").Where(path => Path.GetFileName(path) != PartialInterfaces);

    /// <summary>Where the build found the packages; it says so in attributes of this assembly.</summary>
    private static Dictionary<string, string> RealAssemblyPaths
        => typeof(ApiTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Where(a => a.Key.StartsWith("RealOrleans:", StringComparison.Ordinal))
            .ToDictionary(a => a.Key.Split(':')[1], a => a.Value!, StringComparer.Ordinal);

    [Theory]
    [MemberData(nameof(RealAssemblies))]
    public void PublicType_OfAnAssemblyTheRegistryHas_AgreesWithItsMetadata(string assembly)
        => AssertSame(AssemblyFacts.Read(RealAssemblyPaths[assembly]));

    [Theory]
    [MemberData(nameof(FactFiles))]
    public void PublicType_OfAnAbsentAssembly_AgreesWithTheFacts(string assembly)
        => AssertSame(FactFile.Read(Path.Combine(FactFolder, assembly + ".txt")));

    [Fact]
    public void PublicType_WithoutASource_IsNotAllowed()
    {
        var known = RealAssemblyPaths.Values.Select(AssemblyFacts.Read)
            .Concat(FactPaths.Select(FactFile.Read))
            .SelectMany(types => types.Keys)
            .ToHashSet(StringComparer.Ordinal);

        Assert.DoesNotContain(Ours.Keys, type => !known.Contains(type));
        Assert.NotEmpty(Ours);
    }

    [Fact]
    public void Facts_OfATypeThatIsNotThere_AreNotKept()
    {
        var kept = FactPaths.Select(FactFile.Read).SelectMany(types => types.Keys).Concat(MayBePartial);

        Assert.DoesNotContain(kept, type => !Ours.ContainsKey(type));
    }

    private static void AssertSame(ImmutableSortedDictionary<string, TypeFacts> real)
    {
        var differences = Ours.Values
            .Where(type => real.ContainsKey(type.Name))
            .SelectMany(type => ApiComparison.Differences(type, real[type.Name], MayBePartial.Contains(type.Name)))
            .ToArray();

        Assert.True(differences.Length == 0, string.Join(Environment.NewLine, differences));
    }
}
