using System.Text;

namespace RedNote.Live;

/// <summary>Compares danmaku with pass-phrases as people do: case, full or half width and spaces make no
/// difference.</summary>
public static class DrawPhrase
{
    /// <summary>How far the full-width forms of ASCII lie from ASCII.</summary>
    private const int FullWidth = 0xFF01 - '!';

    public static bool Matches(string phrase, string text)
        => string.Equals(phrase, text, StringComparison.Ordinal) || Plain(phrase) == Plain(text);

    /// <summary>Whether anything is left that can be compared.</summary>
    public static bool IsPhrase(string phrase) => Plain(phrase).Length > 0;

    private static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var unit in text)
        {
            var narrow = unit is >= '\uFF01' and <= '\uFF5E' ? (char)(unit - FullWidth) : unit;
            if (!char.IsWhiteSpace(narrow))
            {
                plain.Append(char.ToLowerInvariant(narrow));
            }
        }

        return plain.ToString();
    }
}
