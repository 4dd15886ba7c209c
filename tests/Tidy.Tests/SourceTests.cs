using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace RedNote.Tidy.Tests;

/// <summary>The hard limits of STYLE.md on source files.</summary>
public sealed partial class SourceTests
{
    private const int MaxFileLines = 500;
    private const int MaxMethodLines = 70;
    private const int MaxLineLength = 120;

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b")]
    private static partial Regex LooseEnd();

    [Fact]
    public void SourceFiles_Always_StayUnderTheLineLimit()
    {
        var tooLong = SourceFiles().Select(file => (file, lines: Repository.Read(file).Count(c => c == '\n')))
            .Where(entry => entry.lines > MaxFileLines)
            .Select(entry => $"{entry.file}: {entry.lines} lines, at most {MaxFileLines}");
        Findings.None(tooLong);
    }

    [Fact]
    public void Methods_Always_StayUnderTheLineLimit()
    {
        var findings = new List<string>();
        foreach (var file in Repository.CSharpFiles)
        {
            var tree = CSharpSyntaxTree.ParseText(Repository.Read(file));
            foreach (var method in tree.GetRoot().DescendantNodes().Where(IsFunction))
            {
                var span = method.GetLocation().GetLineSpan();
                var lines = span.EndLinePosition.Line - span.StartLinePosition.Line + 1;
                if (lines > MaxMethodLines)
                {
                    findings.Add($"{file}:{span.StartLinePosition.Line + 1}: {lines} lines, at most {MaxMethodLines}");
                }
            }
        }

        Findings.None(findings);
    }

    [Fact]
    public void CSharpLines_Always_StayUnderTheLengthLimit()
    {
        var findings = from file in Repository.CSharpFiles
                       from line in Repository.Read(file).Split('\n').Select((text, index) => (text, number: index + 1))
                       where line.text.Length > MaxLineLength
                       select $"{file}:{line.number}: {line.text.Length} characters, at most {MaxLineLength}";
        Findings.None(findings);
    }

    [Fact]
    public void SourceFiles_Always_HaveNoLooseEnds()
    {
        var findings = from file in SourceFiles()
                       where !file.EndsWith("SourceTests.cs", StringComparison.Ordinal)
                       from line in Repository.Read(file).Split('\n').Select((text, index) => (text, number: index + 1))
                       where LooseEnd().IsMatch(line.text)
                       select $"{file}:{line.number}: {line.text.Trim()}";
        Findings.None(findings);
    }

    private static IEnumerable<string> SourceFiles() => Repository.Files.Where(file =>
        Path.GetExtension(file) is ".cs" or ".ts" or ".tsx" or ".css" or ".mjs" or ".js" or ".html");

    private static bool IsFunction(Microsoft.CodeAnalysis.SyntaxNode node) => node is BaseMethodDeclarationSyntax
        or LocalFunctionStatementSyntax or AccessorDeclarationSyntax;
}
