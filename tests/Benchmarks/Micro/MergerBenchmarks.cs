using BenchmarkDotNet.Attributes;
using RedNote.Live;

namespace RedNote.Benchmarks.Micro;

/// <summary>
/// A batch of 500 danmaku goes through the merger as a room lets them: their texts in the form in which they are
/// compared, then found or watched. Per danmaku.
/// </summary>
[MemoryDiagnoser]
[Config(typeof(InThisProcess))]
public class MergerBenchmarks
{
    private const int Batch = 500;
    private const int Batches = 100;

    private readonly string[] _texts = [.. Enumerable.Range(0, Batch * Batches).Select(i => Sample.Text(i))];
    private readonly char[] _form = new char[1 + TextFold.MaxLength];
    private readonly LiveRoomOptions _options = new();
    private Merger _merger = null!;
    private long _batch;
    private long _seq;

    [GlobalSetup]
    public void Setup() => _merger = new Merger(_options);

    /// <summary>Nobody says what another has said.</summary>
    [Benchmark(OperationsPerInvoke = Batch)]
    public int AllDiffer() => Take(distinct: Batch);

    /// <summary>Ten texts, said by fifty people each.</summary>
    [Benchmark(OperationsPerInvoke = Batch)]
    public int TenTexts() => Take(distinct: 10);

    private int Take(int distinct)
    {
        var now = ++_batch * 50;
        var first = (int)(_batch % Batches) * Batch;
        var merged = 0;
        _merger.BeginBatch();
        for (var i = 0; i < Batch; i++)
        {
            var length = TextFold.Write(_texts[first + (i % distinct)], _form, out _);
            var form = _form.AsSpan(0, length);
            var user = new UserId(1 + i);
            if (_merger.Find(form, user, now, _options.MergeSenders).Seq > 0)
            {
                merged++;
            }
            else
            {
                _merger.Watch(form, ++_seq, user, now);
            }
        }

        return merged;
    }
}
