using System.Collections.Frozen;

namespace RedNote.Live;

/// <summary>
/// Writes letters of other scripts as the Latin ones that people take them for, so that a blocked word is found though
/// some of its letters were swapped.
/// </summary>
/// <remarks>
/// A small selection of the confusable characters of Unicode Technical Standard 39 (confusables.txt): letters of
/// Cyrillic, Greek and Armenian that are on people's keyboards, each with one Latin letter. Small letters that UTS 39
/// has no Latin letter for, but whose capitals it has, go with their capitals (т, н), as people use them so.
/// </remarks>
public static class LookAlikes
{
    private const string Table =
        "АA ВB ЕE ЅS ІI ЈJ КK МM НH ОO РP СC ТT УY ХX ҮY ѴV ӀI ԌG ԚQ ԜW аa вb еe ѕs іi јj кk мm нh оo рp сc тt уy хx "
        + "үy ѵv ӏl ԁd ԛq ԝw һh гr ΑA ΒB ΕE ΖZ ΗH ΙI ΚK ΜM ΝN ΟO ΡP ΤT ΥY ΧX αa βb γy εe ηn ιi κk νv οo ρp σo τt υu "
        + "χx ωw ϲc ϳj ϱp օo ոn սu հh ցg ՏS ՕO";

    private static readonly FrozenDictionary<char, char> Letters =
        Table.Split(' ').ToFrozenDictionary(pair => pair[0], pair => pair[1]);

    /// <summary>From the first letter of Greek to the last of Armenian; forms keep the script.</summary>
    private const char First = '\u0370';

    private const char Last = '\u058F';

    /// <summary>The letters that are written as others.</summary>
    public static IReadOnlyDictionary<char, char> All => Letters;

    /// <summary>Writes the form (<see cref="TextFold"/>) of a text as it looks to people who read Latin, and answers
    /// its length; 0: nothing in the text looks like something else.</summary>
    /// <param name="text">Any UTF-16.</param>
    /// <param name="form">At least <see cref="TextFold.MaxLength"/> long.</param>
    /// <param name="isStretched">Whether letters were there three or more times in a row.</param>
    public static int Write(ReadOnlySpan<char> text, Span<char> form, out bool isStretched)
    {
        // What goes beyond is cut from the form anyway, but for what cannot be seen.
        const int MaxUnits = 4 * TextFold.MaxLength;
        text = text.Length <= MaxUnits ? text : text[..MaxUnits];
        Span<char> latin = stackalloc char[MaxUnits];
        var length = 0;
        var isOther = false;
        foreach (var unit in text)
        {
            latin[length++] = Latin(unit, ref isOther);
        }

        length = TextFold.Write(latin[..length], form, out isStretched);
        for (var i = 0; i < length; i++)
        {
            // Letters with accents have lost them by now.
            form[i] = Latin(form[i], ref isOther);
        }

        return isOther ? length : 0;
    }

    /// <summary>Whether a text that has this form may hold such a letter; quick, and sometimes wrong.</summary>
    public static bool MayBeIn(ReadOnlySpan<char> form) => form.ContainsAnyInRange(First, Last);

    private static char Latin(char unit, ref bool isOther)
    {
        if (unit is < First or > Last || !Letters.TryGetValue(unit, out var latin))
        {
            return unit;
        }

        isOther = true;
        return latin;
    }
}
