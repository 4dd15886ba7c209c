using System.Globalization;
using System.Text;

namespace RedNote.Frontend.Tests.Live.Fuzz;

/// <summary>Makes JSON as text, so that it can be what no serialiser would write.</summary>
internal sealed class FuzzJson(Random random)
{
    private static readonly string[] Strings =
    [
        "", " ", "x", "null", "0", "\\u0000", "a\\u0007b", "\\ud83d", "\\udc00x",
        "\\ud83d\\ude00", "\\u202eab",
        "שלום", "مرحبا", "é\\u0301\\u0301", "ｆｕｌｌ ｗｉｄｔｈ", "长长长", "😀😀😀",
        "\\\\", "\\\"", "<script>", "' OR 1=1 --", "../..",
        "%00", "#ff0000", "#FF00zz", "scroll", "top", "left", "\\n\\n", "\\uffff", "\\ufeff", "‮", "1e5", "-1", "1",
        "9223372036854775807", "9223372036854775808", "00000001", "٣", "true", "{}", "[]",
    ];

    private static readonly string[] Numbers =
    [
        "0", "-0", "1", "-1", "2", "3", "50", "51", "1.5", "1.0", "1e2", "1e400", "-1e400", "0.1e-400", "2147483647",
        "2147483648", "-2147483649", "9223372036854775807", "9223372036854775808", "-9223372036854775808",
        "123456789012345678901234567890", "999999999999999999999999999999e99",
    ];

    private static readonly string[] Names =
    [
        "text", "mode", "color", "key", "epoch", "seq", "danmakuSeq", "TEXT", "", "__proto__", "$type", "$ref", "$id",
        "kind", "type", "user", "userId", "\\u0000", "长", "😀",
    ];

    public Random Random => random;

    public bool Chance(int percent) => random.Next(100) < percent;

    public T Pick<T>(params ReadOnlySpan<T> from) => from[random.Next(from.Length)];

    /// <summary>A value of any kind, nested a little.</summary>
    public string Value(int depth = 3) => random.Next(depth > 0 ? 9 : 6) switch
    {
        0 => "null",
        1 => Pick("true", "false"),
        2 or 3 => Number(),
        4 or 5 => String(),
        6 => Array(depth - 1),
        _ => Object(depth - 1),
    };

    public string Number() => Chance(70)
        ? Pick(Numbers)
        : random.NextInt64(long.MinValue, long.MaxValue).ToString(CultureInfo.InvariantCulture);

    public string String()
        => Chance(85) ? $"\"{Pick(Strings)}\"" : $"\"{Repeated(Pick("x", "长", "😀", "\\u0000", " "))}\"";

    public string Repeated(string what) => new StringBuilder().Insert(0, what, Pick(199, 200, 201, 2_000)).ToString();

    public string Array(int depth)
        => $"[{string.Join(',', Enumerable.Range(0, random.Next(5)).Select(_ => Value(depth)))}]";

    public string Object(int depth)
        => Object([.. Enumerable.Range(0, random.Next(5)).Select(_ => (Pick(Names), Value(depth)))]);

    public static string Object(params (string Name, string Value)[] members)
        => $"{{{string.Join(',', members.Select(member => $"\"{member.Name}\":{member.Value}"))}}}";
}
