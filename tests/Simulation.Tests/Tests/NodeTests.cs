using RedNote.Embedded.Simulation;

namespace RedNote.Simulation.Tests;

public sealed class NodeTests
{
    [Fact]
    public void Client_KilledAtAnAwait_DoesNotGoOn()
    {
        var steps = new List<string>();
        TestWorld.Run(async (cluster, client) =>
        {
            _ = client.Node.Start(async () =>
            {
                steps.Add("one");
                await Task.Delay(TimeSpan.FromSeconds(1), client.Node.Time);
                steps.Add("two");
                await Task.Delay(TimeSpan.FromSeconds(1), client.Node.Time);
                steps.Add("three");
            });
            var clock = cluster.Silo!.Node.Time;
            await Task.Delay(TimeSpan.FromSeconds(1.5), clock);
            cluster.Kill(client);
            await Task.Delay(TimeSpan.FromMinutes(1), clock);
        });

        Assert.Equal(["one", "two"], steps);
    }

    [Fact]
    public void Silo_KilledInACall_TellsTheCallerAndDoesNotGoOn()
    {
        SleeperGrain.Woken.Value = 0;
        TestWorld.Run(async (cluster, client) =>
        {
            var sleeper = client.Grains.GetGrain<ISleeperGrain>(1);
            var done = sleeper.Sleep(TimeSpan.FromSeconds(2));
            await Task.Delay(TimeSpan.FromSeconds(1), client.Node.Time);
            var old = cluster.Silo!;
            cluster.Kill(old);

            await Assert.ThrowsAsync<SiloUnavailableException>(() => done);
            Assert.False(old.IsAlive);
            Assert.Null(cluster.Silo);
            await Task.Delay(TimeSpan.FromMinutes(1), client.Node.Time);
            Assert.Equal(0, SleeperGrain.Woken.Value);

            await cluster.StartSilo();
            await cluster.Calm();
            await sleeper.Sleep(TimeSpan.FromSeconds(1));
            Assert.Equal(1, SleeperGrain.Woken.Value);
        });
    }

    [Fact]
    public void Chaos_WithCrashes_KillsAndReplacesSilos()
    {
        using var cluster = TestWorld.Create(options =>
        {
            options.Rates[FaultKind.Crash] = 4;
            options.Rates[FaultKind.StaleSilo] = 4;
        });
        cluster.Run(
            async () =>
            {
                await cluster.StartSilo();
                var client = cluster.AddClient("client");
                cluster.StartChaos();
                await Task.Delay(TimeSpan.FromMinutes(20), client.Node.Time);
                await cluster.Calm();
                Assert.Single(cluster.Silos);
                await client.Grains.GetGrain<ISleeperGrain>(2).Sleep(TimeSpan.Zero);
            },
            TestWorld.Limit);

        Assert.InRange(cluster.Faults.Count(FaultKind.Crash), 10, 250);
        Assert.InRange(cluster.Faults.Count(FaultKind.StaleSilo), 10, 250);
        Assert.True(cluster.WasShared);
    }

    [Fact]
    public void Violation_OnANode_EndsTheRun()
    {
        var violation = Assert.Throws<SimulationViolationException>(() => TestWorld.Run((cluster, client) =>
        {
            _ = client.Node.Start(() =>
            {
                cluster.Violate("It is wrong.");
                return Task.CompletedTask;
            });
            return Task.Delay(TestWorld.Limit / 2, client.Node.Time);
        }));

        Assert.Equal("It is wrong.", violation.Message);
    }
}

[Alias("simulation.sleeper")]
public interface ISleeperGrain : IGrainWithIntegerKey
{
    [Alias("sleep")]
    Task Sleep(TimeSpan time);
}

public sealed class SleeperGrain(TimeProvider clock) : Grain, ISleeperGrain
{
    /// <summary>How many have slept to the end, in the run of this thread.</summary>
    internal static ThreadLocal<int> Woken { get; } = new();

    public async Task Sleep(TimeSpan time)
    {
        await Task.Delay(time, clock);
        Woken.Value++;
    }
}
