using System.Buffers;

namespace RedNote.Live;

/// <summary>Tells what looks like advertising: an address, a number that one could call, several at signs.</summary>
public static class Suspicion
{
    /// <summary>So many digits are no price and no score.</summary>
    public const int ManyDigits = 7;

    private static readonly SearchValues<string> Addresses = SearchValues.Create(
        ["://", "www.", ".com", ".cn", ".net", ".org", ".top", ".xyz", ".vip", ".cc", ".shop", ".link", "t.me/"],
        StringComparison.OrdinalIgnoreCase);

    /// <param name="text">As it was sent.</param>
    /// <param name="form">Its form, as <see cref="TextFold"/> writes it.</param>
    public static bool IsIn(ReadOnlySpan<char> text, ReadOnlySpan<char> form)
    {
        var digits = 0;
        foreach (var unit in form)
        {
            digits += char.IsAsciiDigit(unit) ? 1 : 0;
        }

        return digits >= ManyDigits || text.Count('@') > 1 || text.ContainsAny(Addresses);
    }
}
