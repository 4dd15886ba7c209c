using System.Diagnostics;
using RedNote.Load.Gala;

namespace RedNote.Load.Tests.Gala;

public sealed class GalaPaceTests
{
    [Fact]
    public void Bursts_OfTheDefaultEvening_LeaveTheAverageAsItIs()
    {
        var pace = new GalaPace(average: 10_500, times: 10, burstSeconds: 5, everySeconds: 60, seconds: 300);

        Assert.Equal(5, pace.Bursts);
        Assert.Equal(105_000, pace.BurstRate);
        Assert.Equal(((10_500 * 60) - (105_000 * 5)) / 55.0, pace.BaseRate, precision: 9);
        Assert.Equal(10_500 * 300, pace.CountBy(300), precision: 3);
        Assert.Equal(10_500 * 60, pace.CountBy(60), precision: 3);
    }

    [Theory]
    [InlineData(300, 60, 5)]
    [InlineData(90, 60, 1)]
    [InlineData(119, 60, 1)]
    [InlineData(120, 60, 2)]
    [InlineData(20, 60, 1)]
    public void Bursts_OfAnyEvening_AreAsManyAsFitAndFillIt(int seconds, int every, int bursts)
    {
        var pace = new GalaPace(1_000, times: 3, burstSeconds: 5, every, seconds);

        Assert.Equal(bursts, pace.Bursts);
        Assert.Equal(1_000.0 * seconds, pace.CountBy(seconds), precision: 3);
        var inBursts = Enumerable.Range(0, seconds * 10).Count(tenth => pace.IsBurst(tenth / 10.0));
        Assert.InRange(inBursts, (bursts * 50) - bursts, (bursts * 50) + bursts);
    }

    [Fact]
    public void CountBy_WithinAndOutsideABurst_GrowsAtItsRate()
    {
        var pace = new GalaPace(1_000, times: 4, burstSeconds: 10, everySeconds: 60, seconds: 120);
        foreach (var at in (double[])[1, 20, 31, 50, 62, 92])
        {
            var rate = (pace.CountBy(at + 0.01) - pace.CountBy(at)) / 0.01;
            Assert.Equal(pace.IsBurst(at) ? 4_000 : 400, rate, precision: 4);
        }

        Assert.True(pace.IsBurst(31));
        Assert.True(pace.IsBurst(92));
    }

    [Theory]
    [InlineData(12, 1.0)]
    [InlineData(10, 0.12)]
    [InlineData(6, 0.02)]
    public void Schedule_OfAKind_IsDueWhenItsShareOfAllIs(int times, double share)
    {
        // At 12 times, 5 of 60 seconds, nothing is left between the bursts.
        var pace = new GalaPace(1_000, times, burstSeconds: 5, everySeconds: 60, seconds: 180);
        var schedule = pace.Schedule(share);
        schedule.Start(0);

        Assert.InRange(schedule.Total, (180_000 * share) - 7, 180_000 * share);
        for (var number = 0L; number < schedule.Total; number += 97)
        {
            var due = (double)schedule.DueAt(number) / Stopwatch.Frequency;

            // Each phase leaves out an incomplete last one.
            Assert.InRange(pace.CountBy(due) * share, number - 0.01, number + 7);
            Assert.Equal(schedule.PhaseOf(number) % 2 == 1, pace.IsBurst(due + 1e-6));
        }
    }

    [Fact]
    public void New_MoreInBurstsThanInAll_IsRefused()
    {
        var refused = Assert.Throws<LoadException>(() => new GalaPace(1_000, 13, 5, 60, 60));

        Assert.Contains("longer evening", refused.Message, StringComparison.Ordinal);
    }
}
