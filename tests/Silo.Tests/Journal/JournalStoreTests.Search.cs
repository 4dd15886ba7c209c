using System.Collections.Immutable;
using RedNote.Journal;

namespace RedNote.Silo.Tests.Journal;

/// <content>Rows by the words of their text.</content>
public abstract partial class JournalStoreTests
{
    /// <summary>A table whose text is searched.</summary>
    protected static readonly ProjectionTable Talk = new(
        "talk",
        keyColumns: 1,
        [
            new ProjectionColumn("seq", ProjectionType.Integer),
            new ProjectionColumn("text", ProjectionType.Text),
            new ProjectionColumn("likes", ProjectionType.Integer),
        ],
        searched: "text");

    protected static UpsertRow Said(long seq, string? text, long likes = 0) => new(Talk, [seq, text, likes]);

    protected static Task<string> FindAsync(
        IJournalStore store, string words, string grain = "7", int limit = 50, params ImmutableArray<ColumnMatch> where)
        => FindAsync(store, new ProjectionQuery(Talk)
        {
            Grain = grain,
            Words = words,
            Where = where,
            Descending = true,
            Limit = limit,
        });

    private static async Task<string> FindAsync(IJournalStore store, ProjectionQuery query)
        => string.Join(' ', (await store.QueryAsync(query, Cancelled)).Select(row => row.Values[0].Number));

    private Task<string> FindAsync(string words, string grain = "7") => FindAsync(Store, words, grain);

    [Theory]
    [InlineData("tomorrow", "2 1")]
    [InlineData("TOMORROW", "2 1")]
    [InlineData("ｔｏｍｏ", "2 1")]
    [InlineData("morrow", "")]
    [InlineData("t", "2 1")]
    [InlineData("tomorrow evening", "2")]
    [InlineData("evening, tomorrow!", "2")]
    [InlineData("tomorrow tomorrowland", "")]
    [InlineData("cafe", "3")]
    [InlineData("café", "3")]
    [InlineData("supercalifragilistic", "4")]
    [InlineData("supercalifragilistik", "")]
    [InlineData("3 14", "5")]
    [InlineData("...", "")]
    [InlineData("", "")]
    [InlineData("AND", "6")]
    [InlineData("\" OR NOT * ' )", "")]
    public async Task Search_OfWordsWithLetters_FindsWhereWordsBeginWithAllOfThem(string words, string found)
    {
        await ApplyAsync(
            "7",
            Said(1, "See you tomorrow."),
            Said(2, "Tomorrow, in the EVENING"),
            Said(3, "Café ☕?"),
            Said(4, "supercalifragilisticexpialidocious"),
            Said(5, "π = 3.14"),
            Said(6, "bread and butter"),
            Said(7, null),
            Said(8, " ?! "));

        Assert.Equal(found, await FindAsync(words));
    }

    [Theory]
    [InlineData("茶", "6 3 2 1")]
    [InlineData("奶茶", "2 1")]
    [InlineData("喝奶茶", "1")]
    [InlineData("今天喝奶茶", "1")]
    [InlineData("今天茶奶", "")]
    [InlineData("喝茶", "6 3")]
    [InlineData("今天 茶", "3 1")]
    [InlineData("点iphone", "4")]
    [InlineData("IPHONE手机", "4")]
    [InlineData("ラーメン", "5")]
    [InlineData("らーめん", "")]
    [InlineData("ﾗｰﾒﾝ", "5")]
    [InlineData("안녕", "5")]
    [InlineData("🎉", "5")]
    [InlineData("𠮷野", "5")]
    [InlineData("ababab", "")]
    [InlineData("哈啊哈啊", "")]
    public async Task Search_OfScriptsWithoutSpaces_FindsWordsOfEveryLengthAndNothingElse(string words, string found)
    {
        await ApplyAsync(
            "7",
            Said(1, "我们今天喝奶茶吧"),
            Said(2, "奶茶不错"),
            Said(3, "今天先喝茶，明天再喝奶"),
            Said(4, "点这个：新iPhone手机壳"),
            Said(5, "ラーメン 안녕하세요 𠮷野家🎉"),
            Said(6, "喝茶去，天气好"),
            Said(7, "哈啊哈，啊哈"));

        Assert.Equal(found, await FindAsync(words));
    }

    [Fact]
    public async Task Search_FindsRowsOfItsGrainOnly()
    {
        await ApplyAsync("7", Said(1, "hello"), Said(2, "你好"));
        await ApplyAsync("8", Said(1, "hello"), Said(3, "hello again"));
        await ApplyAsync("名字", Said(4, "hello"));

        Assert.Equal("1", await FindAsync("hello"));
        Assert.Equal("3 1", await FindAsync("hello", "8"));
        Assert.Equal("4", await FindAsync("hello", "名字"));
        Assert.Equal("", await FindAsync("你", "8"));
        Assert.Equal("", await FindAsync("hello", "9"));
    }

