using System.Collections.Immutable;
using System.Text;
using RedNote.Journal;
using RedNote.Silo.Journal;

namespace RedNote.Silo.Tests.Journal;

/// <summary>What only the PostgreSQL store does: batches of two silos that meet, and changes that are brought down to
/// what remains of them.</summary>
[Collection(PostgresTestGroup.Name)]
public sealed class PostgresBatchTests(PostgresFixture postgres)
{
    private static readonly ProjectionTable Things = new(
        "things",
        2,
        [
            new("name", ProjectionType.Text), new("number", ProjectionType.Integer), new("text", ProjectionType.Text),
            new("value", ProjectionType.Integer),
        ]);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private static JournalAppend Event(LogId id, long version, string by) => new()
    {
        Id = id,
        FirstVersion = version,
        Count = 1,
        At = version,
        Payload = Encoding.UTF8.GetBytes($$"""["{{by}}"]"""),
        Changes = [new UpsertRow(Things, [by, version, "", 0])],
    };

    [Fact]
    public async Task Batches_OfTwoSilosOnTheSameLogs_EachVersionIsStoredOnceWithItsChanges()
    {
        const int logs = 40;
        const int rounds = 60;
        var database = await postgres.NewDatabaseAsync();
        await using var one = new PostgresJournalStore(database, [Things]);
        await using var two = new PostgresJournalStore(database, [Things]);
        await Task.WhenAll(one.StartAsync(Cancelled), two.StartAsync(Cancelled));
        LogId[] ids = [.. Enumerable.Range(0, logs).Select(i => new LogId("room", $"{i}"))];

        var (byOne, byTwo) = (0, 0);
        for (var version = 1; version <= rounds; version++)
        {
            // In opposite orders, so that they would lock each other out if the store kept to the order of the batch;
            // and now the one, now the other first.
            Func<Task>[] both =
            [
                async () => byOne += await CountStoredAsync(one, "one", version, ids),
                async () => byTwo += await CountStoredAsync(two, "two", version, ids.Reverse()),
            ];
            await Task.WhenAll((version % 2 == 0 ? both : both.Reverse()).Select(race => Task.Run(race, Cancelled)));
        }

        Assert.Equal(logs * rounds, byOne + byTwo);
        Assert.NotEqual(0, byOne);
        Assert.NotEqual(0, byTwo);
        var things = await one.QueryAsync(new ProjectionQuery(Things) { Limit = 100_000 }, Cancelled);
        foreach (var id in ids)
        {
            var rows = await one.ReadAsync(id, new VersionRange(1), 1_000, Cancelled);
            var winners = rows.Select(row => Encoding.UTF8.GetString(row.Payload.Span)[2..^2]).ToList();
            Assert.Equal(Enumerable.Range(1, rounds).Select(i => (long)i), rows.Select(row => row.FirstVersion));
            Assert.Equal(
                winners.Select((by, i) => (by, i + 1L)).Order(),
                things.Where(row => row.Grain == id.Key)
                    .Select(row => (row.Values[0].Text!, row.Values[1].Number)).Order());
        }
    }

    private static async Task<int> CountStoredAsync(
        PostgresJournalStore store, string name, long version, IEnumerable<LogId> ids)
    {
        var outcomes = await store.AppendAsync([.. ids.Select(id => Event(id, version, name))], Cancelled);
        return outcomes.Count(outcome => outcome == AppendOutcome.Stored);
    }

