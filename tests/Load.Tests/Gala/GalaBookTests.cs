using RedNote.Load.Gala;

namespace RedNote.Load.Tests.Gala;

public sealed class GalaBookTests
{
    [Fact]
    public void TryTake_OfCalls_GivesEachOnceAndItsNumberAgain()
    {
        var calls = new GalaCalls();
        var first = calls.Add(new GalaCall(GalaKind.Like, 10, 1, 7, null, 0));
        var second = calls.Add(new GalaCall(GalaKind.Vote, 20, 2, 1, null, 3));

        Assert.True(calls.TryTake(first, out var taken));
        Assert.Equal(7, taken.Count);
        Assert.False(calls.TryTake(first, out _));
        Assert.False(calls.TryTake(99, out _));
        Assert.Equal(1, calls.Count);

        Assert.Equal(first, calls.Add(new GalaCall(GalaKind.Buy, 30, 3, 1, null, 0)));
        Assert.Equal(GalaKind.Vote, calls[second].Kind);
        Assert.Equal(2, calls.Count);
    }

    [Fact]
    public void Take_OneOrderForTwo_IsNoticed()
    {
        var deal = new GalaDeal("1", stock: 2);
        deal.Take("accepted", 11, who: 1);
        deal.Take("waiting", 12, who: 2);
        deal.Take("sold_out", 0, who: 3);
        Assert.Equal(0, deal.Twice);
        Assert.Equal([11L], deal.Accepted.Keys);
        Assert.Equal([12L], deal.Waiting.Keys);

        deal.Take("accepted", 11, who: 4);

        Assert.Equal(11, deal.Twice);
    }

    [Fact]
    public void Answer_OfACallWithManyTaps_CountsEachAndItsLatencyOnce()
    {
        var figures = new GalaFigures();
        figures.Sent(40);
        figures.Sent(2);
        figures.Answer("accepted", 40, inBurst: true, TimeSpan.FromMilliseconds(3));

        Assert.Equal((2, 42, 1), (figures.Calls, figures.Interactions, figures.Answered));
        Assert.Equal(40, figures.Of("accepted"));
        Assert.Equal((1, 0), (figures.Inside.Count, figures.Outside.Count));
    }
}
