using RedNote.Embedded.Simulation;

namespace RedNote.Simulation.Tests;

/// <summary>A seed means the same for ever: these numbers must not change.</summary>
public sealed class SimulationRandomTests
{
    [Fact]
    public void Next_OfASeed_IsThatOfSplitMix64()
    {
        // The reference values of the algorithm for seed 1234567.
        var random = new SimulationRandom(1234567);

        ulong[] drawn = [random.Next(), random.Next(), random.Next(), random.Next(), random.Next()];

        Assert.Equal(
            [
                6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431,
                16408922859458223821,
            ],
            drawn);
    }

    [Fact]
    public void Fork_ForAPurpose_DoesNotDependOnWhatWasDrawn()
    {
        var fresh = new SimulationRandom(5);
        var used = new SimulationRandom(5);
        for (var i = 0; i < 100; i++) used.Next();

        Assert.Equal(fresh.Fork("calls").Next(), used.Fork("calls").Next());
        Assert.NotEqual(fresh.Fork("calls").Next(), fresh.Fork("disk").Next());
    }

    [Fact]
    public void Numbers_WithinBounds_ReachBothEnds()
    {
        var random = new SimulationRandom(9);
        var drawn = Enumerable.Range(0, 1_000).Select(_ => random.Next(7)).ToList();

        Assert.Equal([0, 1, 2, 3, 4, 5, 6], drawn.Distinct().Order());
        Assert.All(Enumerable.Range(0, 7), number => Assert.InRange(drawn.Count(n => n == number), 90, 200));
        Assert.Throws<ArgumentOutOfRangeException>(() => random.Next(0));
    }

    [Fact]
    public void Chance_OfAProbability_ComesThatOften()
    {
        var random = new SimulationRandom(11);

        Assert.InRange(Enumerable.Range(0, 10_000).Count(_ => random.Chance(0.1)), 900, 1_100);
        Assert.DoesNotContain(Enumerable.Range(0, 100), _ => random.Chance(0));
        Assert.All(Enumerable.Range(0, 100), _ => Assert.True(random.Chance(1)));
    }

    [Fact]
    public void Delay_BetweenTwoTimes_IsShortMoreOftenThanLong()
    {
        var random = new SimulationRandom(13);
        var (shortest, longest) = (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(9));

        var delays = Enumerable.Range(0, 1_000).Select(_ => random.Delay(shortest, longest)).ToList();
        var evens = Enumerable.Range(0, 1_000).Select(_ => random.Between(shortest, longest)).ToList();

        Assert.All([.. delays, .. evens], delay => Assert.InRange(delay, shortest, longest));
        Assert.InRange(delays.Count(delay => delay < TimeSpan.FromSeconds(2)), 400, 600);
        Assert.InRange(evens.Count(delay => delay < TimeSpan.FromSeconds(2)), 90, 160);
    }

    [Fact]
    public void StableHash_OfAText_IsTheSameForEver()
    {
        // The published values of FNV-1a with 64 bits.
        Assert.Equal(0xcbf29ce484222325, StableHash.Of(""));
        Assert.Equal(0xaf63dc4c8601ec8c, StableHash.Of("a"));
        Assert.Equal(0x85944171f73967e8, StableHash.Of("foobar"));
    }
}
