using Orleans.Concurrency;

namespace RedNote.Embedded.Tests.Conformance;

[Alias("conformance.worker")]
public interface IWorkerGrain : IGrainWithStringKey
{
    /// <summary>Notes "{name} in", passes the gate {key}/{name}; which activation it was.</summary>
    Task<int> Work(string name);
}

[StatelessWorker(Most)]
public sealed class WorkerGrain(Signals signals) : Grain, IWorkerGrain
{
    public const int Most = 3;

    private static int _activations;

    private readonly int _activation = Interlocked.Increment(ref _activations);

    public async Task<int> Work(string name)
    {
        var key = this.GetPrimaryKeyString();
        signals.Note(key, name + " in");
        await signals.Pass($"{key}/{name}");
        return _activation;
    }
}

/// <summary>Stateless workers.</summary>
public sealed class WorkerTests(ConformanceCluster cluster) : IClassFixture<ConformanceCluster>
{
    [Fact]
    public async Task StatelessWorker_UnderLoad_HasUpToNActivationsAndNoMore()
    {
        const string key = nameof(StatelessWorker_UnderLoad_HasUpToNActivationsAndNoMore);
        var grain = cluster.Client.GetGrain<IWorkerGrain>(key);
        var names = Enumerable.Range(0, WorkerGrain.Most * 4).Select(i => $"call {i}").ToArray();
        var calls = names.Select(grain.Work).ToArray();
        await cluster.Signals.Until(key, "three at once", notes => notes.Length == WorkerGrain.Most);

        // Whoever is let go makes room for exactly one more.
        foreach (var done in Enumerable.Range(0, names.Length - WorkerGrain.Most))
        {
            var name = cluster.Signals.Notes(key)[done].Replace(" in", "", StringComparison.Ordinal);
            cluster.Signals.Open($"{key}/{name}");
            var expected = WorkerGrain.Most + done + 1;
            var notes = await cluster.Signals.Until(key, $"{expected} calls", seen => seen.Length >= expected);
            Assert.Equal(expected, notes.Length);
        }
        foreach (var name in names)
            cluster.Signals.Open($"{key}/{name}");

        var activations = await Signals.Within("all calls", Task.WhenAll(calls));
        Assert.Equal(WorkerGrain.Most, activations.Distinct().Count());
    }
}
