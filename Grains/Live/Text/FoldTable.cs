using System.Collections.Frozen;
using System.Globalization;

namespace RedNote.Live;

/// <summary>What a character is to <see cref="TextFold"/>.</summary>
internal enum FoldClass : byte
{
    /// <summary>Not seen, or a mark on the character before: left out.</summary>
    Dropped,

    /// <summary>White space.</summary>
    Space,

    /// <summary>Punctuation and signs.</summary>
    Sign,

    /// <summary>A letter of a script that puts spaces between words.</summary>
    Letter,
    Digit,

    /// <summary>A character of a script without spaces: Chinese, kana.</summary>
    Ideograph,
    Emoji,

    /// <summary>Written as several characters: <see cref="FoldTable.Several"/>.</summary>
    Several,
}

/// <summary>How each UTF-16 unit is folded: one look into an array of 256 KiB, of which a room's language touches
/// little.</summary>
internal static class FoldTable
{
    private static readonly int[] Entries = Build();

    /// <summary>What characters of the class <see cref="FoldClass.Several"/> are written as.</summary>
    public static readonly FrozenDictionary<char, string> Several = TextFoldTable.Several.Split(' ')
        .ToFrozenDictionary(entry => entry[0], entry => entry[1..]);

    public static FoldClass ClassOf(char unit) => (FoldClass)(Entries[unit] >> 16);

    /// <summary>The class of a character, and in <paramref name="folded"/> what it is written as.</summary>
    public static FoldClass Fold(char unit, out char folded)
    {
        var entry = Entries[unit];
        folded = (char)entry;
        return (FoldClass)(entry >> 16);
    }

    /// <summary>The class of a character beyond the first plane, and its form if that is a single unit (else 0).
    /// </summary>
    public static FoldClass Fold(int scalar, out char folded)
    {
        folded = Letter(scalar);
        return folded != 0 ? ClassOf(folded)
            : scalar is (>= 0xE0000 and <= 0xE0FFF) or (>= 0x1F3FB and <= 0x1F3FF) ? FoldClass.Dropped
            : scalar is >= 0x1F000 and <= 0x1FBFF ? FoldClass.Emoji
            : FoldClass.Ideograph;
    }

    /// <summary>Whether a kana may carry the mark for a voiced sound, and which one it becomes; 0: none.</summary>
    public static char Voiced(char kana, char mark)
    {
        const string VoicedKana = "かきくけこさしすせそたちつてとはひふへほカキクケコサシスセソタチツテトハヒフヘホ";
        const string HalfVoiced = "はひふへほハヒフヘホ";
        return mark == '\u3099'
            ? kana == 'う' ? 'ゔ' : kana == 'ウ' ? 'ヴ' : VoicedKana.Contains(kana) ? (char)(kana + 1) : '\0'
            : HalfVoiced.Contains(kana) ? (char)(kana + 2) : '\0';
    }

    /// <summary>Mathematical and enclosed letters and digits, which are the alphabet over and over.</summary>
    private static char Letter(int scalar) => scalar switch
    {
        >= 0x1D400 and <= 0x1D6A3 => (char)('a' + ((scalar - 0x1D400) % 26)),
        >= 0x1D7CE and <= 0x1D7FF => (char)('0' + ((scalar - 0x1D7CE) % 10)),
        >= 0x1F110 and <= 0x1F129 => (char)('a' + scalar - 0x1F110),
        >= 0x1F130 and <= 0x1F149 => (char)('a' + scalar - 0x1F130),
        >= 0x1F150 and <= 0x1F169 => (char)('a' + scalar - 0x1F150),
        >= 0x1F170 and <= 0x1F189 => (char)('a' + scalar - 0x1F170),
        _ => '\0',
    };

    private static int[] Build()
    {
        var letters = new Dictionary<char, char>();
        foreach (var (first, folded) in TextFoldTable.Ranges)
        {
            for (var i = 0; i < folded.Length; i++)
            {
                if (folded[i] != ' ')
                {
                    letters[(char)(first + i)] = folded[i];
                }
            }
        }

        var several = TextFoldTable.Several.Split(' ').Select(entry => entry[0]).ToHashSet();
        var entries = new int[char.MaxValue + 1];
        for (var unit = 0; unit < entries.Length; unit++)
        {
            var letter = Resolve((char)unit, letters);
            var kind = several.Contains(letter) ? FoldClass.Several : Classify(letter);
            entries[unit] = ((int)kind << 16) | letter;
        }

        return entries;
    }

    /// <summary>Small letters, full width as half, and what the table says; over and over, as one leads to
    /// another.</summary>
    private static char Resolve(char unit, Dictionary<char, char> letters)
    {
        for (var steps = 0; steps < 4; steps++)
        {
            var next = unit is >= '\uFF01' and <= '\uFF5E' ? (char)(unit - 0xFEE0) : char.ToLowerInvariant(unit);
            next = letters.GetValueOrDefault(next, next);
            if (CharUnicodeInfo.GetDecimalDigitValue(next) is >= 0 and var digit)
            {
                next = (char)('0' + digit);
            }

            if (next == unit)
            {
                break;
            }

            unit = next;
        }

        return unit;
    }

    private static FoldClass Classify(char unit)
    {
        switch (unit)
        {
            case '\u115F' or '\u1160' or '\u3164' or '\uFFA0' or '\u2800' or '\u17B4' or '\u17B5':
            case >= '\u0300' and <= '\u036F' or >= '\u1AB0' and <= '\u1AFF' or >= '\u1DC0' and <= '\u1DFF':
            case >= '\u20D0' and <= '\u20FF' or >= '\uFE20' and <= '\uFE2F' or >= '\uFE00' and <= '\uFE0F':
            case >= '\u180B' and <= '\u180F':
                return FoldClass.Dropped;
            case '〆' or '〇' or '々' or 'ー':
            case >= '\u3041' and <= '\u30FF' when unit is not ('・' or '゠' or '゛' or '゜' or '\u3099' or '\u309A'):
            case >= '\u3021' and <= '\u3029' or >= '\u31F0' and <= '\u31FF' or >= '\u3400' and <= '\u4DBF':
            case >= '\u4E00' and <= '\u9FFF' or >= '\uF900' and <= '\uFAFF' or >= '\uD800' and <= '\uDFFF':
                return FoldClass.Ideograph;
        }

        return char.GetUnicodeCategory(unit) switch
        {
            UnicodeCategory.Format => FoldClass.Dropped,
            UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.Control => FoldClass.Space,
            UnicodeCategory.DecimalDigitNumber => FoldClass.Digit,
            UnicodeCategory.OtherSymbol when unit is (>= '\u2190' and <= '\u2BFF') or '©' or '®' => FoldClass.Emoji,
            >= UnicodeCategory.ConnectorPunctuation and <= UnicodeCategory.OtherSymbol => FoldClass.Sign,
            _ => FoldClass.Letter,
        };
    }
}
