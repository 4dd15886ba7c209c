using RedNote.Journal;
using RedNote.Silo.Journal;

namespace RedNote.Silo.Tests.Journal;

/// <summary>What a store with a database behind it has to keep besides.</summary>
public abstract class DurableJournalStoreTests : JournalStoreTests
{
    /// <summary>Runs a statement on this test's database, past the store.</summary>
    protected abstract Task ExecuteAsync(string sql);

    /// <summary>Drops every table, as if nothing had ever been started on this test's database.</summary>
    protected abstract Task ClearAsync();

    /// <summary>The protection keys in this test's database.</summary>
    protected abstract IProtectionKeyStore OpenKeys();

    [Fact]
    public async Task Start_AfterRestart_FindsEverything()
    {
        await AppendAllAsync(Events(Room, 1, "a", "b") with { Changes = [new UpsertRow(Messages, [1, "ann", 1])] });
        await CloseAsync(Store);

        var again = await StartAsync(Messages, Marks);

        Assert.Equal([$"[{Event("a")},{Event("b")}]"], await PayloadsAsync(again, Room));
        Assert.Equal(["7: 1 ann 1"], await RowsAsync(again, new ProjectionQuery(Messages) { Limit = 10 }));
        Assert.Equal([AppendOutcome.Stored], await again.AppendAsync([Events(Room, 3, "c")], Cancelled));
    }

    [Fact]
    public async Task Start_OfSeveralAtOnce_MakesTheSchemaOnce()
    {
        await ClearAsync();
        IJournalStore[] stores = [.. Enumerable.Range(0, 4).Select(_ => OpenKept(Messages))];

        await Task.WhenAll(stores.Select(store => Task.Run(() => store.StartAsync(Cancelled), Cancelled)));

        for (var i = 0; i < stores.Length; i++)
        {
            Assert.Equal([AppendOutcome.Stored], await stores[i].AppendAsync([Events(Room, i + 1, "a")], Cancelled));
        }
    }

    [Fact]
    public async Task Append_FromTwoStoresToOneLog_NeitherLosesNorDoublesAVersion()
    {
        var other = await StartAsync(Messages, Marks);
        async Task<int> RunAsync(IJournalStore store, string name)
        {
            var stored = 0;
            for (var i = 0; i < 100; i++)
            {
                var head = await store.ReadHeadAsync(Room, Cancelled);
                var outcomes = await store.AppendAsync([Events(Room, head + 1, name, name)], Cancelled);
                stored += outcomes[0] == AppendOutcome.Stored ? 1 : 0;
            }

            return stored;
        }

        var counts = await Task.WhenAll(
            Task.Run(() => RunAsync(Store, "one"), Cancelled), Task.Run(() => RunAsync(other, "two"), Cancelled));

        var rows = await Store.ReadAsync(Room, new VersionRange(1), 1_000, Cancelled);
        Assert.Equal(Enumerable.Range(0, counts.Sum()).Select(i => (2L * i) + 1), rows.Select(row => row.FirstVersion));
        Assert.Equal(counts[0], rows.Count(row => Text(row).Contains("one", StringComparison.Ordinal)));
        Assert.True(counts.Sum() >= 100, "Whoever comes first stores: of two attempts at most one is refused.");
    }

    [Fact]
    public async Task Append_AfterAnotherStoreWentOn_IsFencedByWhatThatStored()
    {
        var other = await StartAsync(Messages, Marks);
        await AppendAllAsync(Events(Room, 1, "a"));
        // One row, so that the key of version 3 stays free.
        Assert.Equal([AppendOutcome.Stored], await other.AppendAsync([Events(Room, 2, "b", "c")], Cancelled));

        Assert.Equal(AppendOutcome.Conflict, await AppendAsync(Events(Room, 2, "stale")));
        Assert.Equal(AppendOutcome.Conflict, await AppendAsync(Events(Room, 3, "stale")));
        await AppendAllAsync(Events(Room, 4, "d"));

        Assert.Equal([AppendOutcome.Conflict], await other.AppendAsync([Events(Room, 4, "stale")], Cancelled));
        Assert.Equal([AppendOutcome.Stored], await other.AppendAsync([Events(Room, 5, "e")], Cancelled));
        Assert.Equal(5, await Store.ReadHeadAsync(Room, Cancelled));
    }