    [Fact]
    public async Task Changes_OfManyKindsInOneBatch_LeaveWhatTheyLeaveOneByOne()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        var memory = new MemoryJournalStore([Things]);
        await using var store = new PostgresJournalStore(await postgres.NewDatabaseAsync(), [Things]);
        await store.StartAsync(Cancelled);
        for (var round = 0; round < 300; round++)
        {
            List<JournalAppend> batch =
            [
                .. Enumerable.Range(0, random.Next(1, 6)).Select(_ => new JournalAppend
                {
                    Id = new LogId("room", $"{random.Next(3)}"),
                    Changes = [.. Enumerable.Range(0, random.Next(1, 8)).Select(_ => Change(random))],
                }),
            ];

            await memory.AppendAsync(batch, Cancelled);
            await store.AppendAsync(batch, Cancelled);

            var expected = await memory.QueryAsync(new ProjectionQuery(Things) { Limit = 1_000 }, Cancelled);
            var found = await store.QueryAsync(new ProjectionQuery(Things) { Limit = 1_000 }, Cancelled);
            Assert.True(
                expected.Select(Line).SequenceEqual(found.Select(Line)),
                $"Seed {seed}, round {round}: expected\n{Lines(expected)}\nbut found\n{Lines(found)}");
        }
    }

    [Fact]
    public async Task Texts_ThatPostgresCannotHold_ComeBackAsTheyWereAndKeepTheirOrder()
    {
        string[] texts =
            ["", "\0", "\0\0", "\0a", "\u0001", "\u0001\u0001", "\u0001\u0002", "\u0002", "a\0b", "a\u0001"];
        await using var store = new PostgresJournalStore(await postgres.NewDatabaseAsync(), [Things]);
        await store.StartAsync(Cancelled);
        var id = new LogId("room", "zero\0key");

        await store.AppendAsync(
            [
                Event(id, 1, "nul\\u0000") with
                {
                    Changes = [.. texts.Select(text => new UpsertRow(Things, [text, 1, text, 1]))],
                },
            ],
            Cancelled);

        var rows = await store.QueryAsync(new ProjectionQuery(Things) { Grain = id.Key, Limit = 100 }, Cancelled);
        Assert.Equal(texts, rows.Select(row => row.Values[0].Text));
        Assert.Equal(texts, rows.Select(row => row.Values[2].Text));
        Assert.All(rows, row => Assert.Equal(id.Key, row.Grain));
        Assert.Equal([id], await store.ListAsync(null, 10, Cancelled));
        var above = new ColumnMatch("name", Comparison.Above, "\0a");
        await store.AppendAsync([new() { Id = id, Changes = [new DeleteRows(Things, [above])] }], Cancelled);
        rows = await store.QueryAsync(new ProjectionQuery(Things) { Limit = 100 }, Cancelled);
        Assert.Equal(texts[..4], rows.Select(row => row.Values[0].Text));
    }

    [Fact]
    public async Task Texts_WithHalfASurrogatePair_LoseItAndHarmNobodyElse()
    {
        await using var store = new PostgresJournalStore(await postgres.NewDatabaseAsync(), [Things]);
        await store.StartAsync(Cancelled);

        await store.AppendAsync(
            [
                new()
                {
                    Id = new LogId("room", "1"),
                    Changes =
                    [
                        new UpsertRow(Things, ["\uD83C", 1, "", 1]), new UpsertRow(Things, ["\uDF89", 1, "", 2]),
                    ],
                },
                new() { Id = new LogId("room", "2"), Changes = [new UpsertRow(Things, ["🎉", 1, "", 1])] },
            ],
            Cancelled);

        var rows = await store.QueryAsync(new ProjectionQuery(Things) { Limit = 100 }, Cancelled);
        Assert.Equal(["\uFFFD 2", "🎉 1"], rows.Select(row => $"{row.Values[0]} {row.Values[3]}"));
    }

    private static string Line(ProjectionRow row) => $"{row.Grain}: {string.Join(' ', row.Values)}";

    private static string Lines(IEnumerable<ProjectionRow> rows) => string.Join('\n', rows.Select(Line));

    private static ProjectionChange Change(Random random)
    {
        if (random.Next(3) > 0)
        {
            return new UpsertRow(Things, [Name(), random.Next(4), Text(), Value()]);
        }

        ImmutableArray<ColumnMatch> all =
        [
            new("name", Any(), Name()), new("number", Any(), random.Next(4)), new("text", Any(), Text()),
            new("value", Any(), Value()),
        ];
        return new DeleteRows(Things, [.. all.Where(_ => random.Next(3) == 0)]);

        Comparison Any() => (Comparison)random.Next(5);
        string Name() => random.Next(3) switch { 0 => "a", 1 => "\uFF01", _ => "🎉" };
        ProjectionValue Text() => random.Next(4) == 0 ? ProjectionValue.Null : Name();
        ProjectionValue Value() => random.Next(4) == 0 ? ProjectionValue.Null : random.Next(5);
    }
}
