using System.Diagnostics;
using Microsoft.Data.Sqlite;
using RedNote.Journal;
using RedNote.Silo.Journal;

namespace RedNote.Silo.Tests.Journal;

/// <summary>Queues, cancelling, closing, and what a killed process leaves behind.</summary>
public sealed class SqliteLifetimeTests : IDisposable
{
    private static readonly LogId Room = new("room", "7");

    private readonly TempFolder _folder = new();

    private string Journal => _folder.File(SqliteJournalStore.FileName);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Dispose_WithCallsWaiting_EndsThemFirst()
    {
        var store = await StartAsync();
        var appends = Enumerable.Range(1, 200)
            .Select(version => store.AppendAsync([Events(Room, version, "a")], Cancelled)).ToList();
        var reads = Enumerable.Range(1, 20).Select(_ => store.ReadHeadAsync(Room, Cancelled)).ToList();

        await store.DisposeAsync();

        Assert.All(appends, append => Assert.Equal(AppendOutcome.Stored, Assert.Single(append.Result)));
        Assert.All(reads, read => Assert.True(read.IsCompletedSuccessfully));
        // Folded into one file, so that it can be copied away as it is.
        Assert.Equal([Journal], Directory.GetFiles(_folder.Path));
        await using var again = await StartAsync();
        Assert.Equal(200, await again.ReadHeadAsync(Room, Cancelled));
    }

    [Fact]
    public async Task Calls_AfterDispose_AreRefused()
    {
        var store = await StartAsync();
        await store.DisposeAsync();
        await store.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => store.AppendAsync([Events(Room, 1, "a")], Cancelled));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => store.ReadHeadAsync(Room, Cancelled));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => store.ProbeAsync(Cancelled));
    }

    [Fact]
    public async Task Append_CancelledBeforeItBegan_IsNotStored()
    {
        await using var store = await StartAsync(new SqliteJournalOptions { BusyTimeoutMs = 30_000 });
        using var other = Lock();
        var first = store.AppendAsync([Events(Room, 1, "a")], Cancelled);
        using var cancel = new CancellationTokenSource();
        var second = store.AppendAsync([Events(Room, 2, "b")], cancel.Token);
        var probe = store.ProbeAsync(cancel.Token);
        await cancel.CancelAsync();

        // Who asks for the store's health is free at once, though the writer waits.
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => probe);
        other.Dispose();
        Assert.Equal([AppendOutcome.Stored], await first);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.Equal(1, await store.ReadHeadAsync(Room, Cancelled));
    }

    [Fact]
    public async Task Keys_WhileAnotherProgramWrites_CanBeRead()
    {
        var keys = new SqliteProtectionKeys(Journal, new SqliteJournalOptions { BusyTimeoutMs = 0 });
        keys.Add("key-1", "<key/>");
        await using var store = await StartAsync();
        using var other = Lock();

        Assert.Equal(["<key/>"], keys.ReadAll());
        var exception = Assert.Throws<JournalUnavailableException>(() => keys.Add("key-2", "<key/>"));
        Assert.Contains("another program holds it locked", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("UPDATE journal_schema SET version = 1000", "newer version")]
    [InlineData("DELETE FROM journal_schema", "does not say of which schema")]
    [InlineData("DROP TABLE journal_schema", "does not say of which schema")]
    public async Task Keys_InAFileOfAnotherSchema_AreRefused(string change, string why)
    {
        await using var store = await StartAsync();
        Execute(change);
        var keys = new SqliteProtectionKeys(Journal);

        var exception = Assert.Throws<JournalSchemaException>(() => keys.ReadAll());
        Assert.Contains(why, exception.Message, StringComparison.Ordinal);
        Assert.Throws<JournalSchemaException>(() => keys.Add("key-1", "<key/>"));
    }

    [Fact]
    public async Task Calls_BeyondTheQueue_FailAtOnce()
    {
        await using var store = await StartAsync(
            new SqliteJournalOptions { BusyTimeoutMs = 30_000, QueuedCalls = 5 });
        using var other = Lock();
        var probes = Enumerable.Range(0, 10).Select(_ => store.ProbeAsync(Cancelled)).ToList();

        // One is under way or was about to be; five wait.
        Assert.InRange(probes.Count(probe => probe.IsFaulted), 4, 5);
        var exception = await Assert.ThrowsAsync<JournalUnavailableException>(() => probes[^1]);
        Assert.Contains("overloaded", exception.Message, StringComparison.Ordinal);
        other.Dispose();
        await Task.WhenAll(probes.Where(probe => !probe.IsFaulted));
        await store.ProbeAsync(Cancelled);
    }

    [Fact]
    public async Task Append_Acknowledged_IsInTheFilesOfAProcessThatIsKilled()
    {
        await using var store = await StartAsync();
        for (var version = 1; version <= 50; version++)
        {
            await store.AppendAsync([Events(Room, version, "a")], Cancelled);
        }

        // What a killed process leaves is what the files hold at that moment. Another process copies them: opening them
        // in this one past SQLite would end the store's locks.
        var image = Directory.CreateDirectory(_folder.File("image")).FullName;
        using (var copy = Process.Start("cp", [Journal, Journal + "-wal", image]))
        {
            await copy.WaitForExitAsync(Cancelled);
            Assert.Equal(0, copy.ExitCode);
        }

        await using var survivor = new SqliteJournalStore(Path.Combine(image, SqliteJournalStore.FileName), []);
        await survivor.StartAsync(Cancelled);
        Assert.Equal(50, await survivor.ReadHeadAsync(Room, Cancelled));
        Assert.Equal([AppendOutcome.Stored], await survivor.AppendAsync([Events(Room, 51, "b")], Cancelled));
    }

    [Fact]
    public async Task WriteAheadLog_OfManyAppends_StaysSmall()
    {
        await using var store = await StartAsync(new SqliteJournalOptions { CheckpointPages = 100 });
        for (var version = 1; version <= 300; version++)
        {
            await store.AppendAsync([Events(Room, version, new string('x', 20_000))], Cancelled);
        }

        Assert.InRange(new FileInfo(Journal).Length, 5_000_000, 20_000_000);
        Assert.InRange(new FileInfo(Journal + "-wal").Length, 1, 1_000_000);
    }

    private async Task<SqliteJournalStore> StartAsync(SqliteJournalOptions? options = null)
    {
        var store = new SqliteJournalStore(Journal, [], options);
        await store.StartAsync(Cancelled);
        return store;
    }

    /// <summary>Another program that writes; it ends when it is disposed of.</summary>
    private SqliteConnection Lock()
    {
        var other = new SqliteConnection($"Data Source={Journal};Pooling=False");
        other.Open();
        Execute(other, "BEGIN IMMEDIATE");
        return other;
    }

    /// <summary>Runs a statement past the store.</summary>
    private void Execute(string sql)
    {
        using var other = new SqliteConnection($"Data Source={Journal};Pooling=False");
        other.Open();
        Execute(other, sql);
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
