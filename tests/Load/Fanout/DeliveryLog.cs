using System.Diagnostics;
using RedNote.Load.Measure;

namespace RedNote.Load.Fanout;

/// <summary>
/// Which viewer got which danmaku, once, twice or never, and how late. Latency counts from the moment the danmaku was
/// due, not from when a busy generator or a server that pushes back let it go (no coordinated omission).
/// </summary>
public sealed class DeliveryLog(int viewers, int warmup, int measured, double ticksPerMessage)
{
    private readonly ulong[][] _seen =
        [.. Enumerable.Range(0, viewers).Select(_ => new ulong[(measured + 63) / 64])];

    private long _start;

    public Histogram Latency { get; } = new();

    /// <summary>All danmaku that came, those of the warm-up and repeats included.</summary>
    public long Deliveries { get; private set; }

    /// <summary>Different danmaku per viewer, of the measured ones, over all viewers.</summary>
    public long Distinct { get; private set; }

    public long Duplicates { get; private set; }

    public long Expected => (long)viewers * measured;

    public int Total => warmup + measured;

    public bool IsComplete => Distinct == Expected;

    /// <summary>From now on danmaku number n is due n intervals later.</summary>
    public void Start(long now) => _start = now;

    public long DueAt(int number) => _start + (long)(number * ticksPerMessage);

    public void Record(int viewer, int number, long now)
    {
        Deliveries++;
        var index = number - warmup;
        if (index < 0 || index >= measured)
        {
            return;
        }

        ref var word = ref _seen[viewer][index / 64];
        var bit = 1UL << (index % 64);
        if ((word & bit) != 0)
        {
            Duplicates++;
            return;
        }

        word |= bit;
        Distinct++;
        Latency.Record((long)Stopwatch.GetElapsedTime(DueAt(number), now).TotalMicroseconds);
    }
}