    [Fact]
    public async Task Start_OnANewerSchema_IsRefused()
    {
        await AppendAllAsync(Events(Room, 1, "a"));
        await ExecuteAsync("UPDATE journal_schema SET version = 1000");
        var store = OpenKept(Messages, Marks);

        var exception = await Assert.ThrowsAsync<JournalSchemaException>(() => store.StartAsync(Cancelled));

        Assert.Contains("1000", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_OnTablesThatAreNotTheJournals_IsRefused()
    {
        await ExecuteAsync("DROP TABLE journal_schema");
        var store = OpenKept(Messages, Marks);

        await Assert.ThrowsAsync<JournalSchemaException>(() => store.StartAsync(Cancelled));
    }

    [Fact]
    public async Task Start_WithNewColumnsAtTheEnd_AddsThemAndKeepsTheRows()
    {
        await AppendAllAsync(OnlyChanges(Room, new UpsertRow(Messages, [1, "ann", 1])));
        var wider = new ProjectionTable(
            "messages",
            1,
            [
                .. Messages.Columns, new ProjectionColumn("likes", ProjectionType.Integer),
                new ProjectionColumn("note", ProjectionType.Text),
            ],
            [["author", "seq"], ["likes"]]);

        var store = await StartAsync(wider);
        await store.AppendAsync([OnlyChanges(Room, new UpsertRow(wider, [2, "bob", 2, 3, "new"]))], Cancelled);

        Assert.Equal(
            ["7: 1 ann 1 null null", "7: 2 bob 2 3 new"],
            await RowsAsync(store, new ProjectionQuery(wider) { Limit = 10 }));
        await (await StartAsync(wider)).ProbeAsync(Cancelled);
    }

    public static TheoryData<int, string> OtherShapes => new()
    {
        { 1, "seq:Integer author:Text" },
        { 2, "seq:Integer author:Text order:Integer" },
        { 1, "seq:Integer author:Integer order:Integer" },
        { 1, "seq:Integer writer:Text order:Integer" },
        { 1, "likes:Integer seq:Integer author:Text order:Integer" },
    };

    [Theory]
    [MemberData(nameof(OtherShapes))]
    public async Task Start_WithAnotherShapeOfATable_IsRefused(int keyColumns, string columns)
    {
        var changed = new ProjectionTable(
            "messages",
            keyColumns,
            [
                .. from column in columns.Split(' ')
                   let parts = column.Split(':')
                   select new ProjectionColumn(parts[0], Enum.Parse<ProjectionType>(parts[1])),
            ]);
        var store = OpenKept(changed);

        var exception = await Assert.ThrowsAsync<JournalSchemaException>(() => store.StartAsync(Cancelled));

        Assert.Contains("rebuild", exception.Message, StringComparison.Ordinal);
        // Nothing of it was done.
        await AppendAllAsync(OnlyChanges(Room, new UpsertRow(Messages, [1, "ann", 1])));
    }

    [Fact]
    public void Keys_AddedByOneStore_AreReadByAnother()
    {
        OpenKeys().Add("key-1", "<key id=\"1\">弹幕</key>");
        OpenKeys().Add("key-0", "<key id=\"0\"/>");
        Assert.Equal(["<key id=\"1\">弹幕</key>", "<key id=\"0\"/>"], OpenKeys().ReadAll());

        OpenKeys().Add("key-1", "<revoked/>");
        Assert.Equal(["<revoked/>", "<key id=\"0\"/>"], OpenKeys().ReadAll());
    }

    [Fact]
    public async Task Keys_BeforeTheJournalStarts_MakeTheSchemaThemselves()
    {
        await ClearAsync();
        Assert.Empty(OpenKeys().ReadAll());
        await ClearAsync();
        await Task.WhenAll(
            Enumerable.Range(0, 4).Select(i => Task.Run(() => OpenKeys().Add($"{i}", "<key/>"), Cancelled)));

        Assert.Equal(4, OpenKeys().ReadAll().Count);
        await (await StartAsync(Messages, Marks)).ProbeAsync(Cancelled);
        Assert.Equal(4, OpenKeys().ReadAll().Count);
    }
}
