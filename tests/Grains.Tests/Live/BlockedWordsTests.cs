using FsCheck;
using FsCheck.Fluent;
using RedNote.Live;

namespace RedNote.Grains.Tests.Live;

/// <summary>Blocked words are found however they are dressed up, and not where nobody wrote them.</summary>
public sealed class BlockedWordsTests
{
    private static readonly BlockedWords Words = new(["Scam", "代购", "ass", "buy now", "!!!"]);

    [Theory]
    [InlineData("this is a scam")]
    [InlineData("SCAMMER")]
    [InlineData("ｓｃａｍ")]
    [InlineData("s c a m")]
    [InlineData("sc am")]
    [InlineData("s.c.a.m!")]
    [InlineData("a s\u200Bc\u0335a\u2060m here")]
    [InlineData("scaaaaam")]
    [InlineData("𝓼𝓬𝓪𝓶")]
    [InlineData("śçàm")]
    [InlineData("找我代 购")]
    [InlineData("代-购")]
    [InlineData("代代代购")]
    [InlineData("Buy, NOW")]
    [InlineData("buynow")]
    [InlineData("!!!!!!")]
    public void IsIn_TheWordInAnyDress_IsFound(string text) => Assert.True(IsIn(Words, text));

    [Theory]
    [InlineData("as sure as day")]
    [InlineData("scan me")]
    [InlineData("disc amber")]
    [InlineData("buy some now")]
    [InlineData("wow!!!")]
    [InlineData("代表 购物")]
    [InlineData("")]
    public void IsIn_WhatNobodyWrote_IsNotFound(string text) => Assert.False(IsIn(Words, text));

    [Theory]
    [InlineData("ѕсаm")]
    [InlineData("SСАМ")]
    [InlineData("ΣϹΑΜ scαm")]
    [InlineData("s с а m")]
    [InlineData("scааaаm")]
    [InlineData("sсám")]
    [InlineData("buу now")]
    [InlineData("找 ѕcam 群")]
    public void IsIn_LettersThatLookAlike_AreFound(string text) => Assert.True(IsIn(Words, text));

    [Fact]
    public void IsIn_AWordOfAnotherScript_IsFoundAsItIsAndMixedAndNotInLatin()
    {
        var words = new BlockedWords(["нос", "скам"]);
        Assert.True(IsIn(words, "Нос"));
        Assert.True(IsIn(words, "нoc"));
        Assert.True(IsIn(words, "СКАМ!"));
        Assert.True(IsIn(words, "cкaм"));
        Assert.False(IsIn(words, "ad hoc"));
        Assert.False(IsIn(words, "но сом"));
        Assert.False(IsIn(Words, "Привет, как дела?"));
        Assert.False(IsIn(Words, "Καλημέρα σε όλους"));
    }

    [Fact]
    public void IsIn_AnyLatinWordWithAnyLettersSwapped_IsFoundLikeTheWord()
    {
        // How each letter can be faked, in the case in which it was written.
        var fakes = LookAlikes.All.ToLookup(pair => pair.Value, pair => pair.Key);
        var word = Gen.ListOf(Gen.Elements("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".ToCharArray()))
            .Where(letters => letters.Count is >= 2 and <= 20).Select(letters => new string([.. letters]));
        var seed = Gen.Choose(0, int.MaxValue);
        Check.One(Config.QuickThrowOnFailure, Prop.ForAll(Arb.From(word), Arb.From(seed), (text, n) =>
        {
            var random = new Random(n);
            var fake = string.Concat(text.Select(letter => fakes[letter].ToArray() is { Length: > 0 } others
                && random.Next(2) == 0 ? others[random.Next(others.Length)] : letter));
            var words = new BlockedWords([text]);
            Assert.True(IsIn(words, text), text);
            Assert.True(IsIn(words, fake), $"{text} as {fake}");
            Assert.True(IsIn(words, $"oh {fake} no"), $"{text} as {fake}");
            Assert.True(IsIn(new BlockedWords([fake]), fake), fake);
        }));
    }

    [Fact]
    public void LookAlikes_Table_IsLatinAndLeavesEverythingElseAlone()
    {
        Assert.All(LookAlikes.All, pair => Assert.True(
            char.IsAsciiLetter(pair.Value) && !char.IsAscii(pair.Key)
                && char.IsUpper(pair.Key) == char.IsUpper(pair.Value),
            $"{pair.Key} as {pair.Value}"));
        Span<char> form = new char[TextFold.MaxLength];
        Assert.Equal(0, LookAlikes.Write("plain Latin 中文 かな 😀 é", form, out _));
        var letters = new string(new Random(1).GetItems("абвгдежз".ToCharArray(), 10_000));
        Assert.InRange(LookAlikes.Write(letters, form, out _), 400, TextFold.MaxLength);
    }

    [Fact]
    public void IsIn_NoWords_NothingIsFound() => Assert.False(IsIn(new BlockedWords([]), "anything"));

    [Fact]
    public void TryClean_AWordNobodyCanSee_IsRefused()
    {
        Assert.False(BlockedWords.TryClean(["ok", "\u200B\u2060"], 10, out _));
        Assert.True(BlockedWords.TryClean([" b ", "A", "a"], 10, out var clean));
        Assert.Equal(["A", "b"], clean.AsEnumerable());
        Assert.False(BlockedWords.TryClean([.. Enumerable.Range(0, 11).Select(i => $"{i}")], 10, out _));
    }

    [Theory]
    [InlineData("look at www.example.com", true)]
    [InlineData("加我 138 0013 8000", true)]
    [InlineData("１３８００１３", true)]
    [InlineData("a@b @c", true)]
    [InlineData("the price is 199.90", false)]
    [InlineData("666666666666", false)]

    [InlineData("hello @mei", false)]
    public void Suspicion_WhatLooksLikeAdvertising_IsTold(string text, bool expected)
    {
        Span<char> form = new char[TextFold.MaxLength];
        var length = TextFold.Write(text, form, out _);
        Assert.Equal(expected, Suspicion.IsIn(text, form[..length]));
    }

    private static bool IsIn(BlockedWords words, string text)
    {
        Span<char> form = new char[TextFold.MaxLength];
        var length = TextFold.Write(text, form, out var isStretched);
        return words.IsIn(text, form[..length], isStretched);
    }
}
