using System.Text;
using RedNote.Journal;

namespace RedNote.Grains.Tests.Journal;

/// <summary>What a grain may rely on that has an event log.</summary>
public sealed class EventLogTests(GrainCluster cluster) : IClassFixture<GrainCluster>
{
    private static int _last;
    private readonly string _key = $"ledger {Interlocked.Increment(ref _last)}";

    private ILedgerGrain Ledger => cluster.Grains.GetGrain<ILedgerGrain>(_key);

    private LogId Id => new("ledger", _key);

    [Fact]
    public async Task Raise_OnceAnswered_IsStoredAndInTheNextActivation()
    {
        Assert.Equal(2, await Ledger.Add(["one", "two"]));
        Assert.Equal(3, await Ledger.Add(["three"]));
        Assert.Equal(
            [
                $"[{Json("one")},{Json("two")}]",
                $"[{Json("three")}]",
            ],
            await Payloads());
        await Ledger.Leave();
        Assert.Equal(["one", "two", "three"], await Ledger.Words());

        static string Json(string word) => $$"""{"kind":"ledger.word_added","word":"{{word}}","for":[]}""";
    }

    [Fact]
    public async Task Raise_WhileTheStoreIsSlow_IsAppliedAtOnceAndAnsweredLater()
    {
        await Ledger.Add(["one"]);
        Task<long> add;
        Task read;
        using (cluster.Journal.Hold())
        {
            add = Ledger.Add(["two"]);
            await Eventually.Holds("the second word in memory", async () => (await Ledger.Progress()).Version == 2);
            read = Ledger.Words();
            Assert.Equal(1, (await Ledger.Progress()).Confirmed);
            Assert.False(add.IsCompleted);
            Assert.False(read.IsCompleted, "an answer left before the version it rests on");
        }

        Assert.Equal(2, await add);
        await read;
        var progress = await Ledger.Progress();
        Assert.Equal(2, progress.Confirmed);
        Assert.Equal([1, 2], progress.Told);
    }

