namespace RedNote.Live;

/// <summary>
/// Writes a text in the form in which it is compared: texts that people read as the same have the same form. Letters
/// are small, without accents, and in their plain shape; what cannot be seen is gone. Signs and spaces are gone between
/// characters of scripts without spaces and between letters that stand alone (<c>s c a m</c>, <c>s.c.a.m</c>); else one
/// space is left between words. Three or more of a letter are two, emoji that stand together are there once each, and a
/// text that says one thing over and over says it twice. Numbers stay as they are, but for a text that is nothing else
/// than one digit over and over, or <c>2333…</c>. A text of signs alone keeps them, each once. Writing a form again
/// gives the same.
/// </summary>
/// <remarks>
/// Letters of other scripts that look alike stay what they are; see <see cref="LookAlikes"/>. The folding of
/// compatibility forms follows NFKC of Unicode Standard Annex 15, as far as people can type them.
/// </remarks>
public static class TextFold
{
    /// <summary>The longest form, in UTF-16 units; what is longer is cut.</summary>
    public const int MaxLength = 512;

    /// <summary>The longest part of a text whose repetition is seen.</summary>
    private const int MaxPeriod = 12;

    /// <summary>Writes the form of <paramref name="text"/>, and answers its length; 0: nothing can be seen of it.
    /// </summary>
    /// <param name="text">Any UTF-16.</param>
    /// <param name="form">At least <see cref="MaxLength"/> long.</param>
    /// <param name="isStretched">Whether letters were there three or more times in a row.</param>
    public static int Write(ReadOnlySpan<char> text, Span<char> form, out bool isStretched)
    {
        isStretched = false;
        var length = Letters(text, form[..MaxLength], out var hasWords);
        if (length == 0)
        {
            return Signs(text, form[..MaxLength]);
        }

        if (hasWords)
        {
            length = JoinSingles(form[..length]);
        }

        var squeezed = Runs(form[..length]);
        isStretched = squeezed < length;
        return char.IsAsciiDigit(form[0]) ? Digits(form[..squeezed]) : Periods(form[..squeezed]);
    }

    /// <summary>The form as a text.</summary>
    public static string ToString(ReadOnlySpan<char> text)
    {
        Span<char> form = stackalloc char[MaxLength];
        return form[..Write(text, form, out _)].ToString();
    }

    /// <summary>Letters, digits, ideographs and emoji, with one space for what stands between two words.</summary>
    private static int Letters(ReadOnlySpan<char> text, Span<char> form, out bool hasWords)
    {
        var writer = new FoldWriter(form);
        for (var i = 0; i < text.Length; i++)
        {
            var unit = text[i];
            if (char.IsHighSurrogate(unit) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                var kind = FoldTable.Fold(char.ConvertToUtf32(unit, text[i + 1]), out var letter);
                writer.Add(kind, letter != 0 ? letter : unit, letter != 0 ? '\0' : text[i + 1]);
                i++;
            }
            else if (unit is '\u3099' or '\u309A' or '\uFF9E' or '\uFF9F')
            {
                writer.Voice(unit is '\u3099' or '\uFF9E' ? '\u3099' : '\u309A');
            }
            else
            {
                var kind = FoldTable.Fold(char.IsSurrogate(unit) ? '\uFFFD' : unit, out var folded);
                if (kind == FoldClass.Several)
                {
                    foreach (var part in FoldTable.Several[folded])
                    {
                        writer.Add(FoldTable.ClassOf(part), part, '\0');
                    }
                }
                else
                {
                    writer.Add(kind, folded, '\0');
                }
            }
        }

        hasWords = writer.HasWords;
        return writer.Length;
    }

    /// <summary>The form of a text of signs alone.</summary>
    private static int Signs(ReadOnlySpan<char> text, Span<char> form)
    {
        var length = 0;
        foreach (var unit in text)
        {
            if (FoldTable.Fold(unit, out var folded) == FoldClass.Sign
                && (length == 0 || form[length - 1] != folded)
                && length < form.Length)
            {
                form[length++] = folded;
            }
        }

        return length;
    }

