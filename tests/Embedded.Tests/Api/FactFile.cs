using System.Collections.Immutable;

namespace RedNote.Embedded.Tests.Api;

/// <summary>
/// The kept facts of an assembly that the registry lacks: lines of <c>type | fact</c>, in the words that
/// <see cref="AssemblyFacts"/> writes; lines that begin with # and empty ones say nothing.
/// </summary>
public static class FactFile
{
    private const string Separator = " | ";

    public static ImmutableSortedDictionary<string, TypeFacts> Read(string path)
        => Parse(File.ReadLines(path));

    public static ImmutableSortedDictionary<string, TypeFacts> Parse(IEnumerable<string> lines)
        => Statements(lines)
            .Select(line => line.Split(Separator, 2))
            .GroupBy(parts => parts[0], parts => parts[1], StringComparer.Ordinal)
            .ToImmutableSortedDictionary(
                type => type.Key,
                type => new TypeFacts(type.Key, type.ToImmutableSortedSet(StringComparer.Ordinal)),
                StringComparer.Ordinal);

    /// <summary>The lines that are not comments.</summary>
    public static IEnumerable<string> Statements(IEnumerable<string> lines)
        => lines.Where(line => line.Length > 0 && line[0] != '#');
}
