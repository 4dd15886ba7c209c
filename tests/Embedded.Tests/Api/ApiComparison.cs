using System.Collections.Immutable;

namespace RedNote.Embedded.Tests.Api;

/// <summary>
/// Says where our declaration of an Orleans type differs from the real one in a way that code written against it
/// could notice: what we have must be there in the same form, what users have to implement must be complete.
/// </summary>
public static class ApiComparison
{
    /// <param name="ours">Our declaration.</param>
    /// <param name="real">The real one.</param>
    /// <param name="mayBePartial">The interface is implemented by the engine only, so that members may be absent.
    /// </param>
    public static ImmutableArray<string> Differences(TypeFacts ours, TypeFacts real, bool mayBePartial)
    {
        var added = ours.Lines.Except(real.Lines).Select(line => $"{ours.Name}: not in Orleans: {line}");
        var absent = real.Lines.Except(ours.Lines)
            .Where(line => IsNeeded(line, real, mayBePartial))
            .Select(line => $"{ours.Name}: Orleans has: {line}");
        return [.. added, .. absent];
    }

    private static bool IsNeeded(string line, TypeFacts real, bool mayBePartial) => TypeFacts.Word(line) switch
    {
        "kind" or "base" or "generic" or "usage" => true,
        "implements" => real.IsInterface && !mayBePartial,
        _ => real.IsInterface ? !mayBePartial && !HasBody(line) : IsAbstract(line) || IsDelegate(real),
    };

    /// <summary>An implementer of an interface may leave out what has a default body, and static members.</summary>
    private static bool HasBody(string line)
        => line.Contains(" virtual ", StringComparison.Ordinal) || line.Contains(" static ", StringComparison.Ordinal);

    private static bool IsAbstract(string line) => line.Contains(" abstract ", StringComparison.Ordinal);

    private static bool IsDelegate(TypeFacts type) => type.Lines.Contains("kind delegate");
}
