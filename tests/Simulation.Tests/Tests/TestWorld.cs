using RedNote.Embedded.Simulation;

namespace RedNote.Simulation.Tests;

/// <summary>Small simulations, without faults unless they are asked for.</summary>
internal static class TestWorld
{
    public static readonly TimeSpan Limit = TimeSpan.FromHours(1);

    public static SimulationCluster Create(
        Action<SimulationOptions>? options = null, Action<ISiloBuilder>? configure = null)
    {
        var calm = new SimulationOptions { KindsLeftOut = 0 };
        calm.Rates.Clear();
        options?.Invoke(calm);
        return new SimulationCluster(1, calm, (silo, _) => configure?.Invoke(silo));
    }

    /// <summary>Options in which one kind of fault strikes always.</summary>
    public static Action<SimulationOptions> Always(params FaultKind[] kinds) => options =>
    {
        // A run varies the rate by a quarter at least.
        foreach (var kind in kinds) options.Rates[kind] = 4;
    };

    /// <summary>Runs a scenario in a cluster with one silo and one client.</summary>
    public static void Run(
        Func<SimulationCluster, SimulatedClient, Task> scenario,
        Action<SimulationOptions>? options = null,
        Action<ISiloBuilder>? configure = null)
    {
        using var cluster = Create(options, configure);
        cluster.Run(
            async () =>
            {
                await cluster.StartSilo();
                await scenario(cluster, cluster.AddClient("client"));
            },
            Limit);
    }
}