    [Fact]
    public async Task Raise_ManyAtOnce_ShareOneRow()
    {
        await Ledger.Add(["one"]);
        List<Task<long>> adds = [];
        using (cluster.Journal.Hold())
        {
            adds.Add(await UnderWay(() => Ledger.Add(["2"])));
            for (var i = 3; i <= 51; i++)
            {
                adds.Add(Ledger.Add([$"{i}"]));
            }

            await Eventually.Holds("all words in memory", async () => (await Ledger.Progress()).Version == 51);
        }

        await Task.WhenAll(adds);
        var rows = await Rows();
        // The first of the fifty found the store idle; the others met behind it.
        Assert.Equal([1, 1, 49], rows.Select(row => row.Count));
        Assert.Equal(51, (await Ledger.Words()).Length);
        await Ledger.Leave();
        Assert.Equal(51, (await Ledger.Words()).Length);
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 3)]
    public async Task Append_OfUnknownOutcome_FailsAllWhoWaitAndTheGrainRebuilds(bool afterTakingEffect, int stored)
    {
        await Ledger.Add(["one"]);
        Task<long> first;
        Task second;
        cluster.Journal.FailNext(Id, afterTakingEffect);
        using (cluster.Journal.Hold())
        {
            first = await UnderWay(() => Ledger.Add(["two", "three"]));
            second = Ledger.Add(["four"]);
            await Eventually.Holds("the last word in memory", async () => (await Ledger.Progress()).Version == 4);
        }

        await Assert.ThrowsAsync<TryAgainException>(() => first);
        await Assert.ThrowsAsync<TryAgainException>(() => second);
        await Eventually.Holds("a new activation", async () => (await TryWords())?.Length == stored);
        Assert.Equal(stored + 1, await Ledger.Add(["again"]));
    }

    [Fact]
    public async Task Log_AfterAFailure_IsOfNoUseToTheSameActivation()
    {
        await Ledger.Add(["one"]);
        cluster.Journal.FailNext(Id, afterTakingEffect: false);
        Assert.Empty(await Ledger.AddAndGoOn("two"));
        await Eventually.Holds("a new activation", async () => (await TryWords())?.Length == 1);
    }

    [Fact]
    public async Task Log_OfATextKeyThatLooksLikeANumber_IsNotThatOfTheNumber()
    {
        await cluster.Grains.GetGrain<ILedgerGrain>("abc").Add(["one"]);
        await cluster.Grains.GetGrain<ILedgerGrain>("0abc").Add(["two"]);
        await cluster.Grains.GetGrain<ILedgerGrain>("abc").Leave();
        Assert.Equal(["one"], await cluster.Grains.GetGrain<ILedgerGrain>("abc").Words());
        Assert.Equal(1, await cluster.Journal.ReadHeadAsync(new("ledger", "0abc"), CancellationToken.None));
    }

    [Fact]
    public async Task Log_WithoutItsFirstEvents_StopsTheGrain()
    {
        await cluster.Journal.AppendElsewhere(Word(1, "one"));
        await cluster.Journal.AppendElsewhere(Word(2, "two"));
        Assert.Equal(1, await cluster.Journal.TrimAsync(Id, 1, long.MaxValue, CancellationToken.None));
        var error = await Assert.ThrowsAsync<LogUnreadableException>(() => Ledger.Words());
        Assert.Contains("events are missing", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Append_NotAnsweredInTime_IsOfUnknownOutcome()
    {
        var own = new GrainCluster { Bounds = bounds => bounds.AppendTimeoutMs = 100 };
        await using (own)
        {
            await own.InitializeAsync();
            var ledger = own.Grains.GetGrain<ILedgerGrain>("slow");
            await ledger.Add(["one"]);
            using (own.Journal.Hold())
            {
                await Assert.ThrowsAsync<TryAgainException>(() => ledger.Add(["two"]));
            }

            // It took effect after all, so it is there; whoever rebuilt before that was refused, and rebuilds again.
            await Eventually.Holds("both words", async () =>
            {
                try
                {
                    await ledger.Add(["three"]);
                    return true;
                }
                catch (TryAgainException)
                {
                    return false;
                }
            });
            Assert.Equal(["one", "two", "three"], await ledger.Words());
        }
    }

    [Fact]
    public async Task Raise_WhenTheJournalIsFull_ChangesNothingAndTheGrainGoesOn()
    {
        await using var own = new GrainCluster();
        await own.InitializeAsync();
        var usual = own.JournalBounds.QueuedAppends;
        var ledger = own.Grains.GetGrain<ILedgerGrain>("late");
        await ledger.Add(["one"]);
        Task<long> underWay, queued;
        using (own.Journal.Hold())
        {
            var before = own.Journal.Batches;
            underWay = own.Grains.GetGrain<ILedgerGrain>("first").Add(["x"]);
            await Eventually.Holds("a batch under way", () => own.Journal.Batches > before);
            var second = own.Grains.GetGrain<ILedgerGrain>("second");
            queued = second.Add(["x"]);
            await Eventually.Holds("one that waits", async () => (await second.Progress()).Version == 1);
            own.JournalBounds.QueuedAppends = 1;
            await Assert.ThrowsAsync<TryAgainException>(() => ledger.Add(["two"]));
            Assert.Equal(1, (await ledger.Progress()).Version);
        }

        await Task.WhenAll(underWay, queued);
        own.JournalBounds.QueuedAppends = usual;
        Assert.Equal(2, await ledger.Add(["three"]));
        Assert.Equal([1, 2], (await ledger.Progress()).Told);
    }

    [Fact]
    public async Task StaleActivation_Pipelined_IsRefusedAndOthersInTheBatchAreNot()
    {
        await Ledger.Add(["one"]);
        var other = cluster.Grains.GetGrain<ILedgerGrain>(_key + " other");
        await other.Add(["uno"]);
        Task<long> first, second, third;
        Task<long> others;
        using (cluster.Journal.Hold())
        {
            // The store holds the first up; what comes behind it shares a batch with the other's.
            first = await UnderWay(() => other.Add(["dos"]));
            second = Ledger.Add(["two"]);
            third = Ledger.Add(["three"]);
            others = other.Add(["tres"]);
            await Eventually.Holds("all in memory", async () => (await Ledger.Progress()).Version == 3
                && (await other.Progress()).Version == 3);
            Assert.Equal(AppendOutcome.Stored, await cluster.Journal.AppendElsewhere(Word(2, "elsewhere")));
        }

        await Assert.ThrowsAsync<TryAgainException>(() => second);
        await Assert.ThrowsAsync<TryAgainException>(() => third);
        Assert.Equal(2, await first);
        Assert.Equal(3, await others);
        await Eventually.Holds("a new activation", async () => (await TryWords())?.Length == 2);
        Assert.Equal(["one", "elsewhere"], await Ledger.Words());
    }

    [Fact]
    public async Task Activation_ThatOnlyAnswers_FindsOutThatAnotherHasAppended()
    {
        await using var own = new GrainCluster { Bounds = bounds => bounds.LookAgainMs = 0 };
        await own.InitializeAsync();
        var ledger = own.Grains.GetGrain<ILedgerGrain>(_key);
        await ledger.Add(["one"]);
        await own.Journal.AppendElsewhere(Word(2, "elsewhere"));
        await Eventually.Holds("the word of the other", async () =>
        {
            try
            {
                return (await ledger.Words()).Length == 2;
            }
            catch (TryAgainException)
            {
                return false;
            }
        });
    }

    [Fact]
    public async Task Event_ThatIsTooBig_IsRefusedAndNothingChanges()
    {
        await Ledger.Add(["one"]);
        await Assert.ThrowsAsync<ArgumentException>(() => Ledger.Add(["two", new string('x', 300_000)]));
        Assert.Equal(1, (await Ledger.Progress()).Version);
        Assert.Equal(2, await Ledger.Add(["three"]));
    }

    [Fact]
    public async Task Event_ThatCannotBeApplied_EndsTheActivationAndIsNotStored()
    {
        await Ledger.Add(["one"]);
        await Assert.ThrowsAsync<InvalidOperationException>(() => Ledger.Add(["two", LedgerState.Poison]));
        await Eventually.Holds("a new activation", async () => (await TryWords())?.Length == 1);
    }

    [Fact]
    public async Task Read_InBothDirections_GivesTheRange()
    {
        await Ledger.Add(["one", "two", "three"]);
        await Ledger.Add(["four"]);
        await Ledger.Add(["five", "six"]);
        Assert.Equal(["2 two", "3 three", "4 four", "5 five"], await Ledger.History(2, 5, 10));
        Assert.Equal(["5 five", "4 four", "3 three", "2 two"], await Ledger.HistoryBackwards(2, 5, 10));
        Assert.Equal(["2 two", "3 three"], await Ledger.History(2, 5, 2));
        Assert.Equal(["5 five", "4 four"], await Ledger.HistoryBackwards(2, 5, 2));
        Assert.Equal(["1 one", "2 two"], await Ledger.History(-3, 2, 10));
        Assert.Empty(await Ledger.History(7, 100, 10));
        Assert.Empty(await Ledger.History(5, 4, 10));
    }

    [Fact]
    public async Task Redaction_OfAStoredEvent_BlanksLogAndProjectionAndKeepsTheVersion()
    {
        await Ledger.Add(["one", "secret", "three"]);
        await Ledger.Blank(2);
        Assert.DoesNotContain(await Payloads(), payload => payload.Contains("secret", StringComparison.Ordinal));
        Assert.Equal(["1 one", "2 ", "3 three", "4 -"], await Ledger.History(1, 10, 10));
        Assert.Equal(["one", "", "three"], (await Projected()).Select(row => row.Values[1].Text));
        await Ledger.Leave();
        Assert.Equal(["one", "", "three", "-"], await Ledger.Words());
    }

    [Fact]
    public async Task Projection_Always_IsWrittenWithTheAppend()
    {
        await Ledger.Add(["one"]);
        cluster.Journal.FailNext(Id, afterTakingEffect: false);
        await Assert.ThrowsAsync<TryAgainException>(() => Ledger.Add(["two"]));
        Assert.Equal(["one"], (await Projected()).Select(row => row.Values[1].Text));
    }

    [Theory]
    [InlineData("""[{"kind":"ledger.word_invented","word":"x"}]""", "word_invented")]
    [InlineData("""[{"word":"x"}]""", "version 2")]
    [InlineData("""[{"kind":"ledger.word_added","word":"x""", "ersion 2")]
    [InlineData("""{"kind":"ledger.word_added","word":"x","for":[]}""", "not a JSON array")]
    [InlineData("""[]""", "where 1 are said to be")]
    [InlineData("""[null]""", "is null")]
    public async Task Payload_ThatCannotBeRead_StopsTheGrainWithAClearError(string payload, string told)
    {
        await cluster.Journal.AppendElsewhere(Word(1, "one"));
        await cluster.Journal.AppendElsewhere(Word(2, "two") with { Payload = Encoding.UTF8.GetBytes(payload) });
        await cluster.Journal.AppendElsewhere(Word(3, "three"));
        var error = await Assert.ThrowsAsync<LogUnreadableException>(() => Ledger.Words());
        Assert.Contains(told, error.Message, StringComparison.OrdinalIgnoreCase);
        await Assert.ThrowsAsync<LogUnreadableException>(() => Ledger.Add(["four"]));
        Assert.Equal(3, (await Rows()).Count);
    }

    [Fact]
    public async Task Payload_WithUnknownMembersOrAnotherOrder_IsRead()
    {
        var payload = """[{"mood":{"x":[1]},"word":"one","for":[],"kind":"ledger.word_added","later":1}]""";
        await cluster.Journal.AppendElsewhere(Word(1, "") with { Payload = Encoding.UTF8.GetBytes(payload) });
        Assert.Equal(["one"], await Ledger.Words());
    }

    /// <summary>Adds, and comes back when the store has the batch.</summary>
    private async Task<Task<long>> UnderWay(Func<Task<long>> add)
    {
        var before = cluster.Journal.Batches;
        var added = add();
        await Eventually.Holds("a batch under way", () => cluster.Journal.Batches > before);
        return added;
    }

    private static byte[] Payload(string word)
        => Encoding.UTF8.GetBytes($$"""[{"kind":"ledger.word_added","word":"{{word}}","for":[]}]""");

    private JournalAppend Word(long version, string word)
        => new() { Id = Id, FirstVersion = version, Count = 1, Payload = Payload(word) };

    private async Task<string[]?> TryWords()
    {
        try
        {
            return [.. await Ledger.Words()];
        }
        catch (TryAgainException)
        {
            return null;
        }
    }

    private Task<IReadOnlyList<JournalRow>> Rows()
        => cluster.Journal.ReadAsync(Id, new VersionRange(1), 1_000, CancellationToken.None);

    private async Task<List<string>> Payloads()
        => [.. (await Rows()).Select(row => Encoding.UTF8.GetString(row.Payload.Span))];

    private Task<IReadOnlyList<ProjectionRow>> Projected()
        => cluster.Journal.QueryAsync(
            new ProjectionQuery(LedgerWords.Words) { Grain = _key, Limit = 100 }, CancellationToken.None);
}
