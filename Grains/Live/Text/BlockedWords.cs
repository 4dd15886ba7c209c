using System.Buffers;
using System.Collections.Immutable;

namespace RedNote.Live;

/// <summary>
/// Finds blocked words in the form of a text (<see cref="TextFold"/>), in one pass however many there are. A word is
/// found inside a longer one, as people write without spaces. Where a text has spaces, it is found across them only if
/// it begins and ends where words do: <c>sc am</c> is <c>scam</c>, but <c>as sure</c> holds no <c>ass</c>.
/// </summary>
public sealed class BlockedWords
{
    private readonly string[] _words;
    private readonly SearchValues<string>? _search;

    public BlockedWords(ImmutableArray<string> words)
    {
        Words = words;
        var forms = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var word in words)
        {
            if (TextFold.ToString(word).Replace(" ", "", StringComparison.Ordinal) is { Length: > 0 } form)
            {
                forms.Add(form);
            }
        }

        _words = [.. forms];
        _search = _words.Length == 0 ? null : SearchValues.Create(_words, StringComparison.Ordinal);
    }

    /// <summary>As they were given.</summary>
    public ImmutableArray<string> Words { get; }

    /// <summary>Whether any of the words is in a text.</summary>
    /// <param name="form">The text's form.</param>
    /// <param name="isStretched">Whether it had letters many times in a row: those are then tried as one, too.</param>
    public bool IsIn(ReadOnlySpan<char> form, bool isStretched)
    {
        if (_search is null)
        {
            return false;
        }

        if (IsIn(form))
        {
            return true;
        }

        if (!isStretched)
        {
            return false;
        }

        Span<char> single = stackalloc char[TextFold.MaxLength];
        var length = 0;
        foreach (var unit in form)
        {
            if (length == 0 || single[length - 1] != unit)
            {
                single[length++] = unit;
            }
        }

        return IsIn(single[..length]);
    }

    /// <summary>Cleans a list of words; false if one is not a text of 1 to 40 scalars of which something can be seen,
    /// or there are too many.</summary>
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
            if (TextRules.Clean(word, TextRules.MaxBlockedWord, out var cleaned) != TextCheck.Ok
                || TextFold.ToString(cleaned).Length == 0)
            {
                return false;
            }

            kept.Add(cleaned);
        }

        clean = [.. kept];
        return true;
    }

    private bool IsIn(ReadOnlySpan<char> form)
    {
        if (!form.Contains(' '))
        {
            return form.ContainsAny(_search!);
        }

        Span<char> joined = stackalloc char[TextFold.MaxLength];
        Span<bool> begins = stackalloc bool[TextFold.MaxLength + 1];
        var length = 0;
        foreach (var unit in form)
        {
            if (unit == ' ')
            {
                begins[length] = true;
            }
            else
            {
                joined[length++] = unit;
            }
        }

        begins[0] = begins[length] = true;
        return joined[..length].ContainsAny(_search!) && IsInWords(joined[..length], begins);
    }

    private bool IsInWords(ReadOnlySpan<char> joined, ReadOnlySpan<bool> begins)
    {
        foreach (var word in _words)
        {
            for (var at = 0; joined[at..].IndexOf(word, StringComparison.Ordinal) is >= 0 and var next; at++)
            {
                at += next;
                var end = at + word.Length;
                if ((begins[at] && begins[end]) || !begins[(at + 1)..end].Contains(true))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
