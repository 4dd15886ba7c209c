using System.Diagnostics;
using RedNote.Load.Measure;

namespace RedNote.Load.Tests;

public sealed class OpenLoopTests
{
    private static readonly long Second = Stopwatch.Frequency;

    [Fact]
    public void DueAt_AnyEvent_IsItsIntervalsAfterThePhaseBegan()
    {
        var loop = new OpenLoop(Phase(2, 10), Phase(3, 0), Phase(1, 4));
        loop.Start(1_000);

        Assert.Equal(24, loop.Total);
        Assert.Equal(1_000, loop.DueAt(0));
        Assert.Equal(1_000 + (19 * Second / 10), loop.DueAt(19));
        Assert.Equal(1_000 + (5 * Second), loop.DueAt(20));
        Assert.Equal(1_000 + (5 * Second) + (3 * Second / 4), loop.DueAt(23));
        Assert.Equal((0, 2), (loop.PhaseOf(19), loop.PhaseOf(20)));
        Assert.Equal(20, loop.FirstOf(2));
    }

    [Fact]
    public void TryTake_AfterAPause_GivesEverythingThatWasDue_AndSaysHowLate()
    {
        var loop = new OpenLoop(Phase(1, 10), Phase(1, 5));
        loop.Start(0);
        Assert.True(loop.TryTake(0, out var first));
        Assert.False(loop.TryTake((Second / 10) - 1, out _));

        // The generator slept: what was due meanwhile is still to be sent, and counts from when it was due.
        var now = Second + (Second / 5);
        var taken = 0;
        while (loop.TryTake(now, out var number))
        {
            taken++;
            Assert.Equal(taken, number);
        }

        Assert.Equal((0L, 11), (first, taken));
        Assert.Equal(1_100_000, loop.Lateness.MaxMicroseconds);
        Assert.False(loop.IsDone);
    }

    [Fact]
    public void TryTake_WhenAllAreTaken_AnswersFalse()
    {
        var loop = new OpenLoop(Phase(1, 3));
        loop.Start(0);
        for (var i = 0; i < 3; i++)
        {
            Assert.True(loop.TryTake(10 * Second, out _));
        }

        Assert.True(loop.IsDone);
        Assert.False(loop.TryTake(10 * Second, out _));
        Assert.Equal(0, loop.WaitMs(10 * Second, 50));
    }

    [Theory]
    [InlineData(0, 50, 50)]
    [InlineData(950, 50, 50)]
    [InlineData(990, 50, 10)]
    [InlineData(1_200, 50, 0)]
    public void WaitMs_IsToTheNextEvent_AndNotMore(int nowMs, int most, int expected)
    {
        var loop = new OpenLoop(Phase(1, 0), Phase(1, 1));
        loop.Start(0);

        Assert.Equal(expected, loop.WaitMs(nowMs * Second / 1_000, most));
    }

    [Fact]
    public void DueAt_EventThatIsNotThere_Throws()
    {
        var loop = new OpenLoop(Phase(1, 3));

        Assert.Throws<ArgumentOutOfRangeException>(() => loop.DueAt(3));
        Assert.Throws<ArgumentOutOfRangeException>(() => loop.DueAt(-1));
    }

    private static OpenLoop.Phase Phase(int seconds, double perSecond) => new(TimeSpan.FromSeconds(seconds), perSecond);
}
