using System.Collections.Immutable;
using RedNote.Journal;

namespace RedNote.Silo.Tests.Journal;

public abstract partial class JournalStoreTests
{
    private static UpsertRow Message(long seq, string? author, ProjectionValue order)
        => new(Messages, [seq, author, order]);

    private static DeleteRows Delete(ProjectionTable table, params ImmutableArray<ColumnMatch> where)
        => new(table, where);

    /// <summary>Rows as texts: grain, then the values.</summary>
    protected static async Task<List<string>> RowsAsync(IJournalStore store, ProjectionQuery query)
    {
        var rows = await store.QueryAsync(query, Cancelled);
        return [.. rows.Select(row => $"{row.Grain}: {string.Join(' ', row.Values)}")];
    }

    protected Task<List<string>> RowsAsync(ProjectionQuery query) => RowsAsync(Store, query);

    private Task<List<string>> AllMessagesAsync() => RowsAsync(new ProjectionQuery(Messages) { Limit = 100 });

    private Task ApplyAsync(string grain, params ProjectionChange[] changes)
        => AppendAllAsync(OnlyChanges(new LogId("room", grain), changes));

    [Fact]
    public async Task Changes_OfStoredAppend_GoInWithIt()
    {
        await AppendAllAsync(Events(Room, 1, "a") with { Changes = [Message(1, "ann", 10), Message(2, "bob", 20)] });
        await AppendAllAsync(Events(Room, 2, "b") with { Changes = [Message(1, "cid", 30)] });

        Assert.Equal(["7: 1 cid 30", "7: 2 bob 20"], await AllMessagesAsync());
    }

    [Fact]
    public async Task Changes_OfRefusedAppend_AreNotApplied()
    {
        await AppendAllAsync(Events(Room, 1, "a") with { Changes = [Message(1, "ann", 10)] });

        var outcomes = await Store.AppendAsync(
            [
                Events(Room, 1, "stale") with { Changes = [Message(1, "stale", 1), Delete(Messages)] },
                Events(new LogId("room", "8"), 1, "b") with { Changes = [Message(1, "bob", 20)] },
            ],
            Cancelled);

        Assert.Equal([AppendOutcome.Conflict, AppendOutcome.Stored], outcomes);
        Assert.Equal(["7: 1 ann 10", "8: 1 bob 20"], await AllMessagesAsync());
    }

    [Fact]
    public async Task Changes_OfOneAppend_AreAppliedInOrder()
    {
        await ApplyAsync("7", Message(1, "ann", 1), Message(2, "bob", 2));
        await ApplyAsync("7", Message(3, "cid", 3), Delete(Messages), Message(2, "dan", 4), Message(2, "eve", 5));

        Assert.Equal(["7: 2 eve 5"], await AllMessagesAsync());
    }

    [Fact]
    public async Task Upsert_OfExtremeAndEmptyValues_KeepsThem()
    {
        const string text = "it's \"quoted\"; -- 弹幕 🎉\r\n\t%_\\";
        await ApplyAsync("7", Message(long.MinValue, text, long.MaxValue), Message(0, "", ProjectionValue.Null));
        await ApplyAsync("7", Message(long.MaxValue, null, 0));

        var rows = await Store.QueryAsync(new ProjectionQuery(Messages) { Limit = 10 }, Cancelled);

        ImmutableArray<ProjectionValue>[] expected =
        [
            [long.MinValue, text, long.MaxValue],
            [0, "", ProjectionValue.Null],
            [long.MaxValue, ProjectionValue.Null, 0],
        ];
        Assert.Equal(expected, rows.Select(row => row.Values));
    }

    [Fact]
    public async Task Upsert_OfARowThatIsAllKey_IsThereOnce()
    {
        await ApplyAsync("7", new UpsertRow(Marks, ["a", 1]), new UpsertRow(Marks, ["a", 2]));
        await ApplyAsync("7", new UpsertRow(Marks, ["a", 1]));

        Assert.Equal(["7: a 1", "7: a 2"], await RowsAsync(new ProjectionQuery(Marks) { Limit = 10 }));
    }