    [Fact]
    public async Task Search_OfMoreThanTheLimit_IsPagedByTheKey()
    {
        IEnumerable<ProjectionChange> many = Enumerable.Range(1, 40)
            .Select(i => Said(i, i % 2 == 0 ? "even 双" : "odd", i / 10));
        await ApplyAsync("7", [.. many]);
        await ApplyAsync("7", Said(0, "even 双"), Said(ProjectionTable.MaxSearchedKey, "even 双"));

        Assert.Equal("4294967295 40 38", await FindAsync(Store, "双", limit: 3));
        Assert.Equal(
            "36 34 32", await FindAsync(Store, "双", limit: 3, where: new ColumnMatch("seq", Comparison.Below, 38)));
        Assert.Equal(
            "2 0", await FindAsync(Store, "even", limit: 3, where: new ColumnMatch("seq", Comparison.AtMost, 3)));
        Assert.Equal("", await FindAsync(Store, "even", where: new ColumnMatch("seq", Comparison.Equal, 3)));
        Assert.Equal(
            "18 16 14 12",
            await FindAsync(
                Store, "even", "7", 50,
                new ColumnMatch("likes", Comparison.Equal, 1), new ColumnMatch("seq", Comparison.Above, 10)));
        Assert.Equal(
            "0 2 4", await FindAsync(Store, new ProjectionQuery(Talk) { Grain = "7", Words = "even", Limit = 3 }));
    }

    [Fact]
    public async Task Search_AfterARowIsReplaced_FindsWhatItSaysNow()
    {
        await ApplyAsync("7", Said(1, "secret 密码"), Said(2, "secret"));
        await ApplyAsync("7", Said(1, "open 公开"), Said(2, "secret", likes: 5));

        Assert.Equal("2", await FindAsync("secret"));
        Assert.Equal("", await FindAsync("密"));
        Assert.Equal("1", await FindAsync("公开"));

        await ApplyAsync("7", Said(2, null), Said(1, "a"), Said(1, "b"));
        Assert.Equal("", await FindAsync("secret"));
        Assert.Equal("", await FindAsync("公开"));
        Assert.Equal("1", await FindAsync("b"));
        await ApplyAsync("7", Said(2, "secret"));
        Assert.Equal("2", await FindAsync("secret"));
    }

    [Fact]
    public async Task Search_AfterRowsAreDeleted_DoesNotFindThem()
    {
        await ApplyAsync("7", [.. Enumerable.Range(1, 5).Select(i => Said(i, "hello 你好", i))]);
        await ApplyAsync("8", Said(1, "hello"));

        await ApplyAsync("7", Delete(Talk, new ColumnMatch("seq", Comparison.Equal, 2)));
        await ApplyAsync("7", Said(6, "hello"), Delete(Talk, new ColumnMatch("likes", Comparison.AtLeast, 4)));
        Assert.Equal("6 3 1", await FindAsync("hello"));

        await ApplyAsync("7", Delete(Talk), Said(3, "hello"));
        Assert.Equal("3", await FindAsync("hello"));
        Assert.Equal("", await FindAsync("你"));
        Assert.Equal("1", await FindAsync("hello", "8"));
    }

    [Fact]
    public async Task Search_OfARefusedAppend_FindsNothingOfIt()
    {
        await AppendAllAsync(Events(Room, 1, "a") with { Changes = [Said(1, "first")] });
        Assert.Equal(
            AppendOutcome.Conflict,
            await AppendAsync(Events(Room, 1, "b") with { Changes = [Said(1, "stale"), Said(2, "stale")] }));

        Assert.Equal("1", await FindAsync("first"));
        Assert.Equal("", await FindAsync("stale"));
    }

    [Fact]
    public async Task Search_OfWhatCannotBeAsked_IsRefused()
    {
        var query = new ProjectionQuery(Talk) { Grain = "7", Words = "a", Limit = 1 };

        await Assert.ThrowsAsync<InvalidOperationException>(() => RowsAsync(query with { Grain = null }));
        await Assert.ThrowsAsync<InvalidOperationException>(() => RowsAsync(query with { OrderBy = ["likes"] }));
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => RowsAsync(new ProjectionQuery(Messages) { Grain = "7", Words = "a", Limit = 1 }));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => RowsAsync(query with { Words = new string('a', SearchWords.MaxLength + 1) }));
        Assert.Empty(await RowsAsync(query with { Words = new string('a', SearchWords.MaxLength) }));
    }

    [Fact]
    public void Table_ThatCannotBeSearched_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => new ProjectionTable("x", 2, Talk.Columns, searched: "text"));
        Assert.Throws<ArgumentException>(() => new ProjectionTable("x", 1, Talk.Columns, searched: "likes"));
        Assert.Throws<ArgumentException>(() => new ProjectionTable("x", 1, Talk.Columns, searched: "words"));
        Assert.Throws<ArgumentOutOfRangeException>(() => Talk.Fold(Said(-1, "a").Values));
        var tooHigh = Said(ProjectionTable.MaxSearchedKey + 1, "a");
        Assert.Throws<ArgumentOutOfRangeException>(() => Talk.Fold(tooHigh.Values));
    }
}
