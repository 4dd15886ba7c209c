using System.Buffers;
using System.Text;
using RedNote.Live;

namespace RedNote.Journal;

/// <summary>
/// What is searched of a text: its words, each with a blank before it, folded as people read them (case, width and
/// accents do not matter). A word is a run of letters and digits, or a run of characters of scripts that put no spaces
/// between words: Chinese, Japanese, Korean, Thai and their neighbours, and emoji.
/// </summary>
/// <remarks>
/// Both databases look for the same tokens, made here. What a token finds is compared with the text again
/// (<see cref="SearchWords.Match"/>), so that a token need not stand for one word alone: it is a number, from which
/// nobody reads what somebody has recalled. Tokens of a word with letters: each of its beginnings, so that a word is
/// found while it is typed. Of a run of the other kind: each character and each pair of neighbours.
/// </remarks>
public static class SearchText
{
    /// <summary>What is searched of a text; what is behind that is not found.</summary>
    public const int MaxLength = 16_384;

    /// <summary>Beginnings of words that have tokens of their own.</summary>
    internal const int MaxBeginning = 8;

    /// <summary>Bits of a token; so many bytes are 12 signs of base 32.</summary>
    private const int TokenBits = 60;

    // A third of the token says which log it is of: the tokens of a log lie together in the index.
    private const int WordBits = 40;

    /// <summary>The words of a text, each with a blank before it; empty if it has none.</summary>
    public static string Fold(ReadOnlySpan<char> text)
    {
        var folded = new StringBuilder(Math.Min(text.Length, MaxLength) + 8);
        var previous = WordKind.None;
        for (var i = 0; i < text.Length && folded.Length < MaxLength;)
        {
            _ = Rune.DecodeFromUtf16(text[i..], out var rune, out var units);
            i += units;
            previous = Add(folded, rune, previous);
        }

        return folded.ToString();
    }

    /// <summary>The tokens of a folded text in a log, each once, in order of their number.</summary>
    public static long[] Tokens(string log, string folded)
    {
        var seed = Seed(log);
        var tokens = new HashSet<long>();
        foreach (var range in folded.AsSpan().Split(' '))
        {
            var word = folded.AsSpan()[range];
            if (word.IsEmpty)
            {
                continue;
            }

            if (IsRun(word))
            {
                AddRun(tokens, seed, word);
                continue;
            }

            for (var length = 1; length <= Math.Min(word.Length, MaxBeginning); length++)
            {
                tokens.Add(Token(seed, word[..length]));
            }
        }

        var sorted = tokens.ToArray();
        Array.Sort(sorted);
        return sorted;
    }

    /// <summary>Tokens as a text of words of letters and digits, for an index of words.</summary>
    public static string Write(ReadOnlySpan<long> tokens)
    {
        var text = new StringBuilder(tokens.Length * 13);
        foreach (var token in tokens)
        {
            if (text.Length > 0)
            {
                text.Append(' ');
            }

            for (var shift = TokenBits - 5; shift >= 0; shift -= 5)
            {
                text.Append("abcdefghijklmnopqrstuvwxyz234567"[(int)(token >> shift) & 31]);
            }
        }

        return text.ToString();
    }

    internal static long Seed(string log) => (long)(Hash(log) >> (64 - TokenBits + WordBits) << WordBits);

    internal static long Token(long seed, ReadOnlySpan<char> part)
        => seed | (long)(Hash(part) & ((1UL << WordBits) - 1));

    /// <summary>Whether a word is of a script without spaces.</summary>
    internal static bool IsRun(ReadOnlySpan<char> word)
    {
        _ = Rune.DecodeFromUtf16(word, out var rune, out _);
        return KindOf(rune, out _, out _) == WordKind.Run;
    }

    /// <summary>UTF-16 units of the character that a text begins with.</summary>
    internal static int UnitsOf(ReadOnlySpan<char> text)
        => Rune.DecodeFromUtf16(text, out _, out var units) == OperationStatus.Done ? units : 1;