    [Theory]
    [InlineData(Comparison.Equal, "1 2 4 5")]
    [InlineData(Comparison.AtLeast, "1 2")]
    [InlineData(Comparison.Above, "1 2 3")]
    [InlineData(Comparison.AtMost, "4 5")]
    [InlineData(Comparison.Below, "3 4 5")]
    public async Task Delete_ByComparison_DeletesTheRowsOfItsGrainThatMatch(Comparison comparison, string left)
    {
        await ApplyAsync("7", [.. Enumerable.Range(1, 5).Select(i => Message(i, "ann", i))]);
        await ApplyAsync("8", Message(3, "bob", 3));

        await ApplyAsync("7", Delete(Messages, new ColumnMatch("order", comparison, 3)));

        Assert.Equal([.. left.Split(' ').Select(i => $"7: {i} ann {i}"), "8: 3 bob 3"], await AllMessagesAsync());
    }

    [Fact]
    public async Task Delete_BySeveralConditions_DeletesWhatMeetsAllOfThem()
    {
        await ApplyAsync("7", Message(1, "ann", 1), Message(2, "bob", 1), Message(3, "ann", 2), Message(4, null, 1));

        await ApplyAsync(
            "7",
            Delete(
                Messages,
                new ColumnMatch("author", Comparison.Equal, "ann"), new ColumnMatch("order", Comparison.Equal, 1)));
        Assert.Equal(["7: 2 bob 1", "7: 3 ann 2", "7: 4 null 1"], await AllMessagesAsync());

        // Null is no value: it neither matches nor is matched.
        await ApplyAsync("7", Delete(Messages, new ColumnMatch("author", Comparison.Equal, ProjectionValue.Null)));
        await ApplyAsync("7", Delete(Messages, new ColumnMatch("author", Comparison.AtLeast, "")));
        Assert.Equal(["7: 4 null 1"], await AllMessagesAsync());
    }

    [Fact]
    public async Task Query_OfOneGrain_SortsByItsKey()
    {
        await ApplyAsync("7", Message(3, "c", 1), Message(1, "a", 3), Message(2, "b", 2));
        await ApplyAsync("70", Message(1, "z", 1));
        var query = new ProjectionQuery(Messages) { Grain = "7", Limit = 2 };

        Assert.Equal(["7: 1 a 3", "7: 2 b 2"], await RowsAsync(query));
        Assert.Equal(["7: 3 c 1", "7: 2 b 2"], await RowsAsync(query with { Descending = true }));
        Assert.Equal(
            ["7: 2 b 2", "7: 3 c 1"],
            await RowsAsync(query with { Where = [new ColumnMatch("seq", Comparison.Above, 1)] }));
        Assert.Equal(["7: 3 c 1", "7: 2 b 2"], await RowsAsync(query with { OrderBy = ["order"] }));
    }

    [Fact]
    public async Task Query_OfEveryGrain_SortsEqualsByGrainAndKey()
    {
        await ApplyAsync("8", Message(1, "ann", 5), Message(2, "bob", 1));
        await ApplyAsync("10", Message(2, "ann", 5), Message(1, "ann", 5));
        var query = new ProjectionQuery(Messages) { Limit = 10, OrderBy = ["order"] };

        Assert.Equal(["8: 2 bob 1", "10: 1 ann 5", "10: 2 ann 5", "8: 1 ann 5"], await RowsAsync(query));
        Assert.Equal(
            ["8: 1 ann 5", "10: 2 ann 5", "10: 1 ann 5"],
            await RowsAsync(query with
            {
                Descending = true,
                Where = [new ColumnMatch("author", Comparison.Equal, "ann")],
            }));
    }

    [Fact]
    public async Task Query_ByText_ComparesOrdinallyAndSortsNullFirst()
    {
        await ApplyAsync(
            "7", Message(1, "a", 0), Message(2, "B", 0), Message(3, null, 0), Message(4, "é", 0), Message(5, "b", 0));
        var query = new ProjectionQuery(Messages) { Limit = 10, OrderBy = ["author"] };
        string[] sorted = ["7: 3 null 0", "7: 2 B 0", "7: 1 a 0", "7: 5 b 0", "7: 4 é 0"];

        Assert.Equal(sorted, await RowsAsync(query));
        Assert.Equal(sorted.Reverse(), await RowsAsync(query with { Descending = true }));
        Assert.Equal(
            ["7: 1 a 0", "7: 5 b 0", "7: 4 é 0"],
            await RowsAsync(query with { Where = [new ColumnMatch("author", Comparison.Above, "B")] }));
    }
}
