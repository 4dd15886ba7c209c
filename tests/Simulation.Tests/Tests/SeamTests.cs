using System.Collections.Concurrent;
using RedNote.Embedded.Simulation;

namespace RedNote.Simulation.Tests;

/// <summary>What leaves the thread of a simulation ends its run, and is named.</summary>
public sealed class SeamTests
{
    public static TheoryData<string> Deeds { get; } = [.. CulpritGrain.Deeds];

    [Theory]
    [MemberData(nameof(Deeds))]
    public void Grain_ThatLeavesTheThread_IsCaughtWithItsStack(string deed)
    {
        var violation = Assert.Throws<SimulationViolationException>(() => TestWorld.Run(
            (_, client) => client.Grains.GetGrain<ICulpritGrain>(1).Do(deed)));

        Assert.Contains("leave its thread", violation.Message, StringComparison.Ordinal);
        Assert.Contains($"{nameof(CulpritGrain)}.", violation.Message, StringComparison.Ordinal);
        Assert.Contains(deed, violation.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Grain_ThatStaysOnTheThread_IsFine()
        => TestWorld.Run((_, client) => client.Grains.GetGrain<ICulpritGrain>(1).Do("nothing"));

    [Fact]
    public void Client_ThatLeavesTheThread_IsCaughtWithItsStack()
    {
        var violation = Assert.Throws<SimulationViolationException>(
            () => TestWorld.Run((_, client) => client.Node.Start(LeaveFromAClient)));

        Assert.Contains(nameof(LeaveFromAClient), violation.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Simulation_OnOneThread_RunsEverythingThere()
    {
        var threads = new ConcurrentDictionary<int, string>();
        TestWorld.Run(async (cluster, client) =>
        {
            threads[Environment.CurrentManagedThreadId] = "scenario";
            await client.Node.Start(async () =>
            {
                await Task.Delay(TimeSpan.FromSeconds(1), client.Node.Time);
                threads[Environment.CurrentManagedThreadId] = "client";
            });
            await Task.Delay(TimeSpan.FromSeconds(1), cluster.Silo!.Node.Time);
            threads[Environment.CurrentManagedThreadId] = "silo";
        });

        Assert.Equal(Environment.CurrentManagedThreadId, Assert.Single(threads).Key);
    }

#pragma warning disable RS0030 // On purpose what nothing in a simulation may do.
    private static async Task LeaveFromAClient() => await Task.Delay(1);
#pragma warning restore RS0030
}
