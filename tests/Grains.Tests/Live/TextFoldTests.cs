using System.Text;
using FsCheck;
using FsCheck.Fluent;
using RedNote.Live;

namespace RedNote.Grains.Tests.Live;

/// <summary>Which texts read as the same, and that no text whatever is too much.</summary>
public sealed class TextFoldTests
{
    [Theory]
    [InlineData("Hello", "hello")]
    [InlineData("ＨＥＬＬＯ　ｗｏｒｌｄ", "hello world")]
    [InlineData("hello   world", "hello, world!!!")]
    [InlineData("s c a m", "scam")]
    [InlineData("s.c.a.m", "scam")]
    [InlineData("s*c-a_m", "SCAM")]
    [InlineData("代 购", "代购")]
    [InlineData("代.购", "代－购")]
    [InlineData("代\u200B购", "代购")]
    [InlineData("sc\u00ADam", "scam")]
    [InlineData("s\u0332c\u0332a\u0332m\u0332", "scam")]
    [InlineData("cafe\u0301", "café")]
    [InlineData("café", "CAFE")]
    [InlineData("𝐬𝐜𝐚𝐦", "scam")]
    [InlineData("ⓢⓒⓐⓜ", "scam")]
    [InlineData("🅂🄲🄰🄼", "scam")]
    [InlineData("ﬁne", "fine")]
    [InlineData("Straße", "STRASSE")]
    [InlineData("ΟΔΟΣ", "οδος")]
    [InlineData("ｶﾞﾝﾊﾞﾚ", "ガンバレ")]
    [InlineData("か\u3099", "が")]
    [InlineData("⾦", "金")]
    [InlineData("哈哈哈", "哈哈哈哈哈哈哈")]
    [InlineData("goooooal", "gooooal")]
    [InlineData("666", "6666666")]
    [InlineData("6 6 6", "６６６６")]
    [InlineData("2333", "233333333")]
    [InlineData("加油加油加油", "加油！加油！加油！加油！")]
    [InlineData("lol lol lol", "lol LOL lol lol")]
    [InlineData("hahaha", "hahahahaha")]
    [InlineData("😂", "😂😂😂😂")]
    [InlineData("😂🔥😂", "😂🔥")]
    [InlineData("👍🏽", "👍")]
    [InlineData("❤\uFE0F", "❤❤")]
    [InlineData("???", "？")]
    [InlineData("٣٫٥", "3٫5")]
    public void Write_TheSameInOtherShape_IsOneForm(string one, string other)
    {
        Assert.NotEqual("", TextFold.ToString(one));
        Assert.Equal(TextFold.ToString(one), TextFold.ToString(other));
    }

    [Theory]
    [InlineData("good", "god")]
    [InlineData("now here", "nowhere")]
    [InlineData("1.5", "15")]
    [InlineData("3:0", "30")]
    [InlineData("+1", "-1")]
    [InlineData("1000", "10000")]
    [InlineData("12333", "123333")]
    [InlineData("n111", "n1111")]
    [InlineData("m 1 12", "m 11 2")]
    [InlineData("1 11", "11 1")]
    [InlineData("u-1-1", "u-11")]
    [InlineData("哈", "哈哈")]
    [InlineData("か", "が")]
    [InlineData("喜欢", "不喜欢")]
    [InlineData("😂", "🔥")]
    [InlineData("!", "?")]
    [InlineData("加油", "加油加油")]
    public void Write_WhatMeansSomethingElse_IsAnotherForm(string one, string other)
        => Assert.NotEqual(TextFold.ToString(one), TextFold.ToString(other));

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("\u200B\u2060\uFEFF")]
    [InlineData("\u3164\u2800")]
    public void Write_NothingToSee_IsEmpty(string text) => Assert.Equal("", TextFold.ToString(text));

    [Fact]
    public void Write_AnyUtf16_NeverThrowsAndIsBounded()
        => Prop.ForAll(Texts(), text => TextFold.ToString(text).Length <= TextFold.MaxLength).Check(Hard);

    [Fact]
    public void Write_AForm_IsItself()
        => Prop.ForAll(Texts(), text =>
        {
            var form = TextFold.ToString(text);
            var again = TextFold.ToString(form);
            return (form == again).Label($"{Escape(text)} is {Escape(form)}, and that is {Escape(again)}");
        }).Check(Hard);

    [Fact]
    public void Write_WithTricks_IsTheFormWithout()
        => Prop.ForAll(Words(), Tricks(), (text, seed) =>
        {
            var tricked = Trick(text, seed);
            return (TextFold.ToString(text) == TextFold.ToString(tricked)).Label($"{text}, {Escape(tricked)}");
        }).Check(Hard);

    [Fact]
    public void Write_TextsOfPlainWords_DifferAsTheyDo()
        => Prop.ForAll(Words(), Words(), (one, other)
            => (one == other) == (TextFold.ToString(one) == TextFold.ToString(other))).Check(Hard);

    private static Config Hard => Config.QuickThrowOnFailure.WithMaxTest(3_000).WithEndSize(250);

    /// <summary>Everything that matters to a fold, and noise.</summary>
    private static Arbitrary<string> Texts()
    {
        var pieces = Gen.Elements(
            "a", "b", "B", "s", "S", "é", "e\u0301", " ", "  ", ".", "+", "-", "1", "2", "0", "3", "６", "哈", "代", "か",
            "\u3099", "ｶ", "ﾞ", "😂", "🔥", "👍🏽", "❤\uFE0F", "𝐬", "🅰", "\u200B", "\u0332", "ﬁ", "⑩", "ß", "İ", "ς",
            "\uD83D", "\uDE02", "33",
            "\u1100", "\u1161", "ㅋ", "ไ", "้", "!", "？", "\u0007", "\u3164", "ǽ", "㈱", "Ⅲ", "𠀀");
        var noise = Gen.Choose(0, char.MaxValue).Select(unit => ((char)unit).ToString());
        return Gen.Frequency((6, pieces), (1, noise)).ListOf().Select(all => string.Concat(all)).ToArbitrary();
    }

    /// <summary>Two to five different words of two letters or more, so that no rule about repetitions holds.</summary>
    private static Arbitrary<string> Words() => Gen
        .Shuffle(new[] { "new", "tea", "shop", "open", "今天", "直播", "颜色", "gift", "wow" })
        .SelectMany(words => Gen.Choose(2, 5).Select(count => string.Join(' ', words.Take(count)))).ToArbitrary();

    private static Arbitrary<int> Tricks() => Gen.Choose(0, int.MaxValue).ToArbitrary();

    /// <summary>Writes a text with signs that cannot be seen, in other case and width, and with wider gaps.</summary>
    private static string Trick(string text, int seed)
    {
        var random = new System.Random(seed);
        var tricked = new StringBuilder();
        foreach (var unit in text)
        {
            tricked.Append(random.Next(4) switch
            {
                0 when unit is > ' ' and <= '~' => (char)(unit + 0xFEE0),
                1 => char.ToUpperInvariant(unit),
                _ => unit,
            });
            tricked.Append(random.Next(6) switch
            {
                0 => "\u200B",
                1 when unit != ' ' => "\u0335",
                2 when unit == ' ' || unit > '\u2E80' => " . ",
                3 => "\u2060\uFE0F",
                _ => "",
            });
        }

        return tricked.ToString();
    }

    private static string Escape(string text)
        => string.Concat(text.Select(unit => unit is > ' ' and < '\u007F' ? $"{unit}" : $"\\u{(int)unit:X4}"));
}
