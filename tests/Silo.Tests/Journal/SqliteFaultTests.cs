using RedNote.Journal;
using RedNote.Silo.Journal;

namespace RedNote.Silo.Tests.Journal;

/// <summary>
/// What happens to the file of the journal while it is in use: the failure is clear, nothing acknowledged is lost,
/// nothing else is there, and the same store goes on once the cause is gone.
/// </summary>
public sealed partial class SqliteFaultTests : IAsyncDisposable
{
    private static readonly LogId Room = new("room", "7");
    private static readonly LogId Other = new("room", "8");

    private readonly TempFolder _folder = new();
    private SqliteJournalStore? _store;

    private string Journal => _folder.File(SqliteJournalStore.FileName);

    private SqliteJournalStore Store => _store!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        if (_store is not null)
        {
            await _store.DisposeAsync();
        }

        _folder.Dispose();
    }

    [Fact]
    public async Task Append_WhenTheFileReachesItsLimit_FailsWholeAndGoesOnOnceThereIsRoom()
    {
        await StartAsync(new SqliteJournalOptions { MaxPages = 100 });
        var stored = await FillAsync();
        Assert.InRange(stored, 5, 99);

        await ExpectFailureAsync("full", Events(Room, stored + 1, new string('x', 50_000)), Events(Other, 1, "small"));

        Assert.Equal(stored, await Store.ReadHeadAsync(Room, Cancelled));
        Assert.Equal(0, await Store.ReadHeadAsync(Other, Cancelled));
        Assert.Equal(stored - 1, await Store.TrimAsync(Room, stored, long.MaxValue, Cancelled));
        await AppendAsync(Events(Room, stored + 1, "again"), Events(Other, 1, "again"));
        await ExpectWholeAsync(stored + 1);
    }

    [Fact]
    public async Task Append_OnAFullDisk_FailsClearlyAndGoesOnOnceThereIsRoom()
    {
        using var disk = SmallDisk.Mount(_folder.File("disk"), megabytes: 4);
        await StartAsync(new SqliteJournalOptions(), disk.File(SqliteJournalStore.FileName));
        var filler = disk.Fill(leaveBytes: 1_000_000);
        var stored = await FillAsync();

        await ExpectFailureAsync("full", Events(Room, stored + 1, new string('x', 50_000)), Events(Other, 1, "small"));
        Assert.Equal(stored, await Store.ReadHeadAsync(Room, Cancelled));
        File.Delete(filler);

        await Store.ProbeAsync(Cancelled);
        await AppendAsync(Events(Room, stored + 1, "again"), Events(Other, 1, "again"));
        await ExpectWholeAsync(stored + 1, disk.File(SqliteJournalStore.FileName));
    }

    [Fact]
    public async Task Start_OnAReadOnlyDisk_SaysSoAndSucceedsLater()
    {
        using var disk = SmallDisk.Mount(_folder.File("disk"), megabytes: 4);
        var file = disk.File(SqliteJournalStore.FileName);
        await StartAsync(new SqliteJournalOptions(), file);
        await AppendAsync(Events(Room, 1, "a"));
        await Store.DisposeAsync();
        disk.MakeReadOnly();
        _store = new SqliteJournalStore(file, []);

        var exception = await Assert.ThrowsAsync<JournalUnavailableException>(() => Store.StartAsync(Cancelled));
        Assert.Contains("may not be written", exception.Message, StringComparison.Ordinal);
        Assert.Contains(file, exception.Message, StringComparison.Ordinal);

        disk.MakeWritable();
        await Store.StartAsync(Cancelled);
        await AppendAsync(Events(Room, 2, "b"));
        await ExpectWholeAsync(2, file);
    }

    [Fact]
    public async Task Append_WhileAnotherProgramHoldsTheFile_FailsAndGoesOnAfterwards()
    {
        await StartAsync(new SqliteJournalOptions { BusyTimeoutMs = 50 });
        await AppendAsync(Events(Room, 1, "a"));
        using (var other = OpenRaw(Journal))
        {
            Execute(other, "BEGIN IMMEDIATE");
            await ExpectFailureAsync("another program holds it locked", Events(Room, 2, "b"));
            // Readers are in nobody's way.
            Assert.Equal(1, await Store.ReadHeadAsync(Room, Cancelled));
            Execute(other, "ROLLBACK");
        }

        await AppendAsync(Events(Room, 2, "b"));
        await ExpectWholeAsync(2);
    }

    [Fact]
    public async Task Append_WhileAnotherProgramHoldsTheFileForAMoment_Waits()
    {
        await StartAsync(new SqliteJournalOptions { BusyTimeoutMs = 30_000 });
        using var other = OpenRaw(Journal);
        Execute(other, "BEGIN IMMEDIATE");

        var append = Store.AppendAsync([Events(Room, 1, "a")], Cancelled);
        Assert.False(append.IsCompleted);
        Execute(other, "ROLLBACK");

        Assert.Equal([AppendOutcome.Stored], await append);
    }

    [Fact]
    public async Task Append_WhenTheFilesWereMovedAway_FailsMakesNoNewOnesAndGoesOnOnceTheyAreBack()
    {
        await StartAsync(new SqliteJournalOptions());
        await AppendAsync(Events(Room, 1, "a"));
        var away = Directory.CreateDirectory(_folder.File("away")).FullName;
        MoveFiles(_folder.Path, away);

        await ExpectFailureAsync("missing", Events(Room, 2, "b"));
        await Assert.ThrowsAsync<JournalUnavailableException>(() => Store.ReadHeadAsync(Room, Cancelled));
        Assert.Empty(Directory.GetFiles(_folder.Path));

        MoveFiles(away, _folder.Path);
        Assert.Equal(1, await Store.ReadHeadAsync(Room, Cancelled));
        await AppendAsync(Events(Room, 2, "b"));
        await ExpectWholeAsync(2);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-wal")]
    public async Task Append_WhenAFileIsDeletedMeanwhile_IsNotAcknowledged(string ending)
    {
        await StartAsync(new SqliteJournalOptions());
        await AppendAsync(Events(Room, 1, "a"));
        var batch = new ActingBatch(Events(Room, 2, "b"), () => File.Delete(Journal + ending));

        var exception = await Assert.ThrowsAsync<JournalUnavailableException>(
            () => Store.AppendAsync(batch, Cancelled));

        Assert.Contains("deleted, moved or replaced", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Append_WhenGarbageTookTheFilesPlace_FailsAndLeavesItAlone()
    {
        await StartAsync(new SqliteJournalOptions());
        await AppendAsync(Events(Room, 1, "a"));
        var away = Directory.CreateDirectory(_folder.File("away")).FullName;
        MoveFiles(_folder.Path, away);
        var garbage = string.Concat(Enumerable.Repeat("This is not a database. ", 1_000));
        await File.WriteAllTextAsync(Journal, garbage, Cancelled);

        await ExpectFailureAsync("not an SQLite database", Events(Room, 2, "b"));
        await Assert.ThrowsAsync<JournalUnavailableException>(() => Store.ReadHeadAsync(Room, Cancelled));
        Assert.Equal(garbage, await File.ReadAllTextAsync(Journal, Cancelled));

        File.Delete(Journal);
        MoveFiles(away, _folder.Path);
        await AppendAsync(Events(Room, 2, "b"));
        await ExpectWholeAsync(2);
    }

    [Fact]
    public async Task Append_WhenAnotherDatabaseTookTheFilesPlace_Fails()
    {
        await StartAsync(new SqliteJournalOptions());
        await AppendAsync(Events(Room, 1, "a"));
        MoveFiles(_folder.Path, Directory.CreateDirectory(_folder.File("away")).FullName);
        using (var stranger = OpenRaw(Journal))
        {
            Execute(stranger, "CREATE TABLE something (else_)");
        }

        await ExpectFailureAsync("replaced by something else", Events(Room, 2, "b"));
    }

    [Fact]
    public async Task Append_WhenABackupTookTheFilesPlace_GoesOnFromTheBackup()
    {
        await StartAsync(new SqliteJournalOptions());
        await AppendAsync(Events(Room, 1, "a"));
        await SqliteBackup.CopyAsync(_folder.Path, _folder.File("backup"), Cancelled);
        await AppendAsync(Events(Room, 2, "b"));
        MoveFiles(_folder.Path, Directory.CreateDirectory(_folder.File("away")).FullName);
        MoveFiles(_folder.File("backup"), _folder.Path);

        // A grain that is still active is fenced, as version 2 is not there any more.
        Assert.Equal([AppendOutcome.Conflict], await Store.AppendAsync([Events(Room, 3, "c")], Cancelled));
        await AppendAsync(Events(Room, 2, "b again"));
        await ExpectWholeAsync(2);
    }

    [Fact]
    public async Task Start_OnGarbage_SaysSoAndLeavesItAlone()
    {
        await File.WriteAllTextAsync(Journal, new string('?', 5_000), Cancelled);
        _store = new SqliteJournalStore(Journal, []);

        var exception = await Assert.ThrowsAsync<JournalUnavailableException>(() => Store.StartAsync(Cancelled));

        Assert.Contains("not an SQLite database", exception.Message, StringComparison.Ordinal);
        Assert.Equal(new string('?', 5_000), await File.ReadAllTextAsync(Journal, Cancelled));
    }

    [Fact]
    public async Task Redaction_OfADamagedRow_FailsItsAppendAlone()
    {
        await StartAsync(new SqliteJournalOptions());
        await AppendAsync(Events(Room, 1, "a"), Events(Other, 1, "a"));
        await AppendAsync(Events(Room, 2, "b"));
        using (var other = OpenRaw(Journal))
        {
            Execute(other, "UPDATE journal_events SET payload = '[{\"kind\"' WHERE grain = '7' AND first_version = 1");
        }

        var blank = "{}"u8.ToArray();
        var outcomes = await Store.AppendAsync(
            [
                Events(Room, 3, "c") with { Redactions = [new Redaction(2, blank), new Redaction(1, blank)] },
                Events(Other, 2, "b") with { Redactions = [new Redaction(1, blank)] },
            ],
            Cancelled);

        Assert.Equal([AppendOutcome.Conflict, AppendOutcome.Stored], outcomes);
        Assert.Equal(["[{\"kind\"", $"[{Event("b")}]"], await PayloadsAsync(Room));
        Assert.Equal(["[{}]", $"[{Event("b")}]"], await PayloadsAsync(Other));
    }
}
