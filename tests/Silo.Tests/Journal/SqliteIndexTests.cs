using Microsoft.Data.Sqlite;
using RedNote.Journal;
using RedNote.Silo.Journal;

namespace RedNote.Silo.Tests.Journal;

/// <summary>The index that is filled behind, and the rows that it does not have yet.</summary>
public sealed class SqliteIndexTests : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<SqliteJournalStore> _stores = [];

    private string Journal => _folder.File(SqliteJournalStore.FileName);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _stores)
        {
            await store.DisposeAsync();
        }

        _folder.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(50)]
    [InlineData(1_000)]
    public async Task Read_AcrossTheBorder_IsTheSameInBothDirectionsAndAfterARestart(int unindexed)
    {
        await WriteAsync(await StartAsync(unindexed), logs: 9, rows: 40);

        await ExpectAsync(_stores[0], logs: 9, rows: 40);
        await ExpectIndexAsync(unindexed);
        // One that has not written does not know what is not indexed; then one that has.
        var second = await StartAsync(unindexed);
        await ExpectAsync(second, logs: 9, rows: 40);
        await _stores[0].DisposeAsync();
        await second.AppendAsync([Events(Log(0), 81, "more")], Cancelled);
        await ExpectAsync(second, logs: 9, rows: 40);
        Assert.Equal(81, await second.ReadHeadAsync(Log(0), Cancelled));
    }

    [Fact]
    public async Task Read_WhileTheIndexIsFilled_MissesNothingThatWasAcknowledged()
    {
        var store = await StartAsync(unindexed: 20);
        await WriteAsync(store, logs: 5, rows: 1);
        var acknowledged = 1L;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var reading = Enumerable.Range(0, 3).Select(_ => Task.Run(
            async () =>
            {
                for (var reads = 0; !stop.IsCancellationRequested; reads++)
                {
                    var atLeast = Volatile.Read(ref acknowledged);
                    var rows = await store.ReadAsync(
                        Log(reads % 5), new VersionRange(1, NewestFirst: reads % 2 == 0), 10_000, Cancelled);
                    var versions = rows.Select(row => row.FirstVersion).Order().ToList();
                    Assert.Equal(Enumerable.Range(0, versions.Count).Select(i => (2L * i) + 1), versions);
                    Assert.InRange(versions.Count, atLeast, long.MaxValue);
                    Assert.Equal(5, (await store.ListAsync(null, 100, Cancelled)).Count);
                }
            },
            Cancelled)).ToList();
        for (var row = 1; row < 400; row++)
        {
            await store.AppendAsync([.. Enumerable.Range(0, 5).Select(log => Row(log, row))], Cancelled);
            Volatile.Write(ref acknowledged, row + 1);
        }

        await stop.CancelAsync();
        await Task.WhenAll(reading);
        await ExpectIndexAsync(20);
    }

    [Fact]
    public async Task Append_AfterRestart_IsFencedByRowsThatAreNotIndexed()
    {
        await WriteAsync(await StartAsync(unindexed: 50), logs: 3, rows: 20);
        await _stores[0].DisposeAsync();
        var store = await StartAsync(unindexed: 50);

        var outcomes = await store.AppendAsync(
            [Events(Log(0), 39, "stale"), Events(Log(1), 40, "stale"), Events(Log(2), 41, "next")], Cancelled);

        Assert.Equal([AppendOutcome.Conflict, AppendOutcome.Conflict, AppendOutcome.Stored], outcomes);
    }

    [Fact]
    public async Task Redaction_OfBothSides_BlanksThem()
    {
        var store = await StartAsync(unindexed: 30);
        await WriteAsync(store, logs: 1, rows: 50);
        long[] versions = [1, 20, 60, 79, 100];
        Redaction[] blanks = [.. versions.Select(version => new Redaction(version, "{}"u8.ToArray()))];

        await store.AppendAsync([Events(Log(0), 101, "blanked") with { Redactions = blanks }], Cancelled);

        Assert.Equal(30, await NumberAsync("SELECT up_to FROM journal_indexed"));
        var rows = await store.ReadAsync(Log(0), new VersionRange(1, 100), 100, Cancelled);
        var blanked = rows.Where(row => Text(row).Contains("{}", StringComparison.Ordinal));
        Assert.Equal([1, 19, 59, 79, 99], blanked.Select(row => row.FirstVersion));
    }

    [Theory]
    [InlineData(10, 5)]
    [InlineData(70, 35)]
    [InlineData(1_000, 49)]
    public async Task Trim_OnBothSides_DeletesTheOldestAndKeepsTheIndexEqual(long upTo, int trimmed)
    {
        var store = await StartAsync(unindexed: 30);
        await WriteAsync(store, logs: 1, rows: 50);

        Assert.Equal(trimmed, await store.TrimAsync(Log(0), upTo, long.MaxValue, Cancelled));

        var rows = await store.ReadAsync(Log(0), new VersionRange(1), 100, Cancelled);
        Assert.Equal(
            Enumerable.Range(trimmed, 50 - trimmed).Select(i => (2L * i) + 1), rows.Select(row => row.FirstVersion));
        await ExpectIndexAsync(30);
        await store.AppendAsync([Row(0, 50)], Cancelled);
        Assert.Equal(102, await store.ReadHeadAsync(Log(0), Cancelled));
    }

    [Fact]
    public async Task Rows_ChangedByHand_AreReadAsTheyAre()
    {
        var store = await StartAsync(unindexed: 30);
        await WriteAsync(store, logs: 2, rows: 25);

        // The newest row of all goes, and another takes its id; one that is indexed goes, and comes back behind.
        await ExecuteAsync("DELETE FROM journal_events WHERE id = (SELECT max(id) FROM journal_events)");
        await ExecuteAsync("DELETE FROM journal_events WHERE grain = '0' AND first_version IN (3, 47)");
        await ExecuteAsync("UPDATE journal_events SET grain = '2' WHERE grain = '0' AND first_version = 1");
        await ExecuteAsync("""
            INSERT INTO journal_events (log, grain, first_version, count, at, payload)
            VALUES ('room', '0', 47, 2, 1, '[1,1]'), ('room', '0', 3, 2, 1, '[2,2]')
            """);

        await ExpectIndexAsync(30);
        foreach (var reader in (SqliteJournalStore[])[store, await StartAsync(unindexed: 30)])
        {
            var rows = await reader.ReadAsync(Log(0), new VersionRange(1), 100, Cancelled);
            Assert.Equal(Enumerable.Range(1, 24).Select(i => (2L * i) + 1), rows.Select(row => row.FirstVersion));
            Assert.Equal(("[2,2]", "[1,1]"), (Text(rows[0]), Text(rows[22])));
            Assert.Equal(48, await reader.ReadHeadAsync(Log(1), Cancelled));
            Assert.Equal([Log(0), Log(1), Log(2)], await reader.ListAsync(null, 10, Cancelled));
        }

        Assert.Equal([AppendOutcome.Stored], await store.AppendAsync([Row(1, 24)], Cancelled));
    }

    [Fact]
    public async Task Rows_AllDeletedByHand_MakeRoomForNewOnes()
    {
        var store = await StartAsync(unindexed: 5);
        await WriteAsync(store, logs: 2, rows: 25);
        await ExecuteAsync("DELETE FROM journal_events");

        Assert.Equal(0, await store.ReadHeadAsync(Log(0), Cancelled));
        await WriteAsync(store, logs: 2, rows: 25);

        await ExpectAsync(store, logs: 2, rows: 25);
        await ExpectIndexAsync(5);
    }

    [Fact]
    public async Task Start_AfterTheIndexWasEmptiedByHand_MakesItAnew()
    {
        await WriteAsync(await StartAsync(unindexed: 5), logs: 3, rows: 25);
        await _stores[0].DisposeAsync();
        await ExecuteAsync("DELETE FROM journal_index");
        await ExecuteAsync("UPDATE journal_indexed SET up_to = 0");

        var store = await StartAsync(unindexed: 5);

        await ExpectIndexAsync(5);
        await ExpectAsync(store, logs: 3, rows: 25);
    }

    [Fact]
    public async Task Start_OnTheFirstSchema_MovesTheRows()
    {
        await WriteAsync(await StartAsync(unindexed: 5), logs: 3, rows: 25);
        await _stores[0].DisposeAsync();
        foreach (var sql in (string[])
            [
                "DROP TRIGGER journal_events_deleted", "DROP TRIGGER journal_events_moved", "DROP VIEW journal_log",
                "DROP TABLE journal_index", "DROP TABLE journal_indexed",
                "ALTER TABLE journal_events RENAME TO old",
                """
                CREATE TABLE journal_events (log text NOT NULL, grain text NOT NULL, first_version integer NOT NULL,
                    count integer NOT NULL, at integer NOT NULL, payload text NOT NULL,
                    PRIMARY KEY (log, grain, first_version))
                """,
                "INSERT INTO journal_events SELECT log, grain, first_version, count, at, payload FROM old ORDER BY id",
                "DROP TABLE old", "UPDATE journal_schema SET version = 1",
            ])
        {
            await ExecuteAsync(sql);
        }

        var store = await StartAsync(unindexed: 5);

        await ExpectIndexAsync(5);
        await ExpectAsync(store, logs: 3, rows: 25);
        Assert.Equal([AppendOutcome.Stored], await store.AppendAsync([Row(0, 25)], Cancelled));
    }

    [Fact]
    public async Task Read_WhenABackupOfTheSameRunTookTheFilesPlace_FindsWhatItHas()
    {
        var store = await StartAsync(unindexed: 30);
        await WriteAsync(store, logs: 1, rows: 25);
        await SqliteBackup.CopyAsync(_folder.Path, _folder.File("backup"), Cancelled);
        for (var row = 25; row < 60; row++)
        {
            await store.AppendAsync([Row(0, row)], Cancelled);
        }

        Assert.Equal(30, await NumberAsync("SELECT up_to FROM journal_indexed"));
        foreach (var file in Directory.GetFiles(_folder.Path))
        {
            File.Delete(file);
        }

        File.Move(Path.Combine(_folder.File("backup"), SqliteJournalStore.FileName), Journal);

        // The rows of the backup that are not indexed in it were indexed since, and are not in the tail any more.
        await ExpectAsync(store, logs: 1, rows: 25);
        Assert.Equal([AppendOutcome.Stored], await store.AppendAsync([Row(0, 25)], Cancelled));
        Assert.Equal(52, await store.ReadHeadAsync(Log(0), Cancelled));
    }

    private static LogId Log(int number) => new("room", $"{number}");

    /// <summary>Two events, so that a row may hold the begin of a range.</summary>
    private static JournalAppend Row(int log, int row) => Events(Log(log), (2 * row) + 1, $"{log} {row}", "second");

    private static async Task WriteAsync(SqliteJournalStore store, int logs, int rows)
    {
        for (var row = 0; row < rows; row++)
        {
            var outcomes = await store.AppendAsync(
                [.. Enumerable.Range(0, logs).Select(log => Row(log, row))], Cancelled);
            Assert.All(outcomes, outcome => Assert.Equal(AppendOutcome.Stored, outcome));
        }
    }

    private static async Task ExpectAsync(SqliteJournalStore store, int logs, int rows)
    {
        Assert.Equal(
            Enumerable.Range(0, logs).Select(Log), await store.ListAsync(null, 100, Cancelled));
        Assert.Equal(logs == 1 ? [] : [Log(1)], await store.ListAsync(Log(0), 1, Cancelled));
        var last = 2L * rows;
        for (var log = 0; log < logs; log++)
        {
            VersionRange[] ranges =
            [
                new(1, last), new(2, last), new(last - 3, last), new(8, 15), new((last / 2) - 1, (last / 2) + 6),
            ];
            foreach (var (range, limit) in ranges.SelectMany(_ => (int[])[1, 3, 1_000], (range, max) => (range, max)))
            {
                var expected = Enumerable.Range(0, rows).Select(row => Row(log, row))
                    .Where(row => row.LastVersion >= range.From && row.FirstVersion <= range.To).ToList();
                var found = await store.ReadAsync(Log(log), range, limit, Cancelled);
                Assert.Equal(expected.Take(limit).Select(Payload), found.Select(Text));
                found = await store.ReadAsync(Log(log), range with { NewestFirst = true }, limit, Cancelled);
                Assert.Equal(expected.AsEnumerable().Reverse().Take(limit).Select(Payload), found.Select(Text));
            }
        }

        static string Payload(JournalAppend append) => System.Text.Encoding.UTF8.GetString(append.Payload.Span);
    }

    /// <summary>The index has exactly the rows up to where it says it goes, and no more are without it than may be.
    /// </summary>
    private async Task ExpectIndexAsync(int unindexed)
    {
        const string rows = """
            SELECT log, grain, first_version, id FROM journal_events WHERE id <= (SELECT up_to FROM journal_indexed)
            """;
        const string all = "SELECT log, grain, first_version, id FROM journal_events";
        const string index = "SELECT log, grain, first_version, id FROM journal_index";
        Assert.Equal(0, await NumberAsync($"SELECT count(*) FROM ({rows} EXCEPT {index})"));
        Assert.Equal(0, await NumberAsync($"SELECT count(*) FROM ({index} EXCEPT {all})"));
        // While a pass goes over so many rows, as many come at most; and each append of a test has up to nine.
        Assert.InRange(
            await NumberAsync("SELECT count(*) FROM journal_events WHERE id > (SELECT up_to FROM journal_indexed)"),
            0,
            (unindexed * 2) + 18);
    }

    private async Task<SqliteJournalStore> StartAsync(int unindexed)
    {
        var store = new SqliteJournalStore(Journal, [], new SqliteJournalOptions { UnindexedRows = unindexed });
        _stores.Add(store);
        await store.StartAsync(Cancelled);
        return store;
    }

    private async Task<long> NumberAsync(string sql)
    {
        await using var connection = await OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)(await command.ExecuteScalarAsync(Cancelled))!;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = await OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(Cancelled);
    }

    private async Task<SqliteConnection> OpenAsync()
    {
        var connection = new SqliteConnection($"Data Source={Journal};Pooling=False");
        await connection.OpenAsync(Cancelled);
        return connection;
    }
}
