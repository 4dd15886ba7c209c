using Microsoft.Data.Sqlite;
using RedNote.Journal;
using RedNote.Silo.Journal;

namespace RedNote.Silo.Tests.Journal;

public sealed class SqliteBackupTests : IDisposable
{
    private static readonly LogId Room = new("room", "7");

    private readonly TempFolder _folder = new();

    private string Data => _folder.File("data");

    private string Copy => _folder.File("copy");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Copy_WhileGrainsAppend_HasEverythingAcknowledgedAndNoSnapshotAheadOfItsLog()
    {
        await using var store = await StartAsync(Data);
        using var snapshots = OpenSnapshots();
        var acknowledged = 0L;
        using var stop = new CancellationTokenSource();
        // As the facet does it: a snapshot of a version is stored once that version is confirmed.
        var appends = Task.Run(
            async () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    var version = Volatile.Read(ref acknowledged) + 1;
                    await store.AppendAsync([Events(Room, version, $"{version}")], CancellationToken.None);
                    Volatile.Write(ref acknowledged, version);
                    Execute(snapshots, $"UPDATE snapshots SET version = {version}");
                }
            },
            Cancelled);

        for (var round = 0; round < 5; round++)
        {
            var target = $"{Copy}-{round}";
            var atLeast = await ReachAsync(() => Volatile.Read(ref acknowledged), 50 * (round + 1), appends);
            var files = await SqliteBackup.CopyAsync(Data, target, Cancelled);
            Assert.Equal(["rednote.db", "journal.db"], files.Select(Path.GetFileName));
            Assert.Equal(files.Order(), Directory.GetFiles(target).Order());
            await ExpectWholeAsync(target, atLeast);
        }

        await stop.CancelAsync();
        await appends;
    }

    private static async Task ExpectWholeAsync(string target, long atLeast)
    {
        var snapshot = (long)Ask(Path.Combine(target, "rednote.db"), "SELECT version FROM snapshots")!;
        await using var copy = await StartAsync(target);
        var rows = await copy.ReadAsync(Room, new VersionRange(1), 1_000_000, Cancelled);
        Assert.Equal(Enumerable.Range(1, rows.Count).Select(i => (long)i), rows.Select(row => row.FirstVersion));
        Assert.InRange(rows.Count, Math.Max(atLeast, snapshot), long.MaxValue);
        Assert.All(rows, row => Assert.Equal($"[{Event($"{row.FirstVersion}")}]", Text(row)));
        Assert.Equal([AppendOutcome.Stored], await copy.AppendAsync([Events(Room, rows.Count + 1, "on")], Cancelled));
        Assert.Equal("ok", Ask(Path.Combine(target, "journal.db"), "PRAGMA integrity_check"));
    }

    [Fact]
    public async Task Copy_WithoutSnapshots_HasTheJournal()
    {
        await using var store = await StartAsync(Data);
        await store.AppendAsync([Events(Room, 1, "a")], Cancelled);

        Assert.Equal(
            [Path.Combine(Copy, "journal.db")], await SqliteBackup.CopyAsync(Data, Copy, Cancelled));
    }

    [Fact]
    public async Task Copy_OverAnotherBackup_IsRefusedAndLeavesThatAlone()
    {
        await using var store = await StartAsync(Data);
        await store.AppendAsync([Events(Room, 1, "a")], Cancelled);
        await SqliteBackup.CopyAsync(Data, Copy, Cancelled);
        await store.AppendAsync([Events(Room, 2, "b")], Cancelled);

        await Assert.ThrowsAsync<IOException>(() => SqliteBackup.CopyAsync(Data, Copy, Cancelled));

        await using var copy = await StartAsync(Copy);
        Assert.Equal(1, await copy.ReadHeadAsync(Room, Cancelled));
    }

    [Fact]
    public async Task Copy_OfNoJournal_SaysWhatIsMissing()
    {
        Directory.CreateDirectory(Data);

        var exception = await Assert.ThrowsAsync<JournalUnavailableException>(
            () => SqliteBackup.CopyAsync(Data, Copy, Cancelled));

        Assert.Contains(Path.Combine(Data, "journal.db"), exception.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Copy));
        Assert.Empty(Directory.GetFiles(Data));
    }

    [Fact]
    public async Task Copy_OfADamagedJournal_IsNoBackup()
    {
        await using (var store = await StartAsync(Data))
        {
            for (var version = 1; version <= 200; version++)
            {
                await store.AppendAsync([Events(Room, version, new string('x', 1_000))], Cancelled);
            }
        }

        var journal = Path.Combine(Data, "journal.db");
        await using (var file = File.OpenWrite(journal))
        {
            file.Position = file.Length / 2;
            file.Write(new byte[8_192]);
        }

        var exception = await Assert.ThrowsAsync<JournalUnavailableException>(
            () => SqliteBackup.CopyAsync(Data, Copy, Cancelled));

        Assert.Contains("damaged", exception.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Copy));
    }

    private static async Task<SqliteJournalStore> StartAsync(string folder)
    {
        var store = new SqliteJournalStore(Path.Combine(folder, SqliteJournalStore.FileName), []);
        await store.StartAsync(Cancelled);
        return store;
    }

    private SqliteConnection OpenSnapshots()
    {
        var snapshots = new SqliteConnection($"Data Source={Path.Combine(Data, "rednote.db")};Pooling=False");
        snapshots.Open();
        Execute(snapshots, "PRAGMA journal_mode = WAL; CREATE TABLE snapshots (version integer)");
        Execute(snapshots, "INSERT INTO snapshots VALUES (0)");
        return snapshots;
    }

    private static async Task<long> ReachAsync(Func<long> read, long wanted, Task source)
    {
        var deadline = TimeProvider.System.GetTimestamp();
        while (read() < wanted && !source.IsCompleted)
        {
            Assert.True(
                TimeProvider.System.GetElapsedTime(deadline) < TimeSpan.FromSeconds(30),
                $"Fewer than {wanted} appends were acknowledged within 30 s.");
            await Task.Yield();
        }

        return read();
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static object? Ask(string file, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
