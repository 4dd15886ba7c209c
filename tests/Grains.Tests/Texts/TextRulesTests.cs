namespace RedNote.Grains.Tests.Texts;

public sealed class TextRulesTests
{
    [Theory]
    [InlineData("hello", "hello")]
    [InlineData("  好看 ", "好看")]
    [InlineData("a\u202Eb\u2066c", "abc")]
    [InlineData("👍🏽", "👍🏽")]
    public void Clean_GoodText_GivesWhatToShow(string text, string expected)
    {
        Assert.Equal(TextCheck.Ok, TextRules.Clean(text, 10, out var clean));
        Assert.Equal(expected, clean);
    }

    [Theory]
    [InlineData("a\nb", TextCheck.Ok, "a\nb")]
    [InlineData(" a\r\n\rb\n ", TextCheck.Ok, "a\n\nb")]
    [InlineData("a\u2028b", TextCheck.Ok, "a\nb")]
    [InlineData("a\u202E\nb", TextCheck.Ok, "a\nb")]
    [InlineData("\n\n", TextCheck.Empty, "")]
    [InlineData(null, TextCheck.Empty, "")]
    [InlineData("a\tb", TextCheck.Invalid, "")]
    [InlineData("a\u0000b", TextCheck.Invalid, "")]
    [InlineData("12345\n67890", TextCheck.TooLong, "")]
    public void CleanLines_AnyText_KeepsLinesAndNothingElseOfControl(string? text, TextCheck check, string expected)
    {
        Assert.Equal(check, TextRules.CleanLines(text, 10, out var clean));
        Assert.Equal(expected, clean);
    }

    [Theory]
    [InlineData(null, TextCheck.Empty)]
    [InlineData("", TextCheck.Empty)]
    [InlineData(" \t\n ", TextCheck.Empty)]
    [InlineData("\u202E \u202C", TextCheck.Empty)]
    [InlineData("a\nb", TextCheck.Invalid)]
    [InlineData("a\u0000b", TextCheck.Invalid)]
    [InlineData("12345678901", TextCheck.TooLong)]
    [InlineData("👍👍👍👍👍👍👍👍👍👍👍", TextCheck.TooLong)]
    public void Clean_BadText_SaysWhatIsWrong(string? text, TextCheck expected)
    {
        Assert.Equal(expected, TextRules.Clean(text, 10, out var clean));
        Assert.Equal("", clean);
    }

    [Fact]
    public void Clean_LoneSurrogate_IsInvalid()
        => Assert.Equal(TextCheck.Invalid, TextRules.Clean("a\uD83D!", 10, out _));

    [Fact]
    public void Clean_AsManyEmojiAsAllowed_CountsScalarsNotUnits()
        => Assert.Equal(TextCheck.Ok, TextRules.Clean(string.Concat(Enumerable.Repeat("🌹", 10)), 10, out _));

    [Fact]
    public void Clean_TenThousandCharacters_IsTooLong()
        => Assert.Equal(TextCheck.TooLong, TextRules.Clean(new string('x', 10_000), TextRules.MaxDanmaku, out _));

    [Theory]
    [InlineData("a-Z_9", true)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData("a b", false)]
    [InlineData("键", false)]
    public void IsKey_Text_TellsKeysFromOthers(string? key, bool expected)
        => Assert.Equal(expected, TextRules.IsKey(key));

    [Fact]
    public void IsKey_LongerThanTheLimit_IsNone() => Assert.False(TextRules.IsKey(new string('k', 65)));

    [Theory]
    [InlineData("#ff2442", true)]
    [InlineData("#FF2442", true)]
    [InlineData("ff2442", false)]
    [InlineData("#ff244", false)]
    [InlineData("#ff244g", false)]
    [InlineData("red", false)]
    public void IsColor_Text_TellsColoursFromOthers(string color, bool expected)
        => Assert.Equal(expected, TextRules.IsColor(color));

    [Theory]
    [InlineData("https://img.example/a.png", true)]
    [InlineData("/covers/1.jpg", true)]
    [InlineData("//evil.example/a.png", false)]
    [InlineData("/\\evil.example", false)]
    [InlineData("http://img.example/a.png", false)]
    [InlineData("javascript:alert(1)", false)]
    [InlineData("data:text/html,x", false)]
    [InlineData("https://img.example/a b.png", false)]
    public void IsImageAddress_Address_LetsOnlyHttpsAndOwnPathsThrough(string address, bool expected)
        => Assert.Equal(expected, TextRules.IsImageAddress(address));

    [Theory]
    [InlineData("1", true)]
    [InlineData("9223372036854775807", true)]
    [InlineData("9223372036854775808", false)]
    [InlineData("0", false)]
    [InlineData("01", false)]
    [InlineData("-1", false)]
    [InlineData("+1", false)]
    [InlineData(" 1", false)]
    [InlineData("1e3", false)]
    [InlineData("١", false)]
    [InlineData("", false)]
    public void TryParse_Id_AcceptsExactlyOneSpelling(string text, bool expected)
        => Assert.Equal(expected, EntityId.TryParse<RoomId>(text, out _));
}
