using BenchmarkDotNet.Attributes;
using RedNote.Frontend.Live;
using RedNote.Live;

namespace RedNote.Benchmarks.Micro;

/// <summary>A frame becomes the bytes that all viewers of it are written; once for each frame.</summary>
[MemoryDiagnoser]
[Config(typeof(InThisProcess))]
public class EncodingBenchmarks
{
    private readonly FrameEncoder _encoder = new(new RoomHubProtocol());

    [Params(0, 50, 500)]
    public int Danmaku { get; set; }

    private RoomFrame Frame { get; set; } = null!;

    [GlobalSetup]
    public void Setup() => Frame = new RoomFrame(
        1, 1, 50, Sample.Counters(1_000_000), Danmaku == 0 ? null : Sample.ManyDanmaku(Danmaku), null, null, null);

    [Benchmark]
    public int Encode() => _encoder.Encode(Sample.Room, Frame).Bytes;
}
