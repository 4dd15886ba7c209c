using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using RedNote.Embedded.Simulation;

namespace RedNote.Simulation.Tests;

public sealed class ClockTests
{
    [Fact]
    public void WallClock_WhenItIsMoved_MovesNoTimerAndNoTimestamp() => TestWorld.Run(async (cluster, client) =>
    {
        var clock = client.Node.Time;
        var wall = clock.GetUtcNow();
        var stamp = clock.GetTimestamp();
        var delay = Task.Delay(TimeSpan.FromSeconds(10), clock);

        cluster.MoveWallClock(TimeSpan.FromHours(1));
        Assert.Equal(TimeSpan.FromHours(1), Rounded(clock.GetUtcNow() - wall));
        Assert.Equal(TimeSpan.Zero, Rounded(clock.GetElapsedTime(stamp)));
        await delay;
        Assert.Equal(TimeSpan.FromSeconds(10), Rounded(clock.GetElapsedTime(stamp)));

        cluster.MoveWallClock(TimeSpan.FromHours(-2));
        Assert.Equal(TimeSpan.FromHours(-1) + TimeSpan.FromSeconds(10), Rounded(clock.GetUtcNow() - wall));
        Assert.Equal(Rounded(clock.GetUtcNow() - wall), Rounded(cluster.Silo!.Node.Time.GetUtcNow() - wall));

        // Turns take a little virtual time too.
        static TimeSpan Rounded(TimeSpan time) => TimeSpan.FromSeconds(Math.Round(time.TotalSeconds, 1));
    });

    [Fact]
    public void Time_WithNothingToDo_JumpsToTheNextTimer()
    {
        var begin = TimeProvider.System.GetTimestamp();

        TestWorld.Run((cluster, _) => Task.Delay(TestWorld.Limit / 2, cluster.Silo!.Node.Time));

        Assert.True(TimeProvider.System.GetElapsedTime(begin) < TestWorld.Limit / 60);
    }

    [Fact]
    public void Scenario_ThatDoesNotEnd_IsAViolation()
    {
        var endless = Assert.Throws<SimulationViolationException>(
            () => TestWorld.Run((cluster, _) => Task.Delay(TestWorld.Limit * 2, cluster.Silo!.Node.Time)));
        var busy = Assert.Throws<SimulationViolationException>(() => TestWorld.Run(
            async (_, _) =>
            {
                while (true) await Task.Yield();
            },
            options => options.TurnLimit = 1_000));

        Assert.Contains("has not ended within 01:00:00", endless.Message, StringComparison.Ordinal);
        Assert.Contains("has not ended within 1000 turns", busy.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Silo_WithTheRealClockAmongItsServices_IsCaught()
    {
        var violation = Assert.Throws<SimulationViolationException>(() => TestWorld.Run(
            (_, _) => Task.CompletedTask,
            configure: silo => silo.Services.Replace(ServiceDescriptor.Singleton(TimeProvider.System))));

        Assert.Contains("a clock other than that of their node", violation.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Grain_ThatHoldsTheRealClock_IsCaughtBeforeItRuns()
    {
        var violation = Assert.Throws<SimulationViolationException>(() => TestWorld.Run(
            (_, client) => client.Grains.GetGrain<IClockedGrain>(1).Touch()));

        Assert.Contains(nameof(ClockedGrain), violation.Message, StringComparison.Ordinal);
        Assert.Contains("SystemTimeProvider", violation.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Grain_WithAServiceThatHoldsTheRealClock_IsCaught()
    {
        var violation = Assert.Throws<SimulationViolationException>(() => TestWorld.Run(
            (_, client) => client.Grains.GetGrain<IServedGrain>(1).Touch(),
            configure: silo => silo.Services.AddSingleton(new Watch(TimeProvider.System))));

        Assert.Contains(nameof(Watch), violation.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Grain_WithAServiceThatHoldsTheNodesClock_IsFine() => TestWorld.Run(
        (_, client) => client.Grains.GetGrain<IServedGrain>(1).Touch(),
        configure: silo => silo.Services.AddSingleton<Watch>());
}

[Alias("simulation.clocked")]
public interface IClockedGrain : IGrainWithIntegerKey
{
    [Alias("touch")]
    Task Touch();
}

/// <summary>Looks at a clock that nobody gave it.</summary>
public sealed class ClockedGrain : Grain, IClockedGrain
{
    private readonly TimeProvider _time = TimeProvider.System;

    public Task Touch() => Task.FromResult(_time.GetUtcNow());
}

[Alias("simulation.served")]
public interface IServedGrain : IGrainWithIntegerKey
{
    [Alias("touch")]
    Task Touch();
}

public sealed class ServedGrain(Watch watch) : Grain, IServedGrain
{
    public Task Touch() => Task.FromResult(watch);
}

public sealed class Watch(TimeProvider time)
{
    public TimeProvider Time => time;
}
