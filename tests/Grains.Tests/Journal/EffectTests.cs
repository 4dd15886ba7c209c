using System.Collections.Immutable;
using RedNote.Journal;

namespace RedNote.Grains.Tests.Journal;

/// <summary>Effects reach their receivers at least once, are applied once, and wait for nobody else.</summary>
public sealed class EffectTests(GrainCluster cluster) : IClassFixture<GrainCluster>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private static int _last;
    private readonly string _key = $"debtor {Interlocked.Increment(ref _last)}";

    private ILedgerGrain Debtor => cluster.Grains.GetGrain<ILedgerGrain>(_key);

    [Fact]
    public async Task Effect_OfAStoredEvent_IsAppliedAndSettled()
    {
        Assert.True(await Debtor.Owe("a", [Name("b"), Name("c")], Limit));
        Assert.True(await Debtor.Owe("b", [Name("b")], Limit));
        Assert.Equal(["a", "b"], await Words("b"));
        Assert.Equal(["a"], await Words("c"));
        await Eventually.Holds("an empty outbox", async () => (await Owed()).Count == 0);
    }

    [Fact]
    public async Task Effect_OfAnEventThatWasNotStored_IsNeverSent()
    {
        cluster.Journal.FailNext(new LogId("ledger", _key), afterTakingEffect: false);
        await Assert.ThrowsAsync<TryAgainException>(() => Debtor.Owe("a", [Name("b")], Limit));
        await Eventually.Holds("a new activation", async () => await TryOwe("b", "b"));
        Assert.Equal(["b"], await Words("b"));
    }

    [Fact]
    public async Task Effect_WhenTheAnswerToTheAppendWasLost_IsSentByTheNextActivation()
    {
        cluster.Journal.FailNext(new LogId("ledger", _key), afterTakingEffect: true);
        await Assert.ThrowsAsync<TryAgainException>(() => Debtor.Owe("a", [Name("b")], Limit));
        Assert.Empty(await Words("b"));
        await Eventually.Holds("the word at its receiver", async () =>
        {
            await Debtor.DeliverEffects();
            return (await Words("b")).Length == 1;
        });
        Assert.Equal(["a"], await Words("b"));
    }

    [Fact]
    public async Task Receiver_ThatIsDown_DelaysOnlyItselfAndGetsAllInOrder()
    {
        LedgerGrain.Closed[Name("down")] = true;
        for (var i = 0; i < 5; i++)
        {
            Assert.False(await Debtor.Owe($"{i}", [Name("down")], TimeSpan.Zero));
            Assert.True(await Debtor.Owe($"{i}", [Name("up")], Limit));
        }

        Assert.Equal(5, (await Words("up")).Length);
        Assert.Equal(5, (await Owed()).Count(effect => effect.Receiver == Name("down")));
        LedgerGrain.Closed.TryRemove(Name("down"), out _);
        await Debtor.DeliverEffects();
        await Eventually.Holds("an empty outbox", async () => (await Owed()).Count == 0);
        Assert.Equal(["0", "1", "2", "3", "4"], await Words("down"));
    }

    [Fact]
    public async Task Effects_LeftFromAnotherActivation_AreSentAgainAndAppliedOnce()
    {
        LedgerGrain.Closed[Name("down")] = true;
        await Debtor.Owe("a", [Name("down"), Name("up")], TimeSpan.Zero);
        await Debtor.Owe("b", [Name("down"), Name("up")], TimeSpan.Zero);
        await Eventually.Holds("both words where it is open", async () => (await Words("up")).Length == 2);
        await Debtor.Leave();
        LedgerGrain.Closed.TryRemove(Name("down"), out _);

        // As if the mark of what was delivered had been lost.
        await cluster.Journal.AppendElsewhere(new JournalAppend
        {
            Id = new LogId("ledger", _key),
            Changes = [new UpsertRow(Outbox.Table, ["ledger", Name("up"), 1, 0, "a"])],
        });
        await Debtor.DeliverEffects();
        await Eventually.Holds("an empty outbox", async () => (await Owed()).Count == 0);
        Assert.Equal(["a", "b"], await Words("down"));
        Assert.Equal(["a", "b"], await Words("up"));
        Assert.Equal(2, LedgerGrain.Deliveries.Count(item => item == (Name("up"), "a")));
    }

    [Fact]
    public async Task Mark_ThatCouldNotBeMoved_IsMovedByTheNextRetry()
    {
        cluster.Journal.FailNextMark(new LogId("ledger", _key));
        Assert.True(await Debtor.Owe("a", [Name("b")], Limit));
        await Eventually.Holds("an empty outbox", async () =>
        {
            await Debtor.DeliverEffects();
            return (await Owed()).Count == 0;
        });
        Assert.Equal(1, LedgerGrain.Deliveries.Count(item => item == (Name("b"), "a")));
    }

    [Fact]
    public async Task Effects_MoreThanMemoryHolds_AllArriveInOrder()
    {
        await using var own = new GrainCluster { Bounds = bounds => bounds.PendingEffects = 5 };
        await own.InitializeAsync();
        var debtor = own.Grains.GetGrain<ILedgerGrain>(_key);
        LedgerGrain.Closed[Name("slow")] = true;
        for (var i = 0; i < 40; i++)
        {
            await debtor.Owe($"{i}", [Name("slow")], TimeSpan.Zero);
        }

        LedgerGrain.Closed.TryRemove(Name("slow"), out _);
        await debtor.DeliverEffects();
        var receiver = own.Grains.GetGrain<ILedgerGrain>(Name("slow"));
        await Eventually.Holds("forty words", async () => (await receiver.Words()).Length == 40);
        Assert.Equal(Enumerable.Range(0, 40).Select(i => $"{i}"), await receiver.Words());
        var left = Outbox.OwedSince(long.MaxValue, 100);
        await Eventually.Holds("an empty outbox", async () =>
            (await own.Journal.QueryAsync(left, CancellationToken.None)).Count == 0);
    }

    [Fact]
    public async Task Event_WithTwoEffectsForOneReceiver_IsRefusedAndNothingChanges()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Debtor.Owe("a", [Name("b"), Name("b")], Limit));
        Assert.Empty(await Debtor.Words());
    }

    private string Name(string receiver) => $"{_key} {receiver}";

    private Task<ImmutableArray<string>> Words(string receiver)
        => cluster.Grains.GetGrain<ILedgerGrain>(Name(receiver)).Words();

    private async Task<bool> TryOwe(string word, string receiver)
    {
        try
        {
            return await Debtor.Owe(word, [Name(receiver)], Limit);
        }
        catch (TryAgainException)
        {
            return false;
        }
    }

    private async Task<List<Effect>> Owed()
        => [.. (await cluster.Journal.QueryAsync(Outbox.OwedSince(long.MaxValue, 1_000), CancellationToken.None))
            .Select(Outbox.Read).Where(effect => effect.Source.Key == _key)];
}