    private static WordKind Add(StringBuilder folded, Rune rune, WordKind previous)
    {
        if (rune.Value is 0x3099 or 0x309A or 0xFF9E or 0xFF9F)
        {
            // The mark for a voiced sound that stands behind its kana belongs to it.
            var mark = rune.Value is 0x3099 or 0xFF9E ? '\u3099' : '\u309A';
            var voiced = previous == WordKind.Run ? FoldTable.Voiced(folded[^1], mark) : '\0';
            if (voiced != '\0')
            {
                folded[^1] = voiced;
            }

            return previous;
        }

        var kind = KindOf(rune, out var letter, out var letters);
        switch (kind)
        {
            case WordKind.None:
                return kind;
            case WordKind.Mark:
                return previous;
            default:
                if (kind != previous)
                {
                    folded.Append(' ');
                }

                _ = letters is null ? folded.Append(letter) : folded.Append(letters);
                return kind;
        }
    }

    /// <param name="rune">Any character.</param>
    /// <param name="letter">What it is written as.</param>
    /// <param name="letters">The same where that is not one UTF-16 unit; else null.</param>
    private static WordKind KindOf(Rune rune, out char letter, out string? letters)
    {
        letters = null;
        FoldClass kind;
        if (rune.IsBmp)
        {
            kind = FoldTable.Fold((char)rune.Value, out letter);
            if (kind == FoldClass.Several)
            {
                letters = FoldTable.Several[letter];
                letter = letters[0];
            }
        }
        else
        {
            kind = FoldTable.Fold(rune.Value, out letter);
            letters = letter == 0 ? rune.ToString() : null;
        }

        return kind switch
        {
            FoldClass.Dropped => WordKind.Mark,
            FoldClass.Letter or FoldClass.Several => IsWithoutSpaces(letter) ? WordKind.Run : WordKind.Word,
            FoldClass.Digit => WordKind.Word,
            FoldClass.Ideograph or FoldClass.Emoji => WordKind.Run,
            _ => WordKind.None,
        };
    }

    /// <summary>Korean puts spaces, but particles behind its words; the others put none: Bopomofo, Thai, Lao, Myanmar,
    /// Khmer.</summary>
    private static bool IsWithoutSpaces(char letter) => letter is (>= '\u1100' and <= '\u11FF')
        or (>= '\u3105' and <= '\u318E') or (>= '\uA960' and <= '\uA97C') or (>= '\uAC00' and <= '\uD7FF')
        or (>= '\u0E00' and <= '\u0EFF') or (>= '\u1000' and <= '\u109F') or (>= '\u1780' and <= '\u17FF');

    private static void AddRun(HashSet<long> tokens, long seed, ReadOnlySpan<char> run)
    {
        while (!run.IsEmpty)
        {
            var first = UnitsOf(run);
            tokens.Add(Token(seed, run[..first]));
            if (first < run.Length)
            {
                tokens.Add(Token(seed, run[..(first + UnitsOf(run[first..]))]));
            }

            run = run[first..];
        }
    }

    /// <summary>FNV-1a over the UTF-16 units, then the finalizer of MurmurHash3, whose every bit depends on every
    /// other. It is in databases: it never changes.</summary>
    private static ulong Hash(ReadOnlySpan<char> text)
    {
        var hash = 14695981039346656037UL;
        foreach (var unit in text)
        {
            hash = (hash ^ unit) * 1099511628211UL;
        }

        hash = (hash ^ (hash >> 33)) * 0xFF51AFD7ED558CCDUL;
        hash = (hash ^ (hash >> 33)) * 0xC4CEB9FE1A85EC53UL;
        return hash ^ (hash >> 33);
    }

    private enum WordKind
    {
        /// <summary>It ends a word.</summary>
        None,

        /// <summary>It is not seen, or belongs to the character before.</summary>
        Mark,
        Word,
        Run,
    }
}
