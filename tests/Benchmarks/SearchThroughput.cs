using System.Diagnostics;
using System.Text;
using RedNote.Journal;
using RedNote.PostgresServer;
using RedNote.Silo.Journal;

namespace RedNote.Benchmarks;

/// <summary>Looking for words in one log of 100,000 messages beside others that hold twice as many.</summary>
internal static class SearchThroughput
{
    private const int Messages = 100_000;
    private const int Rounds = 30;
    private const int RowsAtOnce = 500;

    private static readonly ProjectionTable Table = new(
        "talk",
        keyColumns: 1,
        [new ProjectionColumn("seq", ProjectionType.Integer), new ProjectionColumn("text", ProjectionType.Text)],
        searched: "text");

    private static readonly (string Name, string Words)[] Questions =
    [
        ("in every message", "的"),
        ("beginning of a word in every message", "h"),
        ("two that are in every message", "hello 我们"),
        ("one in a thousand", "奶茶"),
        ("one in a thousand, three characters", "喝奶茶"),
        ("in the older half, in half of it", "昨天"),
        ("two that are never together", "昨天 明天"),
        ("in other logs only", "别处"),
        ("nowhere", "鲸鱼"),
        ("its pairs everywhere, itself nowhere", "天天气气"),
    ];

    internal static async Task Run(string kind)
    {
        var folder = Directory.CreateTempSubdirectory("rednote-benchmark-").FullName;
        await using var server = kind == "postgres" ? await PrivatePostgres.StartAsync() : null;
        IJournalStore store = kind switch
        {
            "memory" => new MemoryJournalStore([Table]),
            "postgres" => new PostgresJournalStore(await server!.CreateDatabase("search"), [Table]),
            _ => new SqliteJournalStore(Path.Combine(folder, SqliteJournalStore.FileName), [Table]),
        };
        await store.StartAsync(CancellationToken.None);
        await Fill(store);
        Console.WriteLine($"{kind}: {Size(folder)} MB");
        foreach (var (name, words) in Questions)
        {
            await Ask(store, name, words);
        }

        await ((store as IAsyncDisposable)?.DisposeAsync() ?? ValueTask.CompletedTask);
        Directory.Delete(folder, recursive: true);
    }

    private static async Task Fill(IJournalStore store)
    {
        var started = Stopwatch.GetTimestamp();
        for (var seq = 1; seq <= Messages; seq += RowsAtOnce)
        {
            JournalAppend[] appends =
            [
                .. new[] { "7", "8", "9" }.Select(grain => new JournalAppend
                {
                    Id = new LogId("group", grain),
                    Changes = [.. Enumerable.Range(seq, RowsAtOnce)
                        .Select(i => new UpsertRow(Table, [i, Text(i) + (grain == "7" ? "" : "别处")]))],
                }),
            ];
            await store.AppendAsync(appends, CancellationToken.None);
        }

        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        Console.WriteLine($"{3 * Messages / seconds:N0} messages a second went in");
    }

    private static string Text(int i)
    {
        var text = new StringBuilder("hello everybody, 我们的群 ").Append(i).Append(" 天天 天气 气气");
        text.Append(i % 1000 == 7 ? "，一起喝奶茶" : "").Append(i % 4 == 1 && i < Messages / 2 ? "，昨天" : "");
        return text.Append(i % 4 == 2 ? "，明天" : "").ToString();
    }

    private static async Task Ask(IJournalStore store, string name, string words)
    {
        var query = new ProjectionQuery(Table) { Grain = "7", Words = words, Descending = true, Limit = 20 };
        var times = new List<double>();
        var found = 0;
        for (var i = 0; i < Rounds; i++)
        {
            var started = Stopwatch.GetTimestamp();
            found = (await store.QueryAsync(query, CancellationToken.None)).Count;
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        times.Sort();
        Console.WriteLine($"  {name}: {found} found, median {times[Rounds / 2]:N1} ms, worst {times[^1]:N1} ms");
    }

    private static long Size(string folder)
        => new DirectoryInfo(folder).EnumerateFiles().Sum(file => file.Length) / 1_000_000;
}