    /// <summary>Takes the spaces out between letters one of which is a word of its own. Numbers stay apart: 1 12 is not
    /// 11 2.</summary>
    private static int JoinSingles(Span<char> form)
    {
        var length = 0;
        var previous = '\0';
        var beforePrevious = '\0';
        for (var i = 0; i < form.Length; i++)
        {
            var unit = form[i];
            var isKept = unit != ' '
                || !IsLetter(previous)
                || !IsLetter(form[i + 1])
                || (IsWord(beforePrevious) && i + 2 < form.Length && IsWord(form[i + 2]));
            (beforePrevious, previous) = (previous, unit);
            if (isKept)
            {
                form[length++] = unit;
            }
        }

        return length;
    }

    private static bool IsWord(char unit)
        => FoldTable.ClassOf(unit) is FoldClass.Letter or FoldClass.Digit or FoldClass.Sign;

    private static bool IsLetter(char unit) => FoldTable.ClassOf(unit) == FoldClass.Letter;

    /// <summary>Shortens runs of one letter and of emoji.</summary>
    private static int Runs(Span<char> form)
    {
        var length = 0;
        var emoji = 0;
        for (var i = 0; i < form.Length;)
        {
            var unit = form[i];
            if (IsEmoji(unit))
            {
                var units = char.IsHighSurrogate(unit) && i + 1 < form.Length ? 2 : 1;
                ReadOnlySpan<char> one = form.Slice(i, units);
                if (form[emoji..length].IndexOf(one) < 0)
                {
                    one.CopyTo(form[length..]);
                    length += units;
                }

                i += units;
                continue;
            }

            var run = 1;
            while (i + run < form.Length && form[i + run] == unit)
            {
                run++;
            }

            i += run;
            var isExact = char.IsAsciiDigit(unit) || char.IsSurrogate(unit);
            for (var kept = isExact ? run : Math.Min(run, 2); kept > 0; kept--)
            {
                form[length++] = unit;
            }

            emoji = length;
        }

        return length;
    }

    /// <summary>Writes three of a digit that is the whole text, and <c>2333</c> for laughter.</summary>
    private static int Digits(Span<char> form)
    {
        var tail = form[0] == '2' && form.Length > 1 && form[1] == '3' ? 1 : 0;
        var digit = form[tail];
        if (form[tail..].ContainsAnyExcept(digit, ' ') || form.Length < tail + 3)
        {
            return form.Length;
        }

        // With spaces it is one if each digit stands alone.
        var isSpaced = form.Contains(' ');
        for (var i = 0; isSpaced && i < form.Length; i++)
        {
            if (form[i] != (i % 2 == 0 ? digit : ' '))
            {
                return form.Length;
            }
        }

        if (isSpaced && form.Length < 5)
        {
            return form.Length;
        }

        form.Slice(tail, 3).Fill(digit);
        return tail + 3;
    }

    private static bool IsEmoji(char unit)
        => FoldTable.ClassOf(unit) == FoldClass.Emoji || unit is >= '\uD83C' and <= '\uD83E';

    /// <summary>Cuts a text that repeats one part down to two of it, unless that part holds a digit.</summary>
    private static int Periods(Span<char> form)
    {
        for (var period = 2; period <= MaxPeriod && period * 3 <= form.Length + 1; period++)
        {
            var overhang = form.Length % period;
            var isWhole = overhang == 0 || (overhang == period - 1 && form[period - 1] == ' ');
            if (isWhole
                && form[period..].SequenceEqual(form[..^period])
                && !form[..period].ContainsAnyInRange('0', '9'))
            {
                return (2 * period) - (overhang == 0 ? 0 : 1);
            }
        }

        return form.Length;
    }
}
