namespace RedNote.Embedded.Tests.Api;

/// <summary>The comparison has to notice what it is there for.</summary>
public sealed class ApiComparisonTests
{
    private const string Real = """
        # A made-up type of each kind.
        X.IUsed | kind interface
        X.IUsed | implements X.IBase
        X.IUsed | method Do(int count = 1) : string
        X.IUsed | method virtual Optional() : void
        X.Base | kind abstract class
        X.Base | constructor protected ()
        X.Base | method abstract Must() : void
        X.Base | method virtual May() : void
        X.Mark | kind sealed class
        X.Mark | base System.Attribute
        X.Mark | usage Method, multiple False, inherited True
        X.Choice | kind enum
        X.Choice | value One = 1
        X.Call | kind delegate
        X.Call | method virtual Invoke(int x) : void
        """;

    [Theory]
    [InlineData("X.IUsed", "method Do(int count = 1) : string", "method Do(int amount = 1) : string", 2)]
    [InlineData("X.IUsed", "method Do(int count = 1) : string", "method Do(int count) : string", 2)]
    [InlineData("X.IUsed", "method Do(int count = 1) : string", null, 1)]
    [InlineData("X.IUsed", "implements X.IBase", null, 1)]
    [InlineData("X.IUsed", "method virtual Optional() : void", null, 0)]
    [InlineData("X.IUsed", null, "method Ours() : void", 1)]
    [InlineData("X.Base", "kind abstract class", "kind class", 2)]
    [InlineData("X.Base", "method abstract Must() : void", null, 1)]
    [InlineData("X.Base", "method virtual May() : void", null, 0)]
    [InlineData("X.Base", "constructor protected ()", "constructor ()", 1)]
    [InlineData("X.Mark", "usage Method, multiple False, inherited True", null, 1)]
    [InlineData("X.Mark", "base System.Attribute", "base X.Base", 2)]
    [InlineData("X.Choice", "value One = 1", "value One = 2", 1)]
    [InlineData("X.Call", "method virtual Invoke(int x) : void", "method virtual Invoke(long x) : void", 2)]
    public void Differences_OfOneChange_AreReported(string type, string? removed, string? added, int expected)
    {
        var real = FactFile.Parse(Real.Split('\n'))[type];
        var lines = removed is null ? real.Lines : real.Lines.Remove(removed);
        var ours = real with { Lines = added is null ? lines : lines.Add(added) };

        Assert.Equal(expected, ApiComparison.Differences(ours, real, mayBePartial: false).Length);
    }

    [Fact]
    public void Differences_InterfaceOfTheEngine_MayLackMembersButAddNone()
    {
        var real = FactFile.Parse(Real.Split('\n'))["X.IUsed"];
        var lacking = real with { Lines = ["kind interface"] };
        var adding = real with { Lines = ["kind interface", "method Ours() : void"] };

        Assert.Empty(ApiComparison.Differences(lacking, real, mayBePartial: true));
        Assert.Single(ApiComparison.Differences(adding, real, mayBePartial: true));
    }

    [Fact]
    public void AssemblyFacts_OfThisAssembly_SayWhatUsersSee()
    {
        var facts = AssemblyFacts.Read(typeof(ApiSample<>).Assembly.Location);
        string[] expected =
        [
            "kind abstract class",
            "implements System.IDisposable",
            "generic 0 T where T : class, new()",
            "constructor protected (int first, string second = \"x\")",
            "field const Limit : int = 7",
            "method Dispose() : void",
            "method abstract Get<TKey>(TKey key, out T found, params object[] rest) : bool"
                + " where TKey : struct, System.IComparable<TKey>",
            "method protected virtual Hook(System.Threading.CancellationToken stop = null) : "
                + "System.Collections.Generic.Dictionary<string, T[]>",
            "property Text : string { get; init; }",
            "property Shared : T { get; protected set; }",
        ];

        var sample = facts["RedNote.Embedded.Tests.Api.ApiSample`1"];

        Assert.Equal(expected.Order(StringComparer.Ordinal).ToArray(), sample.Lines.ToArray());
    }
}
