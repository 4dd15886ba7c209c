using RedNote.Embedded.Simulation;

namespace RedNote.Simulation.Tests;

public sealed class NumberSetTests
{
    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("0-4,9,12-")]
    [InlineData("3,5-6")]
    public void Text_OfASet_IsReadAsItWasWritten(string text)
    {
        Assert.True(NumberSet.TryParse(text, out var numbers));
        Assert.Equal(text, numbers.ToString());
    }

    [Theory]
    [InlineData("-")]
    [InlineData("-3")]
    [InlineData("4-3")]
    [InlineData("3,3")]
    [InlineData("3-,4")]
    [InlineData("1,,2")]
    [InlineData("a")]
    public void Text_OfNoSet_IsRefused(string text) => Assert.False(NumberSet.TryParse(text, out _));

    [Fact]
    public void Contains_ByRanges_TellsInFromOut()
    {
        Assert.True(NumberSet.TryParse("2-4,9,12-", out var numbers));

        Assert.Equal([2, 3, 4, 9, 12, 13], Enumerable.Range(0, 14).Where(numbers.Contains));
        Assert.True(numbers.Contains(int.MaxValue));
    }

    [Fact]
    public void AllBut_SomeNumbers_HasAllOthersWithoutEnd()
    {
        Assert.Equal("1-2,5-", NumberSet.AllBut([4, 0, 3, 3]).ToString());
        Assert.Equal("0-", NumberSet.AllBut([]).ToString());
    }
}
