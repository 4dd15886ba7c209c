namespace RedNote.Load.Measure;

/// <summary>What a histogram comes to, in milliseconds.</summary>
public sealed record Latency(long Count, double P50Ms, double P99Ms, double MaxMs)
{
    public static Latency Of(Histogram histogram) => new(
        histogram.Count, histogram.Percentile(0.5) / 1000.0, histogram.Percentile(0.99) / 1000.0,
        histogram.MaxMicroseconds / 1000.0);
}
