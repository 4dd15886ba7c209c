using RedNote.Journal;

namespace RedNote.Grains.Tests.Journal;

/// <summary>Snapshots save reading the log, and never say more than it.</summary>
public sealed class SnapshotTests : IAsyncLifetime
{
    private readonly GrainCluster _cluster = new()
    {
        Bounds = bounds =>
        {
            bounds.SnapshotEvents = 10;
            bounds.SnapshotIntervalMs = 0;
        },
    };

    private ILedgerGrain Ledger => _cluster.Grains.GetGrain<ILedgerGrain>("one");

    private static LogId Id => new("ledger", "one");

    private GrainId Place => EventLogMapper.SnapshotPlace(Ledger.GetGrainId());

    private string? Stored => _cluster.Storage.Stored("log-ledger", Place);

    public ValueTask InitializeAsync() => _cluster.InitializeAsync();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Snapshot_AfterSoManyEvents_IsStoredAndReplayGoesOnBehindIt()
    {
        await Add(9);
        Assert.Null(Stored);
        await Add(3);
        await Eventually.Holds("a snapshot", () => Stored is not null);
        await Ledger.Leave();
        Assert.Equal(12, (await Ledger.Words()).Length);

        // What the log says before the snapshot is not read any more.
        _cluster.Storage.Replace(
            "log-ledger", Place, Stored!.Replace("w1", "W1", StringComparison.Ordinal));
        await Ledger.Leave();
        Assert.Equal(["W1", "w2"], (await Ledger.Words())[..2]);
    }

    [Fact]
    public async Task Snapshot_OfAVersionThatWasNotStored_IsNeverWritten()
    {
        await Add(1);
        Task<long> due, lost;
        using (_cluster.Journal.Hold())
        {
            var before = _cluster.Journal.Batches;
            due = Add(9);
            await Eventually.Holds("a batch under way", () => _cluster.Journal.Batches > before);
            lost = Add(2);
            await Eventually.Holds("twelve words in memory", async () => (await Ledger.Progress()).Version == 12);
            _cluster.Journal.FailNext(Id, afterTakingEffect: false, version: 12);
        }

        // When the first nine are durable a snapshot is due, and the two behind them are in the state already.
        await due;
        await Assert.ThrowsAsync<TryAgainException>(() => lost);
        await Eventually.Holds("a new activation", () => Holds(10));
        Assert.Null(Stored);
    }

    [Fact]
    public async Task Snapshot_ThatTheLogDoesNotReach_StopsTheGrain()
    {
        await Add(12);
        await Eventually.Holds("a snapshot", () => Stored is not null);
        Assert.Contains("\"Version\":12", Stored, StringComparison.Ordinal);
        _cluster.Storage.Replace("log-ledger", Place,
            Stored!.Replace("\"Version\":12", "\"Version\":13", StringComparison.Ordinal));
        await Ledger.Leave();
        var error = await Assert.ThrowsAsync<LogUnreadableException>(() => Ledger.Words());
        Assert.Contains("ends at version 12", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Snapshot_ThatCannotBeRead_IsPassedOver()
    {
        await Add(12);
        await Eventually.Holds("a snapshot", () => Stored is not null);
        _cluster.Storage.Replace("log-ledger", Place, """{"Version":12,"Json":"{"}""");
        await Ledger.Leave();
        Assert.Equal(12, (await Ledger.Words()).Length);
    }

    [Fact]
    public async Task Snapshot_ThatFails_LeavesTheGrainRunning()
    {
        _cluster.Storage.FailNextWrite(Place, afterTakingEffect: false);
        await Add(12);
        await Add(12);
        await Eventually.Holds("a later snapshot", () => Stored is not null);
        Assert.Equal(24, (await Ledger.Words()).Length);
    }

    [Fact]
    public async Task Snapshot_ByAnotherActivation_EndsTheStaleOne()
    {
        await Add(12);
        await Eventually.Holds("a snapshot", () => Stored is not null);
        var state = new GrainState<LogSnapshot>();
        await _cluster.Storage.ReadStateAsync("log-ledger", Place, state);
        await _cluster.Storage.WriteStateAsync("log-ledger", Place, state);
        Assert.NotEmpty((await Ledger.Progress()).Told);
        await Add(12);
        await Eventually.Holds("a new activation", async () => (await Ledger.Progress()).Told.IsEmpty);
        Assert.Equal(24, (await Ledger.Words()).Length);
    }

    [Fact]
    public async Task Snapshot_OfALogThatIsNotKeptForEver_LetsOldEventsGo()
    {
        await using var own = new GrainCluster
        {
            Bounds = bounds =>
            {
                bounds.SnapshotEvents = 10;
                bounds.SnapshotIntervalMs = 0;
                // Rows of this very millisecond would otherwise stay.
                bounds.RetainDays["ledger"] = -1;
            },
        };
        await own.InitializeAsync();
        var ledger = own.Grains.GetGrain<ILedgerGrain>("short");
        await ledger.Add(["one"]);
        await ledger.Add([.. Enumerable.Repeat("more", 12)]);
        var id = new LogId("ledger", "short");
        await Eventually.Holds("the first row gone", async () =>
            (await own.Journal.ReadAsync(id, new VersionRange(1), 10, CancellationToken.None)) is [{ Count: 12 }]);
        await ledger.Leave();
        Assert.Equal(13, (await ledger.Words()).Length);
        Assert.Equal(14, await ledger.Add(["last"]));
    }

    [Fact]
    public async Task Redaction_WhenASnapshotHoldsTheText_TakesAnother()
    {
        await Ledger.Add(["secret"]);
        await Add(12);
        await Eventually.Holds("a snapshot", () => Stored?.Contains("secret", StringComparison.Ordinal) == true);
        await Ledger.Blank(1);
        await Eventually.Holds(
            "a snapshot without the text", () => !Stored!.Contains("secret", StringComparison.Ordinal));
    }

    private Task<long> Add(int words)
        => Ledger.Add([.. Enumerable.Range(1, words).Select(number => $"w{number}")]);

    private async Task<bool> Holds(int words)
    {
        try
        {
            return (await Ledger.Words()).Length == words;
        }
        catch (TryAgainException)
        {
            return false;
        }
    }
}
