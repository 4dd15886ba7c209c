using RedNote.Journal;
using RedNote.Silo.Journal;

namespace RedNote.Silo.Tests.Operations;

/// <content>Tables whose text is searched.</content>
public abstract partial class OperationsTests
{
    private static readonly ProjectionTable Texts
        = Notebook.Definition.Projections.Single(projection => projection.Table.Name == "texts").Table;

    private async Task<string> Find(string words, string grain = "7")
    {
        var found = "";
        await _desk.WithStore(async store =>
        {
            var rows = await store.QueryAsync(
                new ProjectionQuery(Texts) { Grain = grain, Words = words, Limit = 10 }, Cancelled);
            found = string.Join(' ', rows.Select(row => row.Values[0].Number));
        });
        return found;
    }

    [Fact]
    public async Task Rebuild_OfATableThatIsSearchedFromNowOn_MakesItsRowsFound()
    {
        await _desk.Write("7", Three);
        await _desk.Write("8", Three);
        await DropSearch();
        Assert.Equal("", await Find("二"));
        // Written after the search was made and before the rebuild.
        await _desk.Write("7", [new PageWritten(3, "二 three"), new PageWritten(2, "二 two")]);
        Assert.Equal("2 3", await Find("二"));

        Assert.Equal(1, await _desk.Run("log", "verify", "--all"));
        Assert.Contains(
            "notebook/8: table texts: 1 rows are not found by their words, or by others (2); rebuild the table",
            _desk.Lines);
        Assert.Equal(0, await _desk.Run("log", "rebuild", "--table", "texts"));

        Assert.Equal(
            ["grain 8: 1 rows can be searched as they should", "0 rows changed, 0 grains left as they are."],
            _desk.Lines);
        Assert.Equal("2", await Find("二", "8"));
        Assert.Equal(0, await _desk.Run("log", "verify", "--all"));
    }

    [Fact]
    public async Task Rebuild_OfRowsThatWereChangedByHand_MakesTheirSearchRightToo()
    {
        await _desk.Write("7", [.. Three, [new PageWritten(3, "three"), new PageWritten(4, "four")]]);
        await _desk.Execute("UPDATE journal_texts SET text = 'other' WHERE page = 2");
        await _desk.Execute("DELETE FROM journal_texts WHERE page = 3");
        await _desk.Execute("INSERT INTO journal_texts (grain, page, text) VALUES ('7', 9, 'nine')");

        Assert.Equal(0, await _desk.Run("log", "rebuild", "--table", "texts"));

        Assert.Equal("", await Find("other"));
        Assert.Equal("", await Find("nine"));
        Assert.Equal("2", await Find("二"));
        Assert.Equal("3", await Find("three"));
        Assert.Equal("4", await Find("four"));
        Assert.Equal(0, await _desk.Run("log", "verify", "--all"));
        await _desk.Write("7", [new PageWritten(2, "again"), new PageTorn(3)]);
        Assert.Equal("", await Find("二"));
        Assert.Equal("", await Find("three"));
        Assert.Equal(0, await _desk.Run("log", "verify", "--all"));
    }

    [Fact]
    public async Task Verify_OfASearchThatWasDamaged_TellsTheRows()
    {
        await _desk.Write("7", [.. Three, [new PageWritten(3, "three")]]);
        var isSqlite = _desk.Options.Storage == StorageKind.Sqlite;
        // Of page 2 something else is found, and page 5 is found though it is not there.
        await _desk.Execute(isSqlite
            ? $"INSERT INTO {SearchSql.WordsOf(Texts)} (rowid, words) VALUES ((1 << 32) | 5, 'x')"
            : $"UPDATE journal_texts SET {SearchSql.Tokens} = NULL, {SearchSql.Text} = 'x' WHERE page = 2");

        Assert.Equal(1, await _desk.Run("log", "verify", "--grain", "notebook/7"));
        Assert.Contains($"({(isSqlite ? 5 : 2)}); rebuild", _desk.Output, StringComparison.Ordinal);

        Assert.Equal(0, await _desk.Run("log", "rebuild", "--table", "texts", "--grain", "notebook/7"));
        Assert.Equal(0, await _desk.Run("log", "verify", "--all"));
        Assert.Equal("2", await Find("二"));
    }

    [Fact]
    public async Task Rebuild_OfASearchedTableOfAnotherShape_MakesTheSearchAnew()
    {
        await _desk.Write("7", Three);
        await _desk.Execute("ALTER TABLE journal_texts RENAME COLUMN text TO words");
        await _desk.Execute(
            "UPDATE journal_projections SET signature = '1 page:integer words:text' WHERE name = 'texts'");

        Assert.Equal(0, await _desk.Run("log", "rebuild", "--table", "texts"));

        Assert.Equal("2", await Find("二"));
        Assert.Equal(0, await _desk.Run("log", "verify", "--all"));
    }

    /// <summary>As a version of the program left the table that did not search it.</summary>
    private async Task DropSearch()
    {
        IEnumerable<string> statements = _desk.Options.Storage == StorageKind.Sqlite
            ? SearchSql.Drop(Texts, SqlFlavor.Sqlite)
            : [$"ALTER TABLE journal_texts DROP COLUMN {SearchSql.Text}, DROP COLUMN {SearchSql.Tokens}"];
        foreach (var statement in statements)
        {
            await _desk.Execute(statement);
        }
    }
}
