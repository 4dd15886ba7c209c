using RedNote.Load.Rush;

namespace RedNote.Load.Tests;

/// <summary>The book of a rush finds what cannot be.</summary>
public sealed class RushBookTests
{
    private readonly RushBook _book = new(10);

    [Fact]
    public void Take_WhatCanBe_CountsEachPressOnce()
    {
        _book.Take(0, 0, "accepted", 5);
        _book.Take(0, 1, "accepted", 5);
        _book.Take(0, 1, "accepted", 5);
        _book.Take(0, 2, "limit_reached", 0);
        _book.Take(1, 2, "waiting", 6);
        _book.Take(1, 0, "limit_reached", 0);
        _book.Take(2, 0, "sold_out", 0);
        Assert.Equal((6, null), (_book.Answered, _book.Problem));
        Assert.Equal((5L, 6L, 0L), (_book.OrderOf(0), _book.OrderOf(1), _book.OrderOf(2)));
        Assert.Equal([5L], _book.Accepted);
        Assert.Equal([6L], _book.Waiting);
    }

    [Fact]
    public void Take_OutcomeUnknown_HasToBePressedAgain()
    {
        _book.Take(0, 0, "try_again", 0);
        Assert.Equal((0, false), (_book.Answered, _book.IsAnswered(0, 0)));
        _book.Take(0, 0, "accepted", 5);
        Assert.True(_book.IsAnswered(0, 0));
    }

    [Fact]
    public void PressAgain_TheSameAnswers_AreExpected()
    {
        _book.Take(0, 0, "accepted", 5);
        _book.PressAgain();
        Assert.Equal((0, 5L), (_book.Answered, _book.OrderOf(0)));
        _book.Take(0, 1, "accepted", 6);
        Assert.NotNull(_book.Problem);
    }

    [Theory]
    [InlineData(1, "accepted", 6)]
    [InlineData(1, "waiting", 0)]
    [InlineData(2, "accepted", 6)]
    [InlineData(2, "waiting", 5)]
    [InlineData(2, "not_found", 0)]
    [InlineData(2, "error", 0)]
    public void Take_WhatCannotBe_IsAProblem(int press, string status, long order)
    {
        _book.Take(0, 0, "accepted", 5);
        Assert.Null(_book.Problem);
        _book.Take(0, press, status, order);
        Assert.NotNull(_book.Problem);
    }
}
