using System.Xml.Linq;

namespace RedNote.Tidy.Tests;

/// <summary>What lies where, and who may use whom (DESIGN.md, section 1).</summary>
public sealed class LayoutTests
{
    private static readonly string[] TopLevel =
    [
        "Silo", "Grains", "Grains.Interfaces", "Frontend", "Orleans.Embedded", "tests", "deploy",
        "RedNote.sln", "README.md", "LICENSE", "BannedSymbols.txt",
        "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props",
    ];

    /// <summary>The projects each project may use, over those the engine switch adds.</summary>
    private static readonly Dictionary<string, string[]> AllowedReferences = new()
    {
        ["Orleans.Embedded"] = [],
        ["Grains.Interfaces"] = [],
        ["Grains"] = ["Grains.Interfaces"],
        ["Silo"] = ["Grains"],
        ["Frontend"] = ["Silo", "Grains.Interfaces"],
    };

    private static readonly string[] VagueFolders = ["Models", "Helpers", "Utils", "Common", "Managers"];

    [Fact]
    public void TopLevel_Always_HoldsOnlyWhatTheDesignNames()
    {
        var strangers = Repository.Files.Select(file => file.Split('/')[0]).Distinct()
            .Where(name => !name.StartsWith('.') && !TopLevel.Contains(name));
        Findings.None(strangers);
    }

    [Fact]
    public void Projects_Always_ReferOneWay()
    {
        var findings = new List<string>();
        foreach (var file in Projects().Where(file => !file.StartsWith("tests/", StringComparison.Ordinal)))
        {
            var name = Path.GetFileNameWithoutExtension(file);
            foreach (var used in References(file).Where(used => !AllowedReferences[name].Contains(used)))
            {
                findings.Add($"{name} must not use {used}");
            }
        }

        Findings.None(findings);
    }

    [Fact]
    public void Frontend_Always_NamesNoClassOfGrains()
    {
        var grainTypes = Repository.CSharpFiles.Where(file => file.StartsWith("Grains/", StringComparison.Ordinal))
            .Select(Path.GetFileNameWithoutExtension)
            .Where(name => name!.EndsWith("Grain", StringComparison.Ordinal)
                || name.EndsWith("Document", StringComparison.Ordinal))
            .ToList();
        Assert.NotEmpty(grainTypes);
        var findings = from file in Repository.CSharpFiles
                       where file.StartsWith("Frontend/", StringComparison.Ordinal)
                       let words = Repository.Read(file).Split([' ', '(', ')', '<', '>', '.', ',', ';', '\n', '[', ']'])
                       from name in words.Intersect(grainTypes)
                       select $"{file} names {name}";
        Findings.None(findings);
    }

    [Fact]
    public void EngineSwitch_OutsideHostSetUp_IsNotCompiledOn()
    {
        var findings = from file in Repository.CSharpFiles
                       where file.StartsWith("Grains", StringComparison.Ordinal)
                           || file.StartsWith("Frontend/", StringComparison.Ordinal)
                       where Repository.Read(file).Contains("ORLEANS_", StringComparison.Ordinal)
                       select file;
        Findings.None(findings);
    }

    [Fact]
    public void Folders_Always_HaveNamesThatSaySomething()
    {
        var findings = Repository.Files.Where(file => file.Split('/').SkipLast(1).Any(VagueFolders.Contains));
        Findings.None(findings);
    }

    [Fact]
    public void Projects_Always_AreInTheSolution()
    {
        var solution = Repository.Read("RedNote.sln").Replace('\\', '/');
        var missing = Projects().Where(project => !solution.Contains($"\"{project}\"", StringComparison.Ordinal));
        Findings.None(missing);
    }

    [Fact]
    public void PackageVersions_Always_StandInOnePlace()
    {
        var findings = from project in Projects()
                       from package in XDocument.Parse(Repository.Read(project)).Descendants("PackageReference")
                       where package.Attribute("Version") is not null
                       select $"{project}: {package.Attribute("Include")?.Value}";
        Findings.None(findings);
    }

    [Fact]
    public void TrackedFiles_Always_AreNeitherBuildOutputNorBinaries()
    {
        string[] endings = [".dll", ".exe", ".so", ".pdb", ".nupkg", ".db", ".zip", ".gz"];
        var findings = Repository.Files.Where(file => endings.Contains(Path.GetExtension(file))
            || file.Contains("/bin/", StringComparison.Ordinal) || file.Contains("/obj/", StringComparison.Ordinal)
            || file.Contains("node_modules/", StringComparison.Ordinal));
        Findings.None(findings);
    }

    [Fact]
    public void Assets_Always_AreReferredToFromSomewhere()
    {
        // Sources are found by their globs; what is not a source has to be named by some other file.
        string[] selfEvident =
        [
            ".cs", ".csproj", ".ts", ".tsx", ".sln", ".props", ".targets",
            ".gitignore", ".gitattributes", ".editorconfig", ".npmrc",
        ];
        var texts = Repository.Files.ToDictionary(file => file, Repository.Read);
        var findings = from file in Repository.Files
                       let name = Path.GetFileName(file)
                       where !selfEvident.Contains(Path.GetExtension(file)) && !selfEvident.Contains(name)
                       where name is not ("README.md" or "LICENSE" or "run")
                       where name is not ("package.json" or "package-lock.json" or "tsconfig.json")
                       let stem = Path.GetFileNameWithoutExtension(file)
                       where !texts.Any(other => other.Key != file
                           && (other.Value.Contains(name, StringComparison.Ordinal)
                               || other.Value.Contains($"*{Path.GetExtension(file)}", StringComparison.Ordinal)
                               || other.Value.Contains($"/{stem}", StringComparison.Ordinal)))
                       select file;
        Findings.None(findings);
    }

    private static IEnumerable<string> Projects()
        => Repository.Files.Where(file => file.EndsWith(".csproj", StringComparison.Ordinal));

    private static IEnumerable<string> References(string project) => XDocument.Parse(Repository.Read(project))
        .Descendants("ProjectReference")
        .Select(reference => reference.Attribute("Include")!.Value.Replace('\\', '/'))
        .Select(path => Path.GetFileNameWithoutExtension(path));
}
