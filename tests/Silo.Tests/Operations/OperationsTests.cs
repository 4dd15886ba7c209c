using RedNote.Silo.Tests.Journal;

namespace RedNote.Silo.Tests.Operations;

/// <summary>The commands about logs, on a database that a subclass brings.</summary>
public abstract partial class OperationsTests : IAsyncLifetime
{
    private OperationsDesk _desk = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private protected OperationsDesk Desk => _desk;

    private protected static NotebookEvent[][] Three
        => [[new PageWritten(1, "one"), new PageWritten(2, "二")], [new PageTorn(1)]];

    public async ValueTask InitializeAsync() => _desk = await OperationsDesk.Open(await NewPostgres());

    public async ValueTask DisposeAsync()
    {
        await _desk.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>A PostgreSQL database, or null for SQLite.</summary>
    private protected abstract Task<string?> NewPostgres();

    [Fact]
    public async Task Show_OfALog_PrintsAnEventPerLine()
    {
        await _desk.Write("7", Three);

        Assert.Equal(0, await _desk.Run("log", "show", "--grain", "notebook/7"));

        const string at = "2023-11-14T22:13:20";
        Assert.Equal(
            [
                $$"""       1  {{at}}.001Z  page.written              {"kind":"page.written","page":1,"text":"one"}""",
                $$"""       2  {{at}}.001Z  page.written              {"kind":"page.written","page":2,"text":"二"}""",
                $$"""       3  {{at}}.003Z  page.torn                 {"kind":"page.torn","page":1}""",
            ],
            _desk.Lines);
        Assert.Empty(_desk.Errors);
    }

    [Fact]
    public async Task Show_OfAPage_PrintsThatAndHowToGoOn()
    {
        await _desk.Write("7", Three);
        (string Options, string Versions, string GoOn)[] cases =
        [
            ("--limit 2", "1 2", "--from 3."),
            ("--from 2", "2 3", ""),
            ("--from 2 --to 2", "2", ""),
            ("--newest --limit 2", "3 2", "--newest --to 1."),
            ("--newest --to 2", "2 1", ""),
        ];
        foreach (var (options, versions, goOn) in cases)
        {
            Assert.Equal(0, await _desk.Run(["log", "show", "--grain", "notebook/7", .. options.Split(' ')]));
            Assert.Equal(versions.Split(' '), _desk.Lines.Select(line => line.TrimStart().Split(' ')[0]));
            Assert.EndsWith(goOn, _desk.Errors.TrimEnd(), StringComparison.Ordinal);
            Assert.Equal(goOn.Length > 0, _desk.Errors.Length > 0);
        }
    }

    [Fact]
    public async Task Command_ThatCannotBeCarriedOut_SaysWhyAndEndsWith2()
    {
        await _desk.Write("7", Three);
        (string Why, string Command)[] cases =
        [
            ("There is no log notebook/8", "log show --grain notebook/8"),
            ("logs are called notebook", "log show --grain book/7"),
            ("--grain is missing", "log show"),
            ("--grain is LOG/KEY", "log show --grain 7"),
            ("--limit is a number from 1, not 'x'", "log show --grain notebook/7 --limit x"),
            ("--from 5 is after --to 4", "log show --grain notebook/7 --from 5 --to 4"),
            ("'--colour' is not an option", "log show --colour red"),
            ("--grain needs a value", "log show --grain"),
            ("--grain is given twice", "log show --grain notebook/7 --grain notebook/7"),
            ("There is no log notebook/8", "log verify --grain notebook/8"),
            ("Say --grain LOG/KEY or --all", "log verify"),
            ("Say either --grain or --all", "log verify --all --grain notebook/7"),
            ("There is no log notebook/8", "log export --grain notebook/8"),
            ("--table is missing", "log rebuild"),
            ("there are drafts, pages", "log rebuild --table outbox"),
            ("have no table 'pages'", "log rebuild --table pages --grain book/7"),
            ("--to is missing", "backup"),
            ("There is no command 'log mend'", "log mend --all"),
            ("There is no command 'dance'", "dance"),
        ];
        foreach (var (why, command) in cases)
        {
            Assert.Equal(2, await _desk.Run(command.Split(' ')));
            Assert.Contains(why, _desk.Errors, StringComparison.Ordinal);
            Assert.Empty(_desk.Output);
        }
    }

    [Fact]
    public async Task Show_OfARowThatIsNoJson_PrintsWhatIsBeforeItAndEndsWith1()
    {
        await _desk.Write("7", Three);
        await _desk.Execute("UPDATE journal_events SET payload = '[{' WHERE first_version = 3");

        Assert.Equal(1, await _desk.Run("log", "show", "--grain", "notebook/7"));

        Assert.Equal(2, _desk.Lines.Count);
        Assert.Contains("notebook/7, row of versions 3 to 3", _desk.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_OfAnEventThatIsNotKnown_PrintsItAsItIs()
    {
        await _desk.Write("7", Three);
        await _desk.Execute(
            """UPDATE journal_events SET payload = '[{"kind":"page.eaten"}]' WHERE first_version = 3""");

        Assert.Equal(0, await _desk.Run("log", "show", "--grain", "notebook/7", "--from", "3"));

        Assert.EndsWith(
            """page.eaten                {"kind":"page.eaten"}""", _desk.Lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_OfOneLog_PrintsEveryEventExactly()
    {
        await _desk.Write("7", Three);
        await _desk.Write("x\"y", [new PageWritten(1, "other")]);

        Assert.Equal(0, await _desk.Run("log", "export", "--grain", "notebook/7", "--from", "2"));

        const string head = """{"log":"notebook","grain":"7","version":""";
        Assert.Equal(
            [
                head + """2,"at":1700000000001,"event":{"kind":"page.written","page":2,"text":"二"}}""",
                head + """3,"at":1700000000003,"event":{"kind":"page.torn","page":1}}""",
            ],
            _desk.Lines);
    }

    [Fact]
    public async Task Export_OfEverythingToAFile_CanBePutBackByHand()
    {
        await _desk.Write("7", Three);
        await _desk.Write("x\"y", [new PageWritten(1, "it's \"quoted\" \\ 二")]);
        var file = Path.Combine(_desk.Folder, "export.jsonl");

        Assert.Equal(0, await _desk.Run("log", "export", "--all", "--file", file));
        Assert.Contains("4 events", _desk.Errors, StringComparison.Ordinal);
        await _desk.Execute("DELETE FROM journal_events");
        foreach (var line in await File.ReadAllLinesAsync(file, Cancelled))
        {
            await _desk.Execute(ImportSql(line.Replace("'", "''", StringComparison.Ordinal)));
        }

        Assert.Equal(0, await _desk.Run("log", "verify", "--all"));
        Assert.Equal("2 logs, 4 events, 0 findings.", Assert.Single(_desk.Lines));
        var exported = await File.ReadAllTextAsync(file, Cancelled);
        Assert.Equal(0, await _desk.Run("log", "export", "--all"));
        Assert.Equal(exported, _desk.Output);
    }

    [Fact]
    public async Task Export_ToAFileThatIsThere_LeavesItAlone()
    {
        await _desk.Write("7", Three);
        var file = Path.Combine(_desk.Folder, "export.jsonl");
        await File.WriteAllTextAsync(file, "mine", Cancelled);

        Assert.Equal(2, await _desk.Run("log", "export", "--all", "--file", file));

        Assert.Equal("mine", await File.ReadAllTextAsync(file, Cancelled));
    }

    /// <summary>The statement of the README that puts an exported line back.</summary>
    private protected abstract string ImportSql(string line);
}

public sealed class SqliteOperationsTests : OperationsTests
{
    [Fact]
    public async Task Verify_OfAnIndexThatIsNotEqualToTheRows_TellsEachDifference()
    {
        await Desk.Write("7", Three);
        await Desk.Write("8", Three);
        await Desk.Execute("INSERT INTO journal_index SELECT log, grain, first_version, id FROM journal_events");
        await Desk.Execute("UPDATE journal_indexed SET up_to = (SELECT max(id) FROM journal_events)");
        Assert.Equal(0, await Desk.Run("log", "verify", "--all"));
        var first = "WHERE grain = '7' AND first_version = 1";
        await Desk.Execute($"UPDATE journal_index SET first_version = 9 {first}");

        Assert.Equal(1, await Desk.Run("log", "verify", "--all"));

        Assert.Contains("notebook/7, version 1: row 1 is not in the index", Desk.Lines);
        Assert.Contains("notebook/7, version 9: row 1 is in the index, but not there", Desk.Lines);
        await Desk.Execute("UPDATE journal_index SET first_version = 1 WHERE first_version = 9");
        Assert.Equal(0, await Desk.Run("log", "verify", "--all"));
    }

    private protected override Task<string?> NewPostgres() => Task.FromResult<string?>(null);

    private protected override string ImportSql(string line) => $"""
        INSERT INTO journal_events (log, grain, first_version, count, at, payload)
        SELECT json_extract(line, '$.log'), json_extract(line, '$.grain'), json_extract(line, '$.version'), 1,
            json_extract(line, '$.at'), '[' || json_extract(line, '$.event') || ']' FROM (SELECT '{line}' AS line)
        """;
}

[Collection(PostgresTestGroup.Name)]
public sealed class PostgresOperationsTests(PostgresFixture postgres) : OperationsTests
{
    private protected override async Task<string?> NewPostgres() => await postgres.NewDatabaseAsync();

    private protected override string ImportSql(string line) => $"""
        INSERT INTO journal_events (log, grain, first_version, count, at, payload)
        SELECT line ->> 'log', line ->> 'grain', (line ->> 'version')::bigint, 1, (line ->> 'at')::bigint,
            '[' || (line -> 'event')::text || ']' FROM (SELECT '{line}'::json AS line) AS exported
        """;
}
