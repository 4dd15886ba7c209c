using System.Collections.Immutable;

namespace RedNote.Journal;

/// <summary>
/// What somebody looks for: words that must all occur. A word with letters or digits is found where a word begins with
/// it; one of a script without spaces wherever it stands.
/// </summary>
public sealed class SearchWords
{
    /// <summary>The longest question, in UTF-16 units.</summary>
    public const int MaxLength = 256;

    /// <param name="text">At most <see cref="MaxLength"/> long; one without any word finds nothing.</param>
    public SearchWords(string text)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(text.Length, MaxLength, nameof(text));
        var folded = SearchText.Fold(text);
        Parts = [.. folded.Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct()
            .Select(word => SearchText.IsRun(word) ? word : " " + word)];
    }

    /// <summary>What a folded text has to contain, all of it; a word with letters has a blank before it.</summary>
    public ImmutableArray<string> Parts { get; }

    public bool IsEmpty => Parts.IsEmpty;

    /// <summary>Whether a folded text contains all of them.</summary>
    public bool Match(string folded)
    {
        foreach (var part in Parts)
        {
            if (!folded.Contains(part, StringComparison.Ordinal))
            {
                return false;
            }
        }

        return !IsEmpty;
    }

    /// <summary>Tokens that all texts have that match in that log; others may have them too.</summary>
    public long[] Tokens(string log)
    {
        var seed = SearchText.Seed(log);
        var tokens = new SortedSet<long>();
        foreach (var part in Parts)
        {
            if (part[0] == ' ')
            {
                tokens.Add(SearchText.Token(seed, part.AsSpan(1, Math.Min(part.Length - 1, SearchText.MaxBeginning))));
            }
            else
            {
                AddPairs(tokens, seed, part);
            }
        }

        return [.. tokens];
    }

    private static void AddPairs(SortedSet<long> tokens, long seed, ReadOnlySpan<char> run)
    {
        var first = SearchText.UnitsOf(run);
        if (first == run.Length)
        {
            tokens.Add(SearchText.Token(seed, run));
            return;
        }

        for (; first < run.Length; first = SearchText.UnitsOf(run))
        {
            tokens.Add(SearchText.Token(seed, run[..(first + SearchText.UnitsOf(run[first..]))]));
            run = run[first..];
        }
    }
}
