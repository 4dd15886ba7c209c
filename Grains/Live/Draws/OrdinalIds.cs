namespace RedNote.Live;

/// <summary>Ids in the order of their decimal texts, compared character by character: 10 before 9.</summary>
public static class OrdinalIds
{
    private const int Digits = EntityId.MaxDigits;

    private static readonly ulong[] PowersOfTen = MakePowersOfTen();

    /// <summary>Sorts positive ids in place; at once if they rise already and have the same number of digits, as ids
    /// of one age do.</summary>
    public static void Sort(long[] ids)
    {
        if (AreSorted(ids))
        {
            return;
        }

        var keys = new ulong[ids.Length];
        for (var i = 0; i < ids.Length; i++)
        {
            keys[i] = Key(ids[i]);
        }

        Array.Sort(keys, ids);

        // 1, 10 and 100 have one key; the shorter text, which is the smaller number, comes first.
        for (var start = 0; start < keys.Length;)
        {
            var end = start + 1;
            while (end < keys.Length && keys[end] == keys[start])
            {
                end++;
            }

            Array.Sort(ids, start, end - start);
            start = end;
        }
    }

    public static int Compare(long left, long right)
    {
        var order = Key(left).CompareTo(Key(right));
        return order != 0 ? order : left.CompareTo(right);
    }

    private static bool AreSorted(ReadOnlySpan<long> ids)
    {
        for (var i = 1; i < ids.Length; i++)
        {
            if (ids[i] < ids[i - 1])
            {
                return false;
            }
        }

        return ids.IsEmpty || Length(ids[0]) == Length(ids[^1]);
    }

    private static int Length(long id)
    {
        var length = 1;
        while (length < Digits && (ulong)id >= PowersOfTen[length])
        {
            length++;
        }

        return length;
    }

    /// <summary>The id with zeros behind it, up to the length of the longest: so texts compare as numbers do.</summary>
    private static ulong Key(long id) => (ulong)id * PowersOfTen[Digits - Length(id)];

    private static ulong[] MakePowersOfTen()
    {
        var powers = new ulong[Digits];
        powers[0] = 1;
        for (var i = 1; i < Digits; i++)
        {
            powers[i] = powers[i - 1] * 10;
        }

        return powers;
    }
}
