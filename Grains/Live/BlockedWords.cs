using System.Buffers;
using System.Collections.Immutable;

namespace RedNote.Live;

/// <summary>Finds any of a room's blocked words in a text, without case, in one pass however many words there
/// are.</summary>
public sealed class BlockedWords(ImmutableArray<string> words)
{
    private readonly SearchValues<string>? _search =
        words.IsEmpty ? null : SearchValues.Create([.. words], StringComparison.OrdinalIgnoreCase);

    public bool IsIn(string text) => _search is not null && text.AsSpan().ContainsAny(_search);

    /// <summary>Cleans a list of words; false if one is not a text of 1 to 40 scalars, or there are too many.</summary>
    public static bool TryClean(ImmutableArray<string> words, int most, out ImmutableArray<string> clean)
    {
        clean = [];
        if (words.IsDefault || words.Length > most)
        {
            return false;
        }

        var kept = new SortedSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var word in words)
        {
            if (TextRules.Clean(word, TextRules.MaxBlockedWord, out var cleaned) != TextCheck.Ok)
            {
                return false;
            }

            kept.Add(cleaned);
        }

        clean = [.. kept];
        return true;
    }
}
