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
        return words.IsIn(form[..length], isStretched);
    }
}
