using RedNote.Load.Measure;

namespace RedNote.Load.Tests;

public sealed class HistogramTests
{
    [Theory]
    [InlineData(0.5)]
    [InlineData(0.9)]
    [InlineData(0.99)]
    [InlineData(0.999)]
    [InlineData(1)]
    public void Percentile_ManySizes_IsWithinOneSixtyFourthAboveTheTruth(double share)
    {
        var random = new Random(20261121);
        var values = Enumerable.Range(0, 20_000).Select(_ => (long)Math.Exp(random.NextDouble() * 20)).ToArray();
        var histogram = new Histogram();
        foreach (var value in values)
        {
            histogram.Record(value);
        }

        var truth = values.Order().ElementAt((int)Math.Ceiling(share * values.Length) - 1);
        Assert.InRange(histogram.Percentile(share), truth, truth + (truth / 64.0));
        Assert.Equal(values.Max(), histogram.MaxMicroseconds);
    }

    [Fact]
    public void Percentile_NothingRecorded_IsZero() => Assert.Equal(0, new Histogram().Percentile(0.99));

    [Fact]
    public void Record_LongerThanTheLastBucket_StillCounts()
    {
        var histogram = new Histogram();
        histogram.Record(long.MaxValue);
        histogram.Record(1);

        Assert.Equal(2, histogram.Count);
        Assert.Equal(1, histogram.Percentile(0.5));
        Assert.Equal(long.MaxValue, histogram.MaxMicroseconds);
    }

    [Fact]
    public void Add_OfAnother_IsAsIfAllHadBeenRecordedHere()
    {
        var (one, other, both) = (new Histogram(), new Histogram(), new Histogram());
        for (var i = 1; i <= 1_000; i++)
        {
            (i % 3 == 0 ? one : other).Record(i * 17);
            both.Record(i * 17);
        }

        one.Add(other);

        Assert.Equal(1_000, one.Count);
        Assert.Equal(17_000, one.MaxMicroseconds);
        Assert.All([0.01, 0.5, 0.99], share => Assert.Equal(both.Percentile(share), one.Percentile(share)));
    }
}
