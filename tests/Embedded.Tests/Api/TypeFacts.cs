using System.Collections.Immutable;

namespace RedNote.Embedded.Tests.Api;

/// <summary>
/// What users can see of one public type, one line a fact: first what it is (<c>kind</c>, <c>base</c>,
/// <c>implements</c>, <c>generic</c>, <c>usage</c>), then its members.
/// </summary>
public sealed record TypeFacts(string Name, ImmutableSortedSet<string> Lines)
{
    /// <summary>The word a line begins with.</summary>
    public static string Word(string line) => line[..line.IndexOf(' ', StringComparison.Ordinal)];

    public bool IsInterface => Lines.Contains("kind interface");
}
