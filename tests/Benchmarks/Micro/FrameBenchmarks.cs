using System.Collections.Immutable;
using BenchmarkDotNet.Attributes;
using RedNote.Live;

namespace RedNote.Benchmarks.Micro;

/// <summary>
/// What waits in a room becomes a frame, in the ring of those who resume too. A frame's cost; that of the danmaku
/// themselves is none of it.
/// </summary>
[MemoryDiagnoser]
[Config(typeof(InThisProcess))]
public class FrameBenchmarks
{
    private readonly RoomFrames _everything = Frames(budget: 0);
    private readonly RoomFrames _sampled = Frames(budget: 30);
    private ImmutableArray<Danmaku> _danmaku;
    private long _seq;

    [GlobalSetup]
    public void Setup() => _danmaku = Sample.ManyDanmaku(500);

    [Benchmark]
    public object Counters() => _everything.Seal(Sample.Counters(++_seq), _seq * 50);

    [Benchmark]
    public object Danmaku50() => Seal(_everything, 50);

    [Benchmark]
    public object Danmaku500() => Seal(_everything, 500);

    /// <summary>Ten thousand a second, of which thirty are shown.</summary>
    [Benchmark]
    public object Danmaku500Sampled() => Seal(_sampled, 500);

    private static RoomFrames Frames(int budget)
        => new(new LiveRoomOptions { DisplayBudgetPerSecond = budget }, 1, []);

    private RoomFrame Seal(RoomFrames frames, int count)
    {
        for (var i = 0; i < count; i++)
        {
            frames.Add(_danmaku[i]);
        }

        return frames.Seal(Sample.Counters(++_seq), _seq * 50);
    }
}
