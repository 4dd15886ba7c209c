using System.Numerics;

namespace RedNote.Load.Measure;

/// <summary>
/// Counts durations in log-linear buckets, the idea of Gil Tene's HdrHistogram: within each power of two
/// <see cref="Steps"/> equal buckets, so a reading is off by less than 1/64 whatever its size, and recording is an
/// increment. Unit: microseconds; up to about 35 minutes, longer ones count in the last bucket. Not thread-safe.
/// </summary>
public sealed class Histogram
{
    private const int StepBits = 6;
    private const int Steps = 1 << StepBits;
    private const int LargestBit = 31;

    private readonly long[] _counts = new long[(LargestBit - StepBits + 2) * Steps];

    public long Count { get; private set; }

    /// <summary>The longest, exactly.</summary>
    public long MaxMicroseconds { get; private set; }

    public void Record(long microseconds)
    {
        var value = Math.Max(0, microseconds);
        _counts[Bucket(Math.Min(value, (1L << (LargestBit + 1)) - 1))]++;
        Count++;
        if (value > MaxMicroseconds)
        {
            MaxMicroseconds = value;
        }
    }

    /// <summary>Takes in what another one recorded.</summary>
    public void Add(Histogram other)
    {
        for (var i = 0; i < _counts.Length; i++)
        {
            _counts[i] += other._counts[i];
        }

        Count += other.Count;
        MaxMicroseconds = Math.Max(MaxMicroseconds, other.MaxMicroseconds);
    }

    /// <summary>The duration that this share (0 to 1) of all recorded ones did not pass; 0 when there are none.
    /// </summary>
    public long Percentile(double share)
    {
        var rank = Math.Max(1, (long)Math.Ceiling(share * Count));
        var seen = 0L;
        for (var i = 0; i < _counts.Length; i++)
        {
            seen += _counts[i];
            if (seen >= rank)
            {
                return Math.Min(UpperEdge(i), MaxMicroseconds);
            }
        }

        return MaxMicroseconds;
    }

    private static int Bucket(long value)
    {
        if (value < Steps)
        {
            return (int)value;
        }

        var shift = BitOperations.Log2((ulong)value) - StepBits;
        return ((shift + 1) << StepBits) + (int)(value >> shift) - Steps;
    }

    private static long UpperEdge(int bucket)
    {
        if (bucket < Steps)
        {
            return bucket;
        }

        var shift = (bucket >> StepBits) - 1;
        return (((long)(bucket & (Steps - 1)) + Steps + 1) << shift) - 1;
    }
}
