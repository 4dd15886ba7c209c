using System.Buffers;
using System.Collections.Immutable;

namespace RedNote.Live;

/// <summary>
/// Finds blocked words in the form of a text (<see cref="TextFold"/>), in one pass however many there are. A word is
/// found inside a longer one, as people write without spaces. Where a text has spaces, it is found across them only if
/// it begins and ends where words do: <c>sc am</c> is <c>scam</c>, but <c>as sure</c> holds no <c>ass</c>. Letters of
/// other scripts count as those they look like (<see cref="LookAlikes"/>).
/// </summary>
public sealed class BlockedWords
{
    private readonly Finder? _words;

    /// <summary>The same, and those of them that look like Latin as they look. Only for texts with such letters:
    /// whoever blocks <c>нос</c> does not mean <c>ad hoc</c>.</summary>
    private readonly Finder? _lookAlikes;

    public BlockedWords(ImmutableArray<string> words)
    {
        Words = words;
        var forms = new SortedSet<string>(StringComparer.Ordinal);
        var looks = new SortedSet<string>(StringComparer.Ordinal);
        Span<char> look = stackalloc char[TextFold.MaxLength];
        foreach (var word in words)
        {
            if (TextFold.ToString(word).Replace(" ", "", StringComparison.Ordinal) is { Length: > 0 } form)
            {
                forms.Add(form);
                var length = LookAlikes.Write(word, look, out _);
                looks.Add(length == 0 ? form : look[..length].ToString().Replace(" ", "", StringComparison.Ordinal));
            }
        }

        _words = forms.Count == 0 ? null : new Finder([.. forms]);
        _lookAlikes = looks.Count == 0 ? null : new Finder([.. looks]);
    }

    /// <summary>As they were given.</summary>
    public ImmutableArray<string> Words { get; }

    /// <summary>Whether any of the words is in a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="form">Its form.</param>
    /// <param name="isStretched">Whether it had letters many times in a row: those are then tried as one, too.</param>
    public bool IsIn(ReadOnlySpan<char> text, ReadOnlySpan<char> form, bool isStretched)
    {
        if (_words is null || _lookAlikes is null)
        {
            return false;
        }

        if (IsIn(_words, form, isStretched))
        {
            return true;
        }

        if (!LookAlikes.MayBeIn(form))
        {
            return false;
        }

        Span<char> look = stackalloc char[TextFold.MaxLength];
        var length = LookAlikes.Write(text, look, out isStretched);
        return length > 0 && IsIn(_lookAlikes, look[..length], isStretched);
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

    private static bool IsIn(Finder words, ReadOnlySpan<char> form, bool isStretched)
    {
        if (words.IsIn(form))
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

        return words.IsIn(single[..length]);
    }

    /// <summary>Words without spaces, in one pass over a form.</summary>
    private sealed class Finder(string[] words)
    {
        private readonly SearchValues<string> _search = SearchValues.Create(words, StringComparison.Ordinal);

        public bool IsIn(ReadOnlySpan<char> form)
        {
            if (!form.Contains(' '))
            {
                return form.ContainsAny(_search);
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
            return joined[..length].ContainsAny(_search) && IsInWords(joined[..length], begins);
        }

        private bool IsInWords(ReadOnlySpan<char> joined, ReadOnlySpan<bool> begins)
        {
            foreach (var word in words)
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
}
