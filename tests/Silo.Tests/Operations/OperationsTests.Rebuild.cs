using RedNote.Journal;

namespace RedNote.Silo.Tests.Operations;

/// <content>log rebuild.</content>
public abstract partial class OperationsTests
{
    [Fact]
    public async Task Rebuild_OfADamagedTable_MendsItAndTellsEveryRow()
    {
        await _desk.Write("7", [.. Three, [new PageWritten(3, "three")]]);
        await _desk.Write("8", Three);
        await _desk.Execute("DELETE FROM journal_pages WHERE grain = '7' AND page = 3");
        await _desk.Execute("UPDATE journal_pages SET text = 'x' WHERE grain = '8' AND page = 2");
        await _desk.Execute("INSERT INTO journal_pages VALUES ('7', 9, 'nine', 1), ('9', 1, 'nobody''s', 1)");

        Assert.Equal(0, await _desk.Run("log", "rebuild", "--table", "pages"));

        Assert.Equal(
            [
                "grain 7: table pages, row (9) is there, but does not follow from the log: mended",
                "grain 7: table pages, row (3) is missing: mended",
                "grain 8: table pages, row (2): text is \"x\", the log says \"二\": mended",
                "grain 9: table pages, row (1) is there, but does not follow from the log: mended",
                "4 rows changed, 0 grains left as they are.",
            ],
            _desk.Lines);
        Assert.Equal(0, await _desk.Run("log", "verify", "--all"));
        Assert.Equal(0, await _desk.Run("log", "rebuild", "--table", "pages"));
        Assert.Equal("0 rows changed, 0 grains left as they are.", Assert.Single(_desk.Lines));
    }

    [Fact]
    public async Task Rebuild_OfOneGrain_LeavesTheOthersAlone()
    {
        await _desk.Write("7", Three);
        await _desk.Write("8", Three);
        await _desk.Execute("DELETE FROM journal_pages");

        Assert.Equal(0, await _desk.Run("log", "rebuild", "--table", "pages", "--grain", "notebook/7"));

        Assert.Equal("1 rows changed, 0 grains left as they are.", _desk.Lines[^1]);
        Assert.Equal(0, await _desk.Run("log", "verify", "--grain", "notebook/7"));
        Assert.Equal(1, await _desk.Run("log", "verify", "--grain", "notebook/8"));
    }

    [Fact]
    public async Task Rebuild_OfWhatTheLogCannotSay_LeavesItAndEndsWith1()
    {
        await _desk.Write("7", [.. Three, [new PageWritten(3, "three")]]);
        await _desk.Snapshot("7", 2, (1, "one"), (2, "二"));
        await _desk.WithStore(store => store.TrimAsync(new LogId(Notebook.Log, "7"), 2, long.MaxValue, Cancelled));
        await _desk.Write("8", Three);
        await _desk.Execute("UPDATE journal_events SET payload = 'x' WHERE grain = '8' AND first_version = 3");

        Assert.Equal(1, await _desk.Run("log", "rebuild", "--table", "pages"));

        Assert.Equal("notebook/7: left as it is: its first events are no longer kept", _desk.Lines[0]);
        Assert.StartsWith("notebook/8: left as it is: Version 3 of log", _desk.Lines[1], StringComparison.Ordinal);
        Assert.Equal("0 rows changed, 2 grains left as they are.", _desk.Lines[^1]);
        Assert.Equal(0, await _desk.Run("log", "verify", "--grain", "notebook/7"));
    }

    [Fact]
    public async Task Rebuild_OfATableOfAnotherShape_MakesItAnew()
    {
        await _desk.Write("7", Three);
        await _desk.Execute("ALTER TABLE journal_pages RENAME COLUMN text TO words");
        await _desk.Execute(
            "UPDATE journal_projections SET signature = '1 page:integer words:text at:integer' WHERE name = 'pages'");
        await Assert.ThrowsAsync<JournalSchemaException>(() => _desk.WithStore(_ => Task.CompletedTask));

        Assert.Equal(2, await _desk.Run("log", "rebuild", "--table", "pages", "--grain", "notebook/7"));
        Assert.Contains("Do so without --grain", _desk.Errors, StringComparison.Ordinal);
        Assert.Equal(0, await _desk.Run("log", "rebuild", "--table", "pages"));

        Assert.Equal("1 rows changed, 0 grains left as they are.", _desk.Lines[^1]);
        await _desk.Write("7", [new PageWritten(4, "four")]);
        Assert.Equal(0, await _desk.Run("log", "verify", "--all"));
    }

    [Fact]
    public async Task Backup_OfADatabaseInUse_IsADataDirectoryThatVerifies()
    {
        var target = Path.Combine(_desk.Folder, "copy");
        await _desk.Write("7", Three);
        await _desk.Snapshot("7", 2, (1, "one"), (2, "二"));
        var code = 0;
        await _desk.WithStore(async store =>
        {
            using var server = DataDirectoryLock.Take(_desk.Folder);
            code = await _desk.Run("backup", "--to", target);
        });

        if (_desk.Options.Storage == StorageKind.Postgres)
        {
            Assert.Equal(2, code);
            Assert.Contains("pg_dump", _desk.Errors, StringComparison.Ordinal);
            return;
        }

        Assert.Equal(0, code);
        Assert.Equal(2, _desk.Lines.Count);
        _desk.Options.DataDirectory = target;
        Assert.Equal(0, await _desk.Run("log", "verify", "--all"));
        Assert.Equal("1 log, 3 events, 0 findings.", Assert.Single(_desk.Lines));
        Assert.Equal(2, await _desk.Run("backup", "--to", target));
    }

    [Fact]
    public async Task Command_OnAJournalOfANewerSchema_IsRefused()
    {
        await _desk.Write("7", Three);
        await _desk.Execute("UPDATE journal_schema SET version = 1000");

        string[] commands = ["log verify --all", "log show --grain notebook/7", "log rebuild --table pages"];
        foreach (var command in commands)
        {
            Assert.Equal(2, await _desk.Run(command.Split(' ')));
            Assert.Contains("schema version 1000", _desk.Errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Rebuild_WhileAServerRuns_LosesNothingOrIsRefused()
    {
        if (_desk.Options.Storage == StorageKind.Sqlite)
        {
            using var server = DataDirectoryLock.Take(_desk.Folder);
            Assert.Equal(2, await _desk.Run("log", "rebuild", "--table", "pages"));
            Assert.Contains("held by another process", _desk.Errors, StringComparison.Ordinal);
            return;
        }

        var id = new LogId(Notebook.Log, "7");
        await _desk.Write("7", [new PageWritten(0, "first")]);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var writing = _desk.WithStore(async store =>
        {
            for (var version = 2L; !stop.IsCancellationRequested; version++)
            {
                var append = OperationsDesk.Append(id, version, new PageWritten(version % 50, "again"));
                Assert.Equal([AppendOutcome.Stored], await store.AppendAsync([append], Cancelled));
            }
        });

        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(0, await _desk.Run("log", "rebuild", "--table", "pages"));
            Assert.Equal("0 rows changed, 0 grains left as they are.", Assert.Single(_desk.Lines));
        }

        await stop.CancelAsync();
        await writing;
        Assert.Equal(0, await _desk.Run("log", "verify", "--all"));
    }
}
