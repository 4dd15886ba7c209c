using System.Diagnostics;
using RedNote.Load.Measure;

namespace RedNote.Load.Fanout;

/// <summary>
/// Which viewer got which danmaku, once, twice or never, and how late. Latency counts from the moment the danmaku was
/// due, not from when a busy generator or a server that pushes back let it go (no coordinated omission).
/// </summary>
/// <param name="viewers">Connections.</param>
/// <param name="warmup">The first so many danmaku do not count.</param>
/// <param name="schedule">When each danmaku is due.</param>
public sealed class DeliveryLog(int viewers, int warmup, OpenLoop schedule)
{
    private readonly int _measured = (int)schedule.Total - warmup;
    private readonly ulong[][] _seen =
        [.. Enumerable.Range(0, viewers).Select(_ => new ulong[(schedule.Total - warmup + 63) / 64])];

    public Histogram Latency { get; } = new();

    /// <summary>All danmaku that came, those of the warm-up and repeats included.</summary>
    public long Deliveries { get; private set; }

    /// <summary>Different danmaku per viewer, of the measured ones, over all viewers.</summary>
    public long Distinct { get; private set; }

    public long Duplicates { get; private set; }

    public long Expected => (long)viewers * _measured;

    public long Total => schedule.Total;

    public bool IsComplete => Distinct == Expected;

    public long DueAt(int number) => schedule.DueAt(number);

    /// <summary>Takes down a danmaku of that number, which was due then (<see cref="DueAt"/>).</summary>
    public void Record(int viewer, int number, long due, long now)
    {
        Deliveries++;
        var index = number - warmup;
        if (index < 0 || index >= _measured)
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
        Latency.Record((long)Stopwatch.GetElapsedTime(due, now).TotalMicroseconds);
    }
}
