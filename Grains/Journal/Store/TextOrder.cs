namespace RedNote.Journal;

/// <summary>
/// The order of texts in every journal store: by code point, as the bytes of UTF-8 sort, which is what databases call
/// binary. Differs from the ordinal order of strings, which is that of UTF-16, for emoji beside some symbols.
/// </summary>
public static class TextOrder
{
    public static int Compare(string left, string right)
    {
        var common = left.AsSpan().CommonPrefixLength(right);
        return common == left.Length || common == right.Length
            ? left.Length.CompareTo(right.Length)
            : Rank(left[common]).CompareTo(Rank(right[common]));

        // Surrogates stand for code points above all others, but their own values are below U+E000.
        static int Rank(char c) => char.IsSurrogate(c) ? c + 0x10000 : c;
    }
}
