using RedNote.Embedded.Simulation;
using RedNote.Journal;
using RedNote.Simulation.Ledger;
using RedNote.Simulation.Runner;
using RedNote.Testing;

namespace RedNote.Simulation.Tests;

public sealed class ShrinkerTests
{
    [Fact]
    public void Shrinker_OfAFailureThatNeedsLittle_FindsJustThat()
    {
        var runs = 0;

        var shrinker = Shrinker.Shrink(Run(new SeedRequest("ledger", 1)), Run, Shrinker.MaxRuns, default);

        Assert.Equal(NumberSet.AllBut([7, 30]).ToString(), shrinker.Smallest.WithoutFaults.ToString());
        Assert.Equal(NumberSet.AllBut([650]).ToString(), shrinker.Smallest.WithoutCommands.ToString());
        Assert.InRange(runs, 1, Shrinker.MaxRuns + 1);

        SeedResult Run(SeedRequest request)
        {
            runs++;
            var fails = Has(request.WithoutFaults, 7) && Has(request.WithoutFaults, 30)
                && Has(request.WithoutCommands, 650);
            return Result(fails ? $"client {runs} lost 12" : null);
        }
    }

    [Fact]
    public void Shrinker_OfAnotherFailureOnTheWay_DoesNotTakeItForTheSame()
    {
        var shrinker = Shrinker.Shrink(Run(new SeedRequest("ledger", 1)), Run, Shrinker.MaxRuns, default);

        Assert.True(Has(shrinker.Smallest.WithoutFaults, 99));

        static SeedResult Run(SeedRequest request)
            => Result(Has(request.WithoutFaults, 99) ? "client 5 lost 12" : "client 5 found 12");
    }

    [Fact]
    public void Shrinker_OfALostWrite_LeavesLessAndTheSameViolation()
    {
        var failed = Enumerable.Range(1, 50).Select(seed => Run(new SeedRequest("ledger", (ulong)seed)))
            .First(result => result.Violation is not null);

        var shrinker = Shrinker.Shrink(failed, Run, maxRuns: 50, TestContext.Current.CancellationToken);
        var small = Run(shrinker.Smallest);

        Assert.Equal(Shrinker.KindOf(failed), Shrinker.KindOf(small));
        Assert.True(
            small.CommandsGiven < failed.CommandsGiven && small.FaultCount < failed.FaultCount,
            $"from {failed.CommandsGiven} commands and {failed.FaultCount} faults"
            + $" to {small.CommandsGiven} and {small.FaultCount} in {shrinker.Runs} runs");
        Assert.Equal(small.Hash, Run(shrinker.Smallest).Hash);

        static SeedResult Run(SeedRequest request)
        {
            var bounds = SeedRun.Vary(request.Seed);
            bounds.CommandsLeftOut = request.WithoutCommands;
            bounds.Journal = (store, _) => new ForgetfulJournal(store);
            return SeedRun.Execute(
                "ledger", () => new LedgerWorkload(), request.Seed,
                new SimulationOptions { FaultsLeftOut = request.WithoutFaults }, bounds);
        }
    }

    private static bool Has(NumberSet without, int number) => !without.Contains(number);

    private static SeedResult Result(string? violation) => new(
        "ledger", 1, 700, 700, 1, TimeSpan.Zero, 0, [], 100,
        violation is null ? null : new SimulationViolationException(violation), []);

    /// <summary>After each failure says once that it has stored what it has not.</summary>
    private sealed class ForgetfulJournal(IJournalStore store) : JournalStoreOver(store)
    {
        private bool _hasFailed;

        public override async Task<AppendOutcome[]> AppendAsync(
            IReadOnlyList<JournalAppend> batch, CancellationToken cancellationToken)
        {
            if (_hasFailed)
            {
                _hasFailed = false;
                return [.. batch.Select(_ => AppendOutcome.Stored)];
            }

            try
            {
                return await base.AppendAsync(batch, cancellationToken);
            }
            catch (JournalUnavailableException)
            {
                _hasFailed = true;
                throw;
            }
        }
    }
}
