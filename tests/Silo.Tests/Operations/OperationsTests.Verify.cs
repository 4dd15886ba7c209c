using RedNote.Journal;

namespace RedNote.Silo.Tests.Operations;

/// <content>log verify.</content>
public abstract partial class OperationsTests
{
    [Fact]
    public async Task Verify_OfLogsAsAServerLeavesThem_FindsNothing()
    {
        await _desk.Write("7", Three);
        await _desk.Write("8", [new PageWritten(1, "tell")], [new PageWritten(1, "half \ud800 a pair")]);
        await _desk.Snapshot("7", 2, (1, "one"), (2, "二"));
        await _desk.Snapshot("8", 2, (1, "half \ud800 a pair"));

        Assert.Equal(0, await _desk.Run("log", "verify", "--all"));

        Assert.Equal("2 logs, 5 events, 0 findings.", Assert.Single(_desk.Lines));
        Assert.Equal(0, await _desk.Run("log", "verify", "--grain", "notebook/7"));
        Assert.Equal("1 log, 3 events, 0 findings.", Assert.Single(_desk.Lines));
    }

    [Theory]
    [InlineData(
        "DELETE FROM journal_events WHERE first_version = 3",
        "notebook/7: versions 3 to 3 are missing")]
    [InlineData(
        "UPDATE journal_events SET count = 3 WHERE first_version = 1",
        "notebook/7: version 3 is there twice",
        "notebook/7, row of versions 1 to 3: it says 3 events and holds 2.")]
    [InlineData(
        "UPDATE journal_events SET payload = 'x' WHERE first_version = 3",
        "notebook/7, row of versions 3 to 3: its payload is not a JSON array.")]
    [InlineData(
        """UPDATE journal_events SET payload = '[{"kind":"page.eaten"}]' WHERE first_version = 3""",
        "Version 3 of log notebook/7 cannot be read*")]
    [InlineData(
        "UPDATE journal_events SET log = 'book' WHERE first_version = 4",
        "book/7: this version of the program has no log of that kind")]
    public async Task Verify_OfADamagedLog_TellsWhereAndEndsWith1(string damage, params string[] findings)
    {
        await _desk.Write("7", [.. Three, [new PageWritten(3, "three")]]);
        await _desk.Execute(damage);

        Assert.Equal(1, await _desk.Run("log", "verify", "--all"));

        foreach (var finding in findings)
        {
            Assert.Contains(_desk.Lines, line => finding.EndsWith('*')
                ? line.Contains(finding[..^1], StringComparison.Ordinal)
                : line.EndsWith(finding, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("DELETE FROM journal_pages WHERE page = 2", "table pages, row (2) is missing")]
    [InlineData(
        "INSERT INTO journal_pages VALUES ('7', 9, 'nine', 1)",
        "table pages, row (9) is there, but does not follow from the log")]
    [InlineData(
        "UPDATE journal_pages SET text = NULL WHERE page = 2",
        "table pages, row (2): text is null, the log says \"二\"")]
    [InlineData(
        "UPDATE journal_pages SET at = 5 WHERE page = 2", "table pages, row (2): at is 5, the log says 1700000000001")]
    public async Task Verify_OfATableThatDiffers_TellsTheRowAndChangesNothing(string damage, string finding)
    {
        await _desk.Write("7", Three);
        await _desk.Write("8", Three);
        await _desk.Execute(damage + (damage.StartsWith("INSERT", StringComparison.Ordinal) ? "" : " AND grain = '7'"));

        foreach (var scope in (string[][])[["--all"], ["--grain", "notebook/7"], ["--all"]])
        {
            Assert.Equal(1, await _desk.Run(["log", "verify", .. scope]));
            Assert.Equal($"notebook/7: {finding}", _desk.Lines[0]);
            Assert.Equal(2, _desk.Lines.Count);
        }

        Assert.Equal(0, await _desk.Run("log", "verify", "--grain", "notebook/8"));
    }

    [Theory]
    [InlineData("SELECT 1", "UPDATE journal_late_marks SET version = 1")]
    [InlineData("DELETE FROM journal_drafts WHERE version = 2", "UPDATE journal_late_marks SET version = 1")]
    [InlineData("DELETE FROM journal_drafts", "DELETE FROM journal_late_marks")]
    public async Task Verify_OfALateTableThatIsBehind_FindsNothing(string damage, string mark)
    {
        await _desk.Write("7", Three);
        await _desk.Execute(damage);
        await _desk.Execute(mark);

        Assert.Equal(0, await _desk.Run("log", "verify", "--all"));
    }

    [Theory]
    [InlineData("DELETE FROM journal_drafts WHERE version = 2", "table drafts, row (2) is missing")]
    [InlineData(
        "UPDATE journal_drafts SET page = 9 WHERE version = 2", "table drafts, row (2): page is 9, the log says 2")]
    [InlineData(
        "INSERT INTO journal_drafts VALUES ('7', 3, 1)",
        "table drafts, row (3) is there, but does not follow from the log")]
    public async Task Verify_OfALateTableThatDiffers_TellsTheRow(string damage, string finding)
    {
        await _desk.Write("7", Three);
        await _desk.Execute(damage);

        Assert.Equal(1, await _desk.Run("log", "verify", "--all"));
        Assert.Equal($"notebook/7: {finding}", _desk.Lines[0]);
        Assert.Equal(0, await _desk.Run("log", "rebuild", "--table", "drafts"));
        Assert.Equal(0, await _desk.Run("log", "verify", "--all"));
    }

    [Fact]
    public async Task Verify_OfAnOutboxRowWithoutItsEvent_TellsIt()
    {
        await _desk.Write("7", [new PageWritten(1, "tell")]);
        await _desk.Execute("UPDATE journal_outbox SET version = 2");

        Assert.Equal(1, await _desk.Run("log", "verify", "--grain", "notebook/7"));

        Assert.Equal("notebook/7: outbox: version 2 is owed to reader/1, but is not stored", _desk.Lines[0]);
    }

    [Fact]
    public async Task Verify_OfWhatHasNoLog_TellsTable()
    {
        await _desk.Write("7", [new PageWritten(1, "tell")]);
        await _desk.Snapshot("7", 1, (1, "tell"));
        await _desk.Execute("DELETE FROM journal_events");

        Assert.Equal(1, await _desk.Run("log", "verify", "--all"));

        Assert.Equal(
            [
                "notebook/7: a snapshot without a log",
                "table drafts: rows of grain 7, which has no log",
                "table pages: rows of grain 7, which has no log",
                "table texts: rows of grain 7, which has no log",
                "table outbox: rows of notebook/7, which has no log",
                "0 logs, 0 events, 5 findings.",
            ],
            _desk.Lines);
    }

    [Fact]
    public async Task Verify_OfASnapshotAheadOfTheLog_TellsIt()
    {
        await _desk.Write("7", Three);
        await _desk.Snapshot("7", 4, (2, "二"));

        Assert.Equal(1, await _desk.Run("log", "verify", "--grain", "notebook/7"));

        Assert.Equal("notebook/7: the snapshot is of version 4, the log ends with 3", _desk.Lines[0]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Verify_OfASnapshotThatIsNotWhatTheLogSays_TellsIt(long version)
    {
        await _desk.Write("7", Three);
        await _desk.Snapshot("7", version, (2, "two"), (5, "five"));

        Assert.Equal(1, await _desk.Run("log", "verify", "--grain", "notebook/7"));

        Assert.Equal($"notebook/7: the snapshot of version {version} is not what the log amounts to", _desk.Lines[0]);
    }

    [Fact]
    public async Task Verify_OfASnapshotFromBeforeABlanking_FindsNothing()
    {
        await _desk.Write("7", [new PageWritten(1, "secret"), new PageWritten(2, "two")]);
        await _desk.Snapshot("7", 2, (1, "secret"), (2, "two"));
        var id = new LogId(Notebook.Log, "7");
        var blank = System.Text.Encoding.UTF8.GetBytes(OperationsDesk.Json(new PageWritten(1, "")));
        var torn = OperationsDesk.Append(id, 3, new PageTorn(1)) with { Redactions = [new Redaction(1, blank)] };
        await _desk.WithStore(store => store.AppendAsync([torn], Cancelled));

        Assert.Equal(0, await _desk.Run("log", "verify", "--all"));
        await _desk.Snapshot("7", 2, (2, "another"));
        Assert.Equal(1, await _desk.Run("log", "verify", "--all"));
    }

    [Fact]
    public async Task Verify_OfALogWhoseFirstEventsWereTrimmed_GoesOnFromTheSnapshot()
    {
        await _desk.Write("7", [.. Three, [new PageWritten(3, "three")]]);
        await _desk.Snapshot("7", 2, (1, "one"), (2, "二"));
        await _desk.WithStore(store => store.TrimAsync(new LogId(Notebook.Log, "7"), 2, long.MaxValue, Cancelled));

        Assert.Equal(0, await _desk.Run("log", "verify", "--all"));
        Assert.Equal("1 log, 2 events, 0 findings.", _desk.Lines[^1]);
        await _desk.Execute("DELETE FROM journal_pages WHERE page = 3");
        Assert.Equal(1, await _desk.Run("log", "verify", "--all"));
        Assert.Equal("notebook/7: table pages, row (3) is missing", _desk.Lines[0]);
        await _desk.Snapshot("7", 1, (1, "one"));
        Assert.Equal(1, await _desk.Run("log", "verify", "--all"));
        Assert.Equal(
            "notebook/7: begins with version 3, and no snapshot stands for what came before", _desk.Lines[0]);
    }

    [Fact]
    public async Task Verify_WhileAServerAppends_FindsNothing()
    {
        var id = new LogId(Notebook.Log, "7");
        await _desk.Write("7", [new PageWritten(0, "first")]);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var writing = _desk.WithStore(async store =>
        {
            for (var version = 2L; !stop.IsCancellationRequested; version += 2)
            {
                var append = OperationsDesk.Append(id, version, new PageWritten(version % 5, "again"), new PageTorn(3));
                Assert.Equal([AppendOutcome.Stored], await store.AppendAsync([append], Cancelled));
                await Task.Yield();
            }
        });

        for (var i = 0; i < 20; i++)
        {
            Assert.True(await _desk.Run("log", "verify", "--all") == 0, _desk.Output + _desk.Errors);
        }

        await stop.CancelAsync();
        await writing;
        Assert.Equal(0, await _desk.Run("log", "verify", "--all"));
    }
}
