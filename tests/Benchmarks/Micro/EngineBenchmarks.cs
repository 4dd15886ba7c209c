using BenchmarkDotNet.Attributes;
using Orleans.TestingHost;

namespace RedNote.Benchmarks.Micro;

/// <summary>One caller, one grain: the latency and the garbage of a single call.</summary>
[MemoryDiagnoser]
[Config(typeof(InThisProcess))]
public class EngineBenchmarks
{
    private InProcessTestCluster _cluster = null!;
    private ICounterGrain _grain = null!;
    private IRelayGrain _relay = null!;
    private long _next;

    [GlobalSetup]
    public async Task Setup()
    {
        _cluster = new InProcessTestClusterBuilder(1).Build();
        await _cluster.DeployAsync();
        _grain = _cluster.Client.GetGrain<ICounterGrain>(1);
        _relay = _cluster.Client.GetGrain<IRelayGrain>(1);
        await _grain.Add(1);
        await _relay.Relay(1, 1);
    }

    [GlobalCleanup]
    public async Task Cleanup() => await _cluster.DisposeAsync();

    [Benchmark]
    public Task<int> Call() => _grain.Add(1);

    [Benchmark]
    public ValueTask<int> CallWithValueTask() => _grain.AddValue(1);

    [Benchmark]
    public Task<int> CallThatYields() => _grain.AddLater(1);

    [Benchmark]
    public Task<int> CallWithNewReference() => _cluster.Client.GetGrain<ICounterGrain>(1).Add(1);

    [Benchmark(OperationsPerInvoke = 100)]
    public Task<int> GrainToGrain() => _relay.Relay(2, 100);

    [Benchmark]
    public Task<int> FirstCall() => _cluster.Client.GetGrain<ICounterGrain>(1_000_000 + _next++).Add(1);
}
