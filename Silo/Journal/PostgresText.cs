using System.Buffers;
using System.Text;

namespace RedNote.Silo.Journal;

/// <summary>
/// Texts as PostgreSQL can hold them. It refuses U+0000, and one such text would fail a whole batch with the appends of
/// other grains in it; so U+0000 becomes U+0001 U+0001, and U+0001 becomes U+0001 U+0002, which keeps the order of
/// texts. Half a surrogate pair, which UTF-8 cannot express, becomes U+FFFD, as everywhere else.
/// </summary>
internal static class PostgresText
{
    private const char Escape = '\u0001';
    private const char EscapedNull = '\u0001';
    private const char EscapedEscape = '\u0002';

    private static readonly SearchValues<char> ToEscape = SearchValues.Create('\0', Escape);

    public static string Write(string text)
    {
        text = WellFormed(text);
        if (!text.AsSpan().ContainsAny(ToEscape))
        {
            return text;
        }

        var escaped = new StringBuilder(text.Length + 8);
        foreach (var c in text)
        {
            _ = c switch
            {
                '\0' => escaped.Append(Escape).Append(EscapedNull),
                Escape => escaped.Append(Escape).Append(EscapedEscape),
                _ => escaped.Append(c),
            };
        }

        return escaped.ToString();
    }

    /// <summary>The text without halves of surrogate pairs.</summary>
    public static string WellFormed(string text) => text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF')
        ? Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text))
        : text;

    public static string Read(string stored)
    {
        if (!stored.Contains(Escape, StringComparison.Ordinal))
        {
            return stored;
        }

        var text = new StringBuilder(stored.Length);
        for (var i = 0; i < stored.Length; i++)
        {
            if (stored[i] == Escape && i + 1 < stored.Length)
            {
                text.Append(stored[++i] == EscapedNull ? '\0' : Escape);
            }
            else
            {
                text.Append(stored[i]);
            }
        }

        return text.ToString();
    }
}
