using System.Buffers;
using System.Globalization;
using System.Text;

namespace RedNote;

/// <summary>What <see cref="TextRules"/> found.</summary>
public enum TextCheck
{
    Ok,
    Empty,
    TooLong,

    /// <summary>A control character, or a surrogate without its other half.</summary>
    Invalid,
}

/// <summary>
/// The limits of everything people write, in Unicode scalar values after trimming, and the one way to check them.
/// The front end answers with it and the grains check again, so that no way in is without it.
/// </summary>
public static class TextRules
{
    public const int MaxDanmaku = 200;
    public const int MaxQuestion = 200;
    public const int MaxPin = 200;
    public const int MaxPollQuestion = 120;
    public const int MaxPollOption = 40;
    public const int MaxRoomTitle = 60;
    public const int MaxUserName = 24;
    public const int MaxSignature = 100;
    public const int MaxKey = 64;
    public const int MaxUrl = 512;
    public const int MaxBlockedWord = 40;
    public const int MaxDrawPrize = 120;
    public const int MaxGroupName = 40;
    public const int MaxGroupMessage = 5_000;
    public const int MaxAnnouncement = 1_000;
    public const int MaxNoteTitle = 60;
    public const int MaxNoteBody = 10_000;
    public const int MaxNoteTag = 20;

    private static readonly SearchValues<char> KeyCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

    /// <summary>
    /// Trims <paramref name="text"/> and takes bidirectional overrides out (U+202A to U+202E, U+2066 to U+2069: they
    /// make later text read backwards); <paramref name="clean"/> is what to store and show, empty unless Ok.
    /// </summary>
    public static TextCheck Clean(string? text, int maxScalars, out string clean)
        => Clean(text, maxScalars, '\0', out clean);

    /// <summary>As <see cref="Clean(string?, int, out string)"/>, for a text of several lines: they end in one
    /// <c>\n</c> each, whatever they ended in before.</summary>
    public static TextCheck CleanLines(string? text, int maxScalars, out string clean)
        => Clean(text?.ReplaceLineEndings("\n"), maxScalars, '\n', out clean);

    /// <param name="text">What was written.</param>
    /// <param name="maxScalars">How much it may be.</param>
    /// <param name="allowed">A control character that it may hold; zero is none, as no text may hold that.</param>
    /// <param name="clean">What to store and show.</param>
    private static TextCheck Clean(string? text, int maxScalars, char allowed, out string clean)
    {
        clean = "";
        var trimmed = text.AsSpan().Trim();
        if (trimmed.IsEmpty)
        {
            return TextCheck.Empty;
        }

        // A scalar takes at most two UTF-16 units: what is longer is refused before it is walked. Overrides do not
        // count, but a text that carries as many of them as this allows is not worth saving.
        if (trimmed.Length > 4 * maxScalars + 64)
        {
            return TextCheck.TooLong;
        }

        // Printable ASCII needs no walk: a unit is a scalar, and none is a control character or an override.
        if (!trimmed.ContainsAnyExceptInRange(' ', '~'))
        {
            var isOk = trimmed.Length <= maxScalars;
            clean = !isOk ? "" : trimmed.Length == text!.Length ? text : trimmed.ToString();
            return isOk ? TextCheck.Ok : TextCheck.TooLong;
        }

        var scalars = 0;
        var overrides = 0;
        for (var rest = trimmed; !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(rest, out var rune, out var units) != OperationStatus.Done
                || (Rune.GetUnicodeCategory(rune) == UnicodeCategory.Control
                    && (rune.Value != allowed || allowed == '\0')))
            {
                return TextCheck.Invalid;
            }

            rest = rest[units..];
            if (IsBidirectionalOverride(rune.Value))
            {
                overrides++;
            }
            else
            {
                scalars++;
            }
        }

        var result = overrides == 0
            ? (trimmed.Length == text!.Length ? text : trimmed.ToString())
            : string.Concat(trimmed.ToString().Where(c => !IsBidirectionalOverride(c))).Trim();
        if (result.Length == 0)
        {
            return TextCheck.Empty;
        }

        if (scalars > maxScalars)
        {
            return TextCheck.TooLong;
        }

        clean = result;
        return TextCheck.Ok;
    }

    /// <summary>Is this a client's key: 1 to 64 of <c>A-Z a-z 0-9 _ -</c>?</summary>
    public static bool IsKey(string? key)
        => key is { Length: > 0 and <= MaxKey } && !key.AsSpan().ContainsAnyExcept(KeyCharacters);

    /// <summary>Is this a colour as the contract writes it: <c>#rrggbb</c>?</summary>
    public static bool IsColor(string? color)
        => color is { Length: 7 } && color[0] == '#' && color.AsSpan(1).IndexOfAnyExcept(HexDigits) < 0;

    /// <summary>
    /// Is this the address of a picture: absolute https, or a path on this site (<c>/…</c>), up to
    /// <see cref="MaxUrl"/> characters? Other schemes would let a profile run scripts.
    /// </summary>
    public static bool IsImageAddress(string? address)
        => address is { Length: > 0 and <= MaxUrl }
            && !address.AsSpan().ContainsAnyInRange('\0', ' ')
            && ((address[0] == '/' && !address.StartsWith("//", StringComparison.Ordinal) && !address.Contains('\\'))
                || (Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps));

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    private static bool IsBidirectionalOverride(int scalar)
        => scalar is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069);
}
