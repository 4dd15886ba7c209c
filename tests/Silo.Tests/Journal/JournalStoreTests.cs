using RedNote.Journal;

namespace RedNote.Silo.Tests.Journal;

/// <summary>What every <see cref="IJournalStore"/> has to keep; each test finds an empty database.</summary>
public abstract partial class JournalStoreTests : IAsyncLifetime
{
    protected static readonly ProjectionTable Messages = new(
        "messages",
        keyColumns: 1,
        [
            new ProjectionColumn("seq", ProjectionType.Integer),
            new ProjectionColumn("author", ProjectionType.Text),
            new ProjectionColumn("order", ProjectionType.Integer),
        ],
        [["author", "seq"]]);

    /// <summary>All columns are key; two of them, of both types.</summary>
    protected static readonly ProjectionTable Marks = new(
        "marks",
        keyColumns: 2,
        [
            new ProjectionColumn("word", ProjectionType.Text),
            new ProjectionColumn("number", ProjectionType.Integer),
        ]);

    protected static readonly LogId Room = new("room", "7");

    private readonly List<IJournalStore> _opened = [];

    /// <summary>A started store over this test's database.</summary>
    protected IJournalStore Store { get; private set; } = null!;

    protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public virtual async ValueTask InitializeAsync() => Store = await StartAsync(Messages, Marks, Talk);

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var store in _opened)
        {
            await CloseAsync(store);
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>A store over this test's database that was not started yet. Several may be opened.</summary>
    protected abstract IJournalStore Open(IReadOnlyList<ProjectionTable> tables);

    /// <summary>A store like <see cref="Open"/>'s that is closed at the end of the test.</summary>
    protected IJournalStore OpenKept(params ProjectionTable[] tables)
    {
        var store = Open(tables);
        _opened.Add(store);
        return store;
    }

    protected async Task<IJournalStore> StartAsync(params ProjectionTable[] tables)
    {
        var store = OpenKept(tables);
        await store.StartAsync(Cancelled);
        return store;
    }

    protected static async Task CloseAsync(IJournalStore store)
    {
        switch (store)
        {
            case IAsyncDisposable disposable:
                await disposable.DisposeAsync();
                break;
            case IDisposable disposable:
                disposable.Dispose();
                break;
        }
    }

    protected async Task<AppendOutcome> AppendAsync(JournalAppend append)
        => Assert.Single(await Store.AppendAsync([append], Cancelled));

    protected async Task AppendAllAsync(params JournalAppend[] appends)
    {
        foreach (var append in appends)
        {
            Assert.Equal(AppendOutcome.Stored, await AppendAsync(append));
        }
    }

    protected static async Task<List<string>> PayloadsAsync(IJournalStore store, LogId id)
    {
        var rows = await store.ReadAsync(id, new VersionRange(1), 10_000, Cancelled);
        return [.. rows.Select(Text)];
    }

    protected Task<List<string>> PayloadsAsync(LogId id) => PayloadsAsync(Store, id);

    [Fact]
    public async Task Append_ToNewLog_IsReadBackAsItWas()
    {
        var append = Events(Room, 1, "a", "b") with { At = 1_763_700_000_123 };

        Assert.Equal(AppendOutcome.Stored, await AppendAsync(append));

        var row = Assert.Single(await Store.ReadAsync(Room, new VersionRange(1), 10, Cancelled));
        Assert.Equal((1, 2, 1_763_700_000_123), (row.FirstVersion, row.Count, row.At));
        Assert.Equal(append.Payload.ToArray(), row.Payload.ToArray());
        Assert.Equal(2, await Store.ReadHeadAsync(Room, Cancelled));
    }

    [Fact]
    public async Task Append_OfNothing_AnswersNothing() => Assert.Empty(await Store.AppendAsync([], Cancelled));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(100)]
    public async Task Append_NotRightBehindTheHead_IsRefused(long first)
    {
        await AppendAllAsync(Events(Room, 1, "a", "b", "c"));

        Assert.Equal(AppendOutcome.Conflict, await AppendAsync(Events(Room, first, "stale")));

        Assert.Equal(3, await Store.ReadHeadAsync(Room, Cancelled));
        Assert.Single(await PayloadsAsync(Room));
        await AppendAllAsync(Events(Room, 4, "d"));
    }

    [Fact]
    public async Task Append_ToNewLogNotFromOne_IsRefused()
    {
        Assert.Equal(AppendOutcome.Conflict, await AppendAsync(Events(Room, 2, "b")));
        Assert.Equal(0, await Store.ReadHeadAsync(Room, Cancelled));
    }

    [Fact]
    public async Task Append_PipelinedByStaleActivation_IsRefusedThoughItsKeyIsFree()
    {
        await AppendAllAsync(Events(Room, 1, "a"));
        // The new activation stores versions 2 and 3 as one row, so that the key of version 3 stays free.
        await AppendAllAsync(Events(Room, 2, "new", "new"));

        Assert.Equal(AppendOutcome.Conflict, await AppendAsync(Events(Room, 2, "stale")));
        Assert.Equal(AppendOutcome.Conflict, await AppendAsync(Events(Room, 3, "stale")));

        await AppendAllAsync(Events(Room, 4, "new"));
        Assert.Equal(
            [$"[{Event("a")}]", $"[{Event("new")},{Event("new")}]", $"[{Event("new")}]"], await PayloadsAsync(Room));
    }

    [Fact]
    public async Task Append_RefusedInBatch_LeavesTheOthersStored()
    {
        LogId Log(int i) => new("room", $"{i}");
        await Store.AppendAsync([.. Enumerable.Range(0, 300).Select(i => Events(Log(i), 1, "a"))], Cancelled);

        var outcomes = await Store.AppendAsync(
            [.. Enumerable.Range(0, 300).Select(i => Events(Log(i), i % 7 == 3 ? 1 + (i % 2 * 2) : 2, $"{i}"))],
            Cancelled);

        Assert.Equal(300, outcomes.Length);
        for (var i = 0; i < 300; i++)
        {
            var refused = i % 7 == 3;
            Assert.Equal(refused ? AppendOutcome.Conflict : AppendOutcome.Stored, outcomes[i]);
            Assert.Equal(refused ? 1 : 2, (await PayloadsAsync(Log(i))).Count);
        }
    }

    [Fact]
    public async Task Append_ToLogsOfLikeNames_KeepsThemApart()
    {
        LogId[] logs = [new("room", "1"), new("rooms", "1"), new("room", "11"), new("user", "1"), new("room", "ROOM")];
        await Store.AppendAsync([.. logs.Select(log => Events(log, 1, $"of {log}"))], Cancelled);

        foreach (var log in logs)
        {
            Assert.Equal([$"[{Event($"of {log}")}]"], await PayloadsAsync(log));
        }
    }

    [Fact]
    public async Task Append_WithLargeAndForeignText_IsKeptByteForByte()
    {
        var text = string.Concat(Enumerable.Repeat("弹幕 🎉 \\u0001 \\\" ß\\n", 6_000));
        var append = Events(new LogId("account", "名字 🎉 o'brien"), 1, text);
        Assert.True(append.Payload.Length > 100_000);

        await AppendAllAsync(append);

        var row = Assert.Single(await Store.ReadAsync(append.Id, new VersionRange(1), 1, Cancelled));
        Assert.Equal(append.Payload.ToArray(), row.Payload.ToArray());
    }

    [Fact]
    public async Task Append_WithoutEvents_AppliesItsChangesAndLeavesTheLogAlone()
    {
        await AppendAllAsync(Events(Room, 1, "a"));

        var outcomes = await Store.AppendAsync(
            [
                OnlyChanges(Room, new UpsertRow(Messages, [1, "first", 1])),
                OnlyChanges(Room, new UpsertRow(Messages, [1, "second", 2])),
                OnlyChanges(new LogId("room", "8"), new UpsertRow(Messages, [1, "other", 3])),
            ],
            Cancelled);

        Assert.All(outcomes, outcome => Assert.Equal(AppendOutcome.Stored, outcome));
        Assert.Equal(["7: 1 second 2", "8: 1 other 3"], await RowsAsync(new ProjectionQuery(Messages) { Limit = 10 }));
        Assert.Equal(1, await Store.ReadHeadAsync(Room, Cancelled));
        Assert.Equal(0, await Store.ReadHeadAsync(new LogId("room", "8"), Cancelled));
    }

    [Fact]
    public async Task Probe_Always_LeavesLogsAlone()
    {
        await AppendAllAsync(Events(Room, 1, "a"));

        await Store.ProbeAsync(Cancelled);
        await Store.ProbeAsync(Cancelled);

        Assert.Equal([Room], await Store.ListAsync(null, 10, Cancelled));
        Assert.Single(await PayloadsAsync(Room));
    }
}
