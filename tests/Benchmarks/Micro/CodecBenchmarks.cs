using BenchmarkDotNet.Attributes;
using RedNote.Journal;
using RedNote.Live;

namespace RedNote.Benchmarks.Micro;

/// <summary>A room's events become the payload of a row, and are read again. Per event.</summary>
[MemoryDiagnoser]
[Config(typeof(InThisProcess))]
public class CodecBenchmarks
{
    private const int Batch = 500;
    private const int MaxBytes = 256 * 1024;

    private readonly EventCodec<LiveRoomEvent> _codec =
        new(LiveRoomJson.Journal.LiveRoomEvent, new FrequentRoomEvents());
    private readonly LiveRoomEvent[] _events = [.. Enumerable.Range(1, Batch).Select(seq => Sample.Sent(seq))];
    private readonly LogId _log = new("room", "1");
    private JournalRow _row = null!;

    [GlobalSetup]
    public void Setup() => _row = new JournalRow(1, Batch, 1, _codec.Write(_events, MaxBytes));

    [Benchmark]
    public int WriteOne() => _codec.Write(_events.AsSpan(0, 1), MaxBytes).Length;

    [Benchmark(OperationsPerInvoke = Batch)]
    public int WriteBatch() => _codec.Write(_events, MaxBytes).Length;

    [Benchmark(OperationsPerInvoke = Batch)]
    public int ReadBatch() => _codec.Read(_log, _row).Count;
}
