using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.DependencyInjection;

namespace RedNote.Benchmarks.Micro;

/// <summary>
/// A grain raises danmaku as a live room does, with the rows of its tape, and answers when they are on the disk:
/// SQLite, synchronous=FULL, in a temporary folder. Per event.
/// </summary>
[MemoryDiagnoser]
[Config(typeof(InThisProcess))]
public class JournalBenchmarks
{
    private const int Batch = 500;
    private const int Grains = 64;

    private readonly Task[] _raising = new Task[Grains];
    private BenchmarkSilo _silo = null!;
    private IDiaryGrain[] _diaries = null!;

    /// <summary>BenchmarkDotNet does not wait for the end of a task here.</summary>
    [GlobalSetup]
    public void Setup() => Start().GetAwaiter().GetResult();

    [GlobalCleanup]
    public void Cleanup() => _silo.DisposeAsync().AsTask().GetAwaiter().GetResult();

    /// <summary>One event, and the next when it is durable.</summary>
    [Benchmark]
    public Task OneByOne() => _diaries[0].Write(1);

    /// <summary>As a full batch of a gateway.</summary>
    [Benchmark(OperationsPerInvoke = Batch)]
    public Task InBatches() => _diaries[0].Write(Batch);

    /// <summary>Sixty-four rooms with an event each at the same time.</summary>
    [Benchmark(OperationsPerInvoke = Grains)]
    public Task OfManyGrains()
    {
        for (var i = 0; i < Grains; i++)
        {
            _raising[i] = _diaries[i].Write(1);
        }

        return Task.WhenAll(_raising);
    }

    private async Task Start()
    {
        _silo = await BenchmarkSilo.Start();
        var grains = _silo.Services.GetRequiredService<IGrainFactory>();
        _diaries = [.. Enumerable.Range(1, Grains).Select(key => grains.GetGrain<IDiaryGrain>(key))];
        await Task.WhenAll(_diaries.Select(diary => diary.Write(1)));
    }
}
