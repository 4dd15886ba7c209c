namespace RedNote.Simulation.Rooms;

/// <summary>
/// Texts of which it is known beforehand which ones say the same: all of a family do, and any other text says something
/// of its own. Nothing is calculated, so that the product's own reckoning is not asked.
/// </summary>
internal static class Phrases
{
    private static readonly string[][] Families =
    [
        ["what a show", "What A Show", "WHAT  A  SHOW", "ｗｈａｔ ａ ｓｈｏｗ", "what a show!!!"],
        ["helloo", "Hellooo", "HELLOOOOOOO", "hellooooo!!"],
        ["哈哈", "哈哈哈哈哈", "哈 哈 哈 哈", "哈哈哈!!"],
        ["🎉", "🎉🎉", "🎉🎉🎉🎉🎉"],
        ["lucky star", "LUCKY STAR", "ｌｕｃｋｙ ｓｔａｒ"],
        ["golden egg", "Golden Egg"],
        ["buy spam now", "BUY SPAM now", "ｂｕｙ ｓｐａｍ ｎｏｗ"],
        ["come to www.shop.example", "Come to WWW.shop.example"],
    ];

    private static readonly Dictionary<string, string> Forms = Families
        .SelectMany(family => family.Select(text => (text, family[0])))
        .ToDictionary(pair => pair.text, pair => pair.Item2, StringComparer.Ordinal);

    public static IReadOnlyList<string> All { get; } = [.. Forms.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Pass-phrases of draws.</summary>
    public static IReadOnlyList<string> Passwords { get; } = ["lucky star", "golden egg"];

    /// <summary>The first of the family: texts that say the same have the same.</summary>
    public static string Form(string text) => Forms.GetValueOrDefault(text, text);

    public static bool IsSame(string one, string other) => Form(one) == Form(other);

    /// <summary>Whether it looks like advertising.</summary>
    public static bool IsSuspicious(string text) => text.Contains("www.", StringComparison.OrdinalIgnoreCase);

    /// <summary>A text that nobody else says: no letter stands beside itself in the number's words.</summary>
    public static string Unique(string name, int number)
    {
        var word = new List<char>();
        for (var even = true; number > 0 || word.Count < 2; even = !even, number /= 10)
            word.Add((char)((even ? 'a' : 'k') + (number % 10)));
        return $"{name} says {new string([.. word])}";
    }
}
