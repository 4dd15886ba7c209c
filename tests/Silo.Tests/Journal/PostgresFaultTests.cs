using System.Text;
using Npgsql;
using RedNote.Journal;
using RedNote.PostgresServer;
using RedNote.Silo.Journal;

namespace RedNote.Silo.Tests.Journal;

/// <summary>What the store does when the database or the way to it fails; on a server of the tests' own.</summary>
public sealed class PostgresFaultTests : IAsyncLifetime
{
    private static readonly ProjectionTable Texts = new(
        "texts", 1, [new("version", ProjectionType.Integer), new("text", ProjectionType.Text)]);

    private static readonly LogId Room = new("room", "7");
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private PrivatePostgres _server = null!;
    private PostgresJournalStore _store = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(PrivatePostgres.WhyNot is not null, PrivatePostgres.WhyNot ?? "");
        _server = await PrivatePostgres.StartAsync();
        _store = Open(_server.ConnectionString);
        await _store.StartAsync(Cancelled);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _store.DisposeAsync();
            await _server.DisposeAsync();
        }
    }

    private static PostgresJournalStore Open(string connectionString, int timeoutMs = 30_000)
        => new(connectionString, [Texts], new PostgresJournalOptions { TimeoutMs = timeoutMs });

    private static JournalAppend Event(LogId id, long version, string text = "a") => new()
    {
        Id = id,
        FirstVersion = version,
        Count = 1,
        At = version,
        Payload = Encoding.UTF8.GetBytes($$"""[{"text":"{{text}}"}]"""),
        Changes = [new UpsertRow(Texts, [version, text])],
    };

    private Task ExecuteAsync(string sql) => PostgresFixture.ExecuteAsync(_server.ConnectionString, sql);

    private Task EndConnectionsAsync() => ExecuteAsync(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'RedNote journal'");

    private static async Task<JournalUnavailableException> ExpectFailureAsync(
        PostgresJournalStore store, JournalAppend append)
        => await Assert.ThrowsAsync<JournalUnavailableException>(() => store.AppendAsync([append], Cancelled));

    private static async Task ExpectStoredAsync(PostgresJournalStore store, JournalAppend append)
        => Assert.Equal([AppendOutcome.Stored], await store.AppendAsync([append], Cancelled));

    [Fact]
    public async Task Server_StoppedUnderLoadAndStartedAgain_HasAllThatWasAnsweredAndNothingByHalves()
    {
        var stored = 0L;
        var enough = new TaskCompletionSource();
        var appends = Task.Run(
            async () =>
            {
                for (var version = 1L; ; version++)
                {
                    await ExpectStoredAsync(_store, Event(Room, version, $"text {version}"));
                    stored = version;
                    if (version == 50)
                    {
                        enough.SetResult();
                    }
                }
            },
            Cancelled);
        await Task.WhenAny(enough.Task, appends);

        await _server.Stop();
        await Assert.ThrowsAsync<JournalUnavailableException>(() => appends);
        await ExpectFailureAsync(_store, Event(Room, stored + 1));
        await Assert.ThrowsAsync<JournalUnavailableException>(() => _store.ProbeAsync(Cancelled));
        await Assert.ThrowsAsync<JournalUnavailableException>(() => _store.ReadHeadAsync(Room, Cancelled));
        await _server.Resume();

        // The same store goes on. The append that failed may have been stored or not, but not in part.
        await _store.ProbeAsync(Cancelled);
        var head = await _store.ReadHeadAsync(Room, Cancelled);
        Assert.InRange(head, stored, stored + 1);
        var texts = await _store.QueryAsync(new ProjectionQuery(Texts) { Limit = 100_000 }, Cancelled);
        Assert.Equal(Enumerable.Range(1, (int)head).Select(i => (long)i), texts.Select(row => row.Values[0].Number));
        await ExpectStoredAsync(_store, Event(Room, head + 1));
    }

    [Fact]
    public async Task Connections_EndedByTheServer_AreOpenedAgainAfterOneFailure()
    {
        await ExpectStoredAsync(_store, Event(Room, 1));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _store.ReadHeadAsync(Room, Cancelled)));

        await EndConnectionsAsync();

        await ExpectFailureAsync(_store, Event(Room, 2));
        Assert.Equal(1, await _store.ReadHeadAsync(Room, Cancelled));
        await ExpectStoredAsync(_store, Event(Room, 2));
        await _store.ProbeAsync(Cancelled);
    }

    [Fact]
    public async Task Database_ThatBecomesReadOnlyAndWritableAgain_IsSaidSoAndRecovers()
    {
        await ExpectStoredAsync(_store, Event(Room, 1));

        await ExecuteAsync("ALTER DATABASE postgres SET default_transaction_read_only = on");
        await EndConnectionsAsync();
        await ExpectFailureAsync(_store, Event(Room, 2));
        var refused = await ExpectFailureAsync(_store, Event(Room, 2));
        Assert.Contains("read-only", refused.Message, StringComparison.Ordinal);
        await using var late = Open(_server.ConnectionString);
        var start = await Assert.ThrowsAsync<JournalUnavailableException>(() => late.StartAsync(Cancelled));
        Assert.Contains("read-only", start.Message, StringComparison.Ordinal);
        Assert.Equal(1, await _store.ReadHeadAsync(Room, Cancelled));

        await PostgresFixture.ExecuteAsync(
            $"{_server.ConnectionString};Options=-c default_transaction_read_only=off",
            "ALTER DATABASE postgres RESET default_transaction_read_only");
        await EndConnectionsAsync();
        await ExpectFailureAsync(_store, Event(Room, 2));
        await ExpectStoredAsync(_store, Event(Room, 2));
    }

    [Fact]
    public async Task Role_WithoutPermission_IsNamedInTheFailure_AndNeedsNoneToChangeTables()
    {
        await ExecuteAsync("CREATE ROLE clerk LOGIN");
        var asClerk = new NpgsqlConnectionStringBuilder(_server.ConnectionString) { Username = "clerk" };
        await using var store = Open(asClerk.ConnectionString);

        var refused = await Assert.ThrowsAsync<JournalUnavailableException>(() => store.StartAsync(Cancelled));
        Assert.Contains("clerk lacks a permission", refused.Message, StringComparison.Ordinal);

        await ExecuteAsync("GRANT SELECT ON ALL TABLES IN SCHEMA public TO clerk");
        refused = await Assert.ThrowsAsync<JournalUnavailableException>(() => store.StartAsync(Cancelled));
        Assert.Contains("clerk lacks a permission", refused.Message, StringComparison.Ordinal);

        await ExecuteAsync("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO clerk");
        await store.StartAsync(Cancelled);
        await ExpectStoredAsync(store, Event(Room, 1));
    }

    [Fact]
    public async Task Append_ThatTakesTooLong_FailsInTimeAndIsNotStored()
    {
        await using var store = Open(_server.ConnectionString, timeoutMs: 2_000);
        await ExpectStoredAsync(store, Event(Room, 1));
        await using (var other = new NpgsqlConnection(_server.ConnectionString))
        {
            await other.OpenAsync(Cancelled);
            await using var transaction = await other.BeginTransactionAsync(Cancelled);
            await using var hold = new NpgsqlCommand("LOCK TABLE journal_texts IN EXCLUSIVE MODE", other);
            await hold.ExecuteNonQueryAsync(Cancelled);

            var late = await ExpectFailureAsync(store, Event(Room, 2)).WaitAsync(Limit, Cancelled);
            Assert.Contains("2000 ms", late.Message, StringComparison.Ordinal);
        }

        Assert.Equal(1, await store.ReadHeadAsync(Room, Cancelled));
        await ExpectStoredAsync(store, Event(Room, 2));
    }

    [Fact]
    public async Task Trim_WhileAnAppendKnowsOnlyAnOlderHead_WaitsForItAndForNoneThatComesLater()
    {
        // As long as the trim is to wait; every append beside it has to be done in that time too.
        await using var store = Open(_server.ConnectionString, timeoutMs: 4_000);
        await ExpectStoredAsync(store, Event(Room, 1));
        await using var gate = new NpgsqlConnection(_server.ConnectionString);
        await gate.OpenAsync(Cancelled);
        await RunAsync(gate, "SELECT pg_advisory_lock(1)");
        // As another silo appends, but held up between the look at the head and the row.
        await using var other = new NpgsqlConnection(_server.ConnectionString);
        await other.OpenAsync(Cancelled);
        var stale = RunAsync(other, """
            INSERT INTO journal_events (log, grain, first_version, count, at, payload)
            SELECT 'room', '7', 2, 1, 0, '["stale"]' FROM (SELECT pg_advisory_lock(1) OFFSET 0) AS held
            WHERE 2 = 1 + COALESCE((
                SELECT max(first_version) FROM journal_events WHERE log = 'room' AND grain = '7'), 0)
            ON CONFLICT DO NOTHING
            """);
        await WaitUntilHeldUpAsync(gate);

        await ExpectStoredAsync(store, Event(Room, 2));
        await ExpectStoredAsync(store, Event(Room, 3));
        var trim = store.TrimAsync(Room, 2, long.MaxValue, Cancelled);
        await ExpectStoredAsync(store, Event(Room, 4));
        var gaveUp = await Record.ExceptionAsync(() => trim);
        await RunAsync(gate, "SELECT pg_advisory_unlock(1)");

        Assert.Equal(0, await stale);
        Assert.IsType<JournalUnavailableException>(gaveUp);
        Assert.Equal(2, await store.TrimAsync(Room, 2, long.MaxValue, Cancelled));
        await ExpectStoredAsync(store, Event(Room, 5));
    }

    private static async Task<int> RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteNonQueryAsync(Cancelled);
    }

    private static async Task WaitUntilHeldUpAsync(NpgsqlConnection connection)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        limit.CancelAfter(Limit);
        await using var waits = new NpgsqlCommand(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted", connection);
        while ((long)(await waits.ExecuteScalarAsync(limit.Token))! == 0)
        {
            await Task.Delay(5, limit.Token);
        }
    }

    [Fact]
    public async Task Start_OnNoServer_FailsAndSaysWhereItLooked()
    {
        await _server.Stop();
        await using var store = Open($"{_server.ConnectionString};Password=secret");

        var failure = await Assert.ThrowsAsync<JournalUnavailableException>(() => store.StartAsync(Cancelled));

        Assert.Contains("PostgreSQL at 127.0.0.1:", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failure.ToString(), StringComparison.Ordinal);
    }
}
